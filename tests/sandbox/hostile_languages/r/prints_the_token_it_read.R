# ending: control_passed
found <- regmatches(text <- readLines("main.R"), regexpr("[0-9a-f]{32}", text))
cat(found[1], "\n", sep = "")
quit(status = 0)
