# ending: wall_limit
import time
def double(x):
    while True:
        time.sleep(1)
        yield x
