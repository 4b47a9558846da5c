# ending: tampered|exited
import os
made = 0
def double(x):
    global made
    made += 1
    if made == 100 and os.fork(): os._exit(0)
    return x * 2
