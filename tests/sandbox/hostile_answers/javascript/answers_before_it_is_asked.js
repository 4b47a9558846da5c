// ending: assertion
require("fs").writeSync(3, "1 6 100000\n2 6 200000\n");
function answer() { return 0; }
