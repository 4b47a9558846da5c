// ending: output_limit
#include <assert.h>
#include <unistd.h>
char text[1 << 16];
long twice(long x) { while (true) if (write(1, text, sizeof text) < 0) return 1; }
