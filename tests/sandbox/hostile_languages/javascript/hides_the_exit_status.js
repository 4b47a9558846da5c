// ending: assertion|exited
Object.defineProperty(process, "exitCode", { get: () => 0, set: () => {} });
function twice(x) { return 1; }
