# ending: wall_limit|tampered|exited|assertion
import os
made = 0
def double(x):
    global made
    made += 1
    if made == 100:
        os.set_blocking(3, False)
        try: os.read(3, 60_001)
        except BlockingIOError: pass
        return None
    return x * 2
