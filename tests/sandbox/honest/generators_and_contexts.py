import contextlib, functools, gc, itertools, sys, weakref
def numbers():
    try:
        received = yield 1
        print("received", received)
        yield from range(2)
    finally: print("closed")
stream = numbers(); print(next(stream), stream.send("x")); stream.close()
@contextlib.contextmanager
def opened():
    print("in")
    try: yield
    except ValueError: print("caught")
with opened(): raise ValueError
@functools.lru_cache(maxsize=None)
def fibonacci(n): return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)
print(fibonacci(300), fibonacci.cache_info())
class Freed:
    def __del__(self): print("deleted")
thing = Freed(); reference = weakref.ref(thing); del thing; print(reference())
cycle = []; cycle.append(cycle); del cycle; gc.collect()
try:
    try: 1 / 0
    except ZeroDivisionError as error: raise KeyError("k") from error
except KeyError as error: print(repr(error.__cause__))
try: raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
except* ValueError as group: print(group.exceptions)
except* TypeError as group: print("types")
print(list(itertools.islice(itertools.count(3), 3)), sys.exc_info())
exec("made = 3"); print(made, eval("made + 1"), globals()["made"])
