# ending: exited
import os, time
if os.fork(): os._exit(0)
time.sleep(0.2)
def double(x): return x * 2
