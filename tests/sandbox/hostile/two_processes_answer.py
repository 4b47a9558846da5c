# ending: tampered
import os
calls = 0
def double(x):
    global calls
    calls += 1
    if calls == 2 and os.fork():
        os.wait()
    return x * 2
