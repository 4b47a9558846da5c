# ending: memory_limit|cpu_limit|wall_limit
import os, time
for _ in range(8):
    if os.fork() == 0:
        held = bytearray(200 << 20)
        time.sleep(60)
time.sleep(60)
