// ending: exited
process.exit(0);
