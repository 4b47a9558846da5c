# ending: output_limit
import os
made = 0
def double(x):
    global made
    made += 1
    while made == 100: os.write(1, b"x" * 60_000)
    return x * 2
