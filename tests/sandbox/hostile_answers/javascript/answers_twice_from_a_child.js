// ending: assertion|tampered
const child = "require('fs').writeSync(3, '1 4 true\\n1 4 true\\n')";
require("child_process").spawnSync(process.execPath, ["-e", child], { stdio: [0, 1, 2, 3] });
function answer() { return true; }
