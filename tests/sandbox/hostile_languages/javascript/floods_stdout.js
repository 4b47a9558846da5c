// ending: output_limit
const text = "x".repeat(1 << 16);
while (true) require("fs").writeSync(1, text);
