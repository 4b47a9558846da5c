// ending: assertion
#include <assert.h>
long twice(long x) { throw 1; }
