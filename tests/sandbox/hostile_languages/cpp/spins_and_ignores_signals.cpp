// ending: cpu_limit
#include <assert.h>
#include <signal.h>
volatile bool on = true;
long twice(long x) {
    for (int number = 1; number < 32; number++) signal(number, SIG_IGN);
    while (on) {}
    return 1;
}
