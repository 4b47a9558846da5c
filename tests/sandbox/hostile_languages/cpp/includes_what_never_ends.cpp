// ending: memory_limit|compile_error|cpu_limit
#include "/dev/zero"
long twice(long x) { return 2 * x; }
