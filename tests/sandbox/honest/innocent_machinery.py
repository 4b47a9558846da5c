import atexit, ast, builtins, ctypes, gc, importlib, inspect, os, resource, signal, sys, types
class Money:
    def __init__(self, amount): self.amount = amount
    def __eq__(self, other): return isinstance(other, Money) and self.amount == other.amount
    def __hash__(self): return hash(self.amount)
    def __bool__(self): return True
    def __del__(self): pass
class Numbers(list):
    def __getitem__(self, index): return list.__getitem__(self, index % len(self))
class Meters(float): pass
calls = []
def trace(frame, event, argument): calls.append(event)
sys.settrace(trace); len("x"); (lambda: None)(); sys.settrace(None)
print(calls, Money(1) == Money(1), Numbers([1, 2])[5], Meters(2.5) * 2)
original = builtins.sorted
builtins.sorted = lambda items, **options: original(items, **options)
print(sorted([2, 1])); builtins.sorted = original
print(sum(type(found) is Money for found in gc.get_objects()), ctypes.c_int(5).value, ctypes.CDLL(None).abs(-3))
try: sys.exit(3)
except SystemExit as error: print("stayed", error.code)
atexit.register(lambda: None)
sys.setrecursionlimit(5_000)
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
module = types.ModuleType("made"); exec("def made(x): return x", module.__dict__); sys.modules["made"] = module
print(importlib.import_module("made").made(1), inspect.currentframe().f_code.co_name, os.environ.get("HOME"))
fd = os.memfd_create("scratch"); os.write(fd, b"abc"); print(os.pread(fd, 3, 0)); os.close(fd)
random_state = __import__("random").Random(5); print(random_state.randint(1, 100))
result = eval(compile(ast.parse("1 + 2", mode="eval"), "<expression>", "eval")); print(result)
def double(x):
    if isinstance(x, list): return Numbers(list.__mul__(x, 2))
    return Meters(x * 2)
