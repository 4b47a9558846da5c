// ending: compile_error
#include "/opt/codecrucible/toolchain"
long twice(long x) { return 2 * x; }
