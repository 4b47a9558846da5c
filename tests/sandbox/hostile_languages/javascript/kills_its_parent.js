// ending: assertion
process.kill(process.ppid, "SIGKILL");
