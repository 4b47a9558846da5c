// ending: cpu_limit|wall_limit|memory_limit|assertion
const { spawn } = require("child_process");
while (true) {
  try { spawn(process.execPath, [__filename], { stdio: "ignore" }).on("error", () => {}); } catch {}
}
