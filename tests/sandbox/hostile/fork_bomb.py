# ending: cpu_limit
import os
while True:
    try: os.fork()
    except OSError: pass
