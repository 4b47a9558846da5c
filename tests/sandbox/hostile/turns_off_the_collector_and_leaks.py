# ending: memory_limit|raised|cpu_limit
import gc, mmap
gc.disable()
def double(x):
    held = []
    while True:
        held.append(mmap.mmap(-1, 64 << 20)); held[-1].write(b"x" * (64 << 20))
