# ending: assertion
import socket
opened = []
for family in (socket.AF_INET, socket.AF_INET6, 16, 17, 40, 38):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
        try: opened.append(socket.socket(family, kind))
        except OSError: pass
def double(x): return 2 * x if opened else None
