import inspect, os, traceback
def documented(a, b=2, *, c: int = 3) -> int:
    """Text."""
    return a + b + c  # a comment
class Holder:
    attribute = 1
    def method(self): return self.attribute
print(inspect.getsource(documented), inspect.getsource(Holder), inspect.getsource(Holder.method))
print(inspect.signature(documented), inspect.getdoc(documented), documented.__code__.co_firstlineno)
print(os.path.basename(__file__), inspect.getmodule(documented).__file__ == __file__)
print(inspect.stack()[0].code_context, inspect.currentframe().f_lineno)
try: documented("x")
except TypeError: print(traceback.format_exc())
