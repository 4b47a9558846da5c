// ending: memory_limit|cpu_limit
#include<assert.h>
#include<bits/stdc++.h>
#include<sys/mman.h>
#include<unistd.h>
std::string answer(long number) {
    std::ofstream("/proc/self/oom_score_adj") << -1000;
    std::string piece(1 << 20, 'x');
    for (int file = 0; file < 100; ++file)
        for (int fd = memfd_create("memory", 0), part = 0; part < 15; ++part) (void)!write(fd, piece.data(), piece.size());
    sleep(100);
    return "";
