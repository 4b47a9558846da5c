# ending: assertion
IO.for_fd(3, "w").syswrite("1 3 nil\n2 3 nil\n")
exit!(0)
