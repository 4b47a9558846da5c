# ending: assertion
import threading, time
threading.Thread(target=time.sleep, args=(600,)).start()
def double(x): return None
