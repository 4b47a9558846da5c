# ending: output_limit
import os
def double(x):
    while True: os.write(1, b"x" * 65536)
