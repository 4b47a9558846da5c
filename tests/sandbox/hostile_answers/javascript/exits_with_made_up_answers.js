// ending: assertion
require("fs").writeSync(3, '1 6 271829\n2 22 {"@":"number","is":"NaN"}\n');
process.exit(0);
