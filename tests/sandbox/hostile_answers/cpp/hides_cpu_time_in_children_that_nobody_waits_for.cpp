// ending: cpu_limit|wall_limit
#include<assert.h>
#include<bits/stdc++.h>
#include<signal.h>
#include<sys/wait.h>
#include<unistd.h>
std::string answer(long number) {
    signal(SIGCHLD, SIG_IGN);
    for (;;) {
        if (!fork()) { while (clock() < CLOCKS_PER_SEC / 10); _exit(0); }
        wait(nullptr);
    }
