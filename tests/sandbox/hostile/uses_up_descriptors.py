# ending: assertion|raised|tampered
import os
held = []
while True:
    try: held.append(os.open("/dev/null", os.O_RDONLY))
    except OSError: break
pairs = []
import socket
while held:
    os.close(held.pop())
    try: pairs.extend(socket.socketpair())
    except OSError: break
def double(x): return None
