// ending: assertion|signalled
#include <assert.h>
#include <fstream>
#include <string>
long twice(long x) {
    for (int i = 0; i < 40; i++) std::ofstream("/tmp/" + std::to_string(i)) << std::string(8000000, 'x');
    return 1;
}
