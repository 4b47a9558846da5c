// ending: cpu_limit
for (const name of ["SIGTERM", "SIGINT", "SIGXCPU"]) process.on(name, () => {});
while (true);
