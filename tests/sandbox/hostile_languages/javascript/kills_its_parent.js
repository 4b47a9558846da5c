// ending: raised
process.kill(process.ppid, "SIGKILL");
