// ending: output_limit|tampered
const fs = require("fs"), much = Buffer.alloc(1 << 20, "1");
for (;;) fs.writeSync(3, much);
