# ending: exited
import os
made = 0
def double(x):
    global made
    made += 1
    if made == 100: os._exit(0)
    return x * 2
