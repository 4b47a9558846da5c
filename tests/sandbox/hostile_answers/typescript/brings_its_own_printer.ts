// ending: compile_error|syntax_error
declare var require: any, process: any, Buffer: any, __filename: string;
const crucibleAnswer: any = (n: number, value: any) => require("fs").writeSync(3, `${n} 4 true\n`);
function answer(n: number): any { return true; }
