// ending: raised|signalled
for (let i = 0; i < 40; i++) require("fs").writeFileSync("/tmp/" + i, Buffer.alloc(8000000));
