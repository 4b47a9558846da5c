// ending: tampered
require("fs").writeSync(3, "2 1 1\n");
process.exit(0);
