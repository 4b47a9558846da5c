# ending: cpu_limit|memory_limit
def double(x): return 10 ** 10 ** 8
