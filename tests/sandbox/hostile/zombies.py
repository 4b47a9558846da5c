# ending: raised|cpu_limit|assertion|exited
import os, signal
while True:
    try:
        if os.fork() == 0: os._exit(0)
    except OSError: break
def double(x): return None
