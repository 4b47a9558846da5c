# ending: wall_limit
import time
def double(x): time.sleep(600)
