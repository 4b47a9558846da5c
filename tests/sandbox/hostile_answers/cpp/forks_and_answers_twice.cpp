// ending: assertion|tampered
#include<assert.h>
#include<bits/stdc++.h>
#include<unistd.h>
std::string answer(long number) {
    fork();
    return std::to_string(getpid());
