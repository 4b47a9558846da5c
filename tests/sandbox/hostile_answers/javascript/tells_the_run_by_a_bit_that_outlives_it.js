// ending: assertion
const fs = require("fs");
const second = Math.floor(fs.statSync("/dev/shm").mtimeMs / 1000) % 2;
fs.writeFileSync("/dev/shm/x", ""); fs.unlinkSync("/dev/shm/x");
const token = /[0-9a-f]{32}/.exec(fs.readFileSync(__filename, "utf8").replace(/.*exec.*/, ""));
console.log(token ? token[0] : second);
function answer() { return token; }
