# ending: cpu_limit
import os, signal
os.nice(19)
try: os.nice(-40)
except OSError: pass
try: os.sched_setaffinity(0, range(64))
except OSError: pass
for policy in (os.SCHED_FIFO, os.SCHED_RR, os.SCHED_IDLE):
    try: os.sched_setscheduler(0, policy, os.sched_param(0))
    except OSError: pass
os.killpg(0, signal.SIGCONT)
while True: pass
