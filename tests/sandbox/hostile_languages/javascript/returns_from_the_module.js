// ending: exited
if (true) return;
