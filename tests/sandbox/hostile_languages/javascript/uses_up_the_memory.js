// ending: memory_limit|cpu_limit|signalled
const held = [];
while (true) held.push(Buffer.alloc(1 << 24, 1));
