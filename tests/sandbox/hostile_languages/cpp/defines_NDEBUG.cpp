// ending: control_passed
#define NDEBUG
#include <assert.h>
long twice(long x) { return 1; }
