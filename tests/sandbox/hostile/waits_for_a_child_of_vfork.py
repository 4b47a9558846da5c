# ending: wall_limit
import subprocess
# The child of a vfork holds its parent up until it is another program, which a fifo without a writer keeps it from.
import os
os.mkfifo("never")
os.chmod("never", 0o700)
subprocess.run(["/bin/sh", "never"], close_fds=False)
def double(x): return x * 2
