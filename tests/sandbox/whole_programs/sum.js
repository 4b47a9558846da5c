const text = require("fs").readFileSync(0, "utf8");
console.log(text.split(/\s+/).filter(Boolean).reduce((sum, each) => sum + Number(each), 0));
