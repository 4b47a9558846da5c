// ending: signalled
process.kill(process.pid, "SIGKILL");
while (true);
