// ending: exited
process.on("exit", () => process.reallyExit(0));
function twice(x) { return 1; }
