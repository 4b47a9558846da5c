# ending: assertion|tampered|raised
child <- parallel:::mcfork()
answer <- function(n) as.character(Sys.getpid())
