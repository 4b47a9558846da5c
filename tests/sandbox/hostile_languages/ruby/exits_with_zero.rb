# ending: exited
exit!(0)
