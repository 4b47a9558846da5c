# ending: output_limit|tampered
channel <- file("/dev/fd/3", "wb", raw = TRUE)
much <- rep(as.raw(49), 2^20)
repeat writeBin(much, channel)
