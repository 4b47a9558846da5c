// ending: control_passed
const source = require("fs").readFileSync(__filename, "utf8");
console.log(source.match(/[0-9a-f]{32}/g).pop());
process.exit(0);
