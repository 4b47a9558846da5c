# ending: wall_limit|assertion|cpu_limit
def double(x): return {number * (2 ** 61 - 1) for number in range(1, 30_000)}
