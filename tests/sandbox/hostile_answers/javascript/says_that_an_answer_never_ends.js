// ending: assertion|tampered
require("fs").writeSync(3, "1 999999999999999999 ");
process.exit(0);
