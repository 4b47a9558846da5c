# ending: assertion
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True:
            try: open("/tmp/late", "w").close()
            except OSError: pass
            time.sleep(0.01)
    os._exit(0)
os.wait()
def double(x): return None
