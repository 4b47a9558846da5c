# ending: assertion|signalled|raised|cpu_limit
import sys
sys.setrecursionlimit(10 ** 9)
def double(x):
    nested = x
    for _ in range(1_000_000): nested = [nested]
    return nested
