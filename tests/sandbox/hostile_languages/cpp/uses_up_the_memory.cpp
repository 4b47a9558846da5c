// ending: memory_limit
#include <assert.h>
#include <stdlib.h>
#include <string.h>
long twice(long x) { while (true) memset(malloc(1 << 24), 1, 1 << 24); }
