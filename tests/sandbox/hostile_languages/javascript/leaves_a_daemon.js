// ending: assertion
const script = 'while true; do echo here > /tmp/daemon; sleep 0.01; done';
require("child_process").spawn("sh", ["-c", script], { detached: true, stdio: "ignore" }).unref();
function twice(x) { return 1; }
