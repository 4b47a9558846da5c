# ending: assertion
writeChar("1 3 \"a\"\n2 3 \"a\"\n", file("/dev/fd/3", "wb", raw = TRUE), eos = NULL)
quit(status = 0)
