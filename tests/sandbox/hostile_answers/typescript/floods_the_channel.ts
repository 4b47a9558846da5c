// ending: output_limit|tampered
declare var require: any, process: any, Buffer: any, __filename: string;
function answer(n: number): any { for (;;) require("fs").writeSync(3, Buffer.alloc(1 << 20, "9 9 ")); }
