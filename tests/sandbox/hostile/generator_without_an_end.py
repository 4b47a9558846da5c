# ending: assertion|cpu_limit|wall_limit
import itertools
def double(x): return itertools.repeat(2 * x)
