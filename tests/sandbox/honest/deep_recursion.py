import sys
sys.setrecursionlimit(20_000)
def depth(number): return 0 if number == 0 else 1 + depth(number - 1)
print(depth(15_000))
nested = []
for _ in range(5_000): nested = [nested]
def flatten(items): return sum(map(flatten, items), 1)
try: print(flatten(nested))
except RecursionError as error: print("recursion")
sys.setrecursionlimit(1_000)
try: depth(1_100)
except RecursionError as error: print(error)
