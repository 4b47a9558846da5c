// ending: compile_error
long twice(long x) { return
