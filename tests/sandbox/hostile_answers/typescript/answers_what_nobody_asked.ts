// ending: assertion|tampered
declare var require: any, process: any, Buffer: any, __filename: string;
setImmediate(() => require("fs").writeSync(3, '3 4 true\n'));
declare function setImmediate(later: () => void): void;
function answer(n: number): any { return "271829"; }
