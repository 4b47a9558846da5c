# ending: cpu_limit
import os, time
began = time.time()
while time.time() - began < 20:
    if os.fork() == 0:
        if os.fork() == 0:
            mine = time.process_time()
            while time.process_time() - mine < 0.05: pass
        os._exit(0)
    os.wait()
    time.sleep(0.06)
def double(x): return x * 2
