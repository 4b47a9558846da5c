// ending: wall_limit
setInterval(() => {}, 1000);
function twice(x) { return 2 * x; }
