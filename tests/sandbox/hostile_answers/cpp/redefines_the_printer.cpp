// ending: compile_error
#include<assert.h>
#include<bits/stdc++.h>
namespace crucible_printer { template <class R, class T> void crucible_answer(int, T const &) {} }
std::string answer(long number) {
    return "";
