// ending: cpu_limit|wall_limit
#include <assert.h>
#include <unistd.h>
long twice(long x) { while (true) fork(); }
