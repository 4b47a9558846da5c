# ending: cpu_limit
import threading, time
def burn():
    mine = time.thread_time()
    while time.thread_time() - mine < 0.05: pass
began = time.time()
while time.time() - began < 20:
    thread = threading.Thread(target=burn)
    thread.start()
    thread.join()
def double(x): return x * 2
