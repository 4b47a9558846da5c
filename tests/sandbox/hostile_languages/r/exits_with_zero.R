# ending: exited
quit(status = 0)
