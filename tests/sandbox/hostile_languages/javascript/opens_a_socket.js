// ending: assertion
require("net").connect(53, "1.1.1.1");
function twice(x) { return 1; }
