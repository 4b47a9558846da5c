// ending: assertion|tampered
declare var require: any, process: any, Buffer: any, __filename: string;
const threads = require("worker_threads");
const shared = new Int32Array(new SharedArrayBuffer(4));
new threads.Worker("require('fs').writeSync(3, '1 4 true\\n'); Atomics.notify(require('worker_threads').workerData, 0)",
  { eval: true, workerData: shared });
function answer(n: number): any { Atomics.wait(shared, 0, 0, 300); return true; }
