# ending: tampered|exited
import os
def double(x):
    for fd in range(3, 64):
        try:
            for _ in range(50): os.write(fd, b"+" + b"A" * 50_000)
        except OSError: pass
    os._exit(0)
