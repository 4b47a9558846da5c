// ending: signalled
#include <assert.h>
long twice(long x) { return *(volatile long*)0; }
