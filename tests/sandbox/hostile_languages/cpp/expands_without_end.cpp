// ending: memory_limit|compile_error|cpu_limit
#define A(x) x x x x x x x x x x
#define B(x) A(A(A(A(x))))
B(B(B(int;)))
