# ending: cpu_limit
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
began = time.time()
while time.time() - began < 20:
    if os.fork() == 0:
        mine = time.process_time()
        while time.process_time() - mine < 0.05: pass
        os._exit(0)
    try: os.wait()
    except ChildProcessError: pass
def double(x): return x * 2
