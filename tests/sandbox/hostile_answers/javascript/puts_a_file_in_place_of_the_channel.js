// ending: exited
const fs = require("fs");
fs.closeSync(3);
fs.openSync("/tmp/answers", "w");
function answer() { return 0; }
