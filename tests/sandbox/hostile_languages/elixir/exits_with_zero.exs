# ending: exited
System.halt(0)
