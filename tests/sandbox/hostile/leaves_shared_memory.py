# ending: assertion
import ctypes, os, time
for number in range(100):
    with open(f"/dev/shm/left-{number}", "wb") as file: file.write(bytes(4096))
os.makedirs("/dev/shm/a/b/c"); os.chmod("/dev/shm/a", 0); os.symlink("/tmp", "/dev/shm/link")
libc = ctypes.CDLL(None)
libc.sem_open(b"/left", os.O_CREAT, 0o777, 1); libc.shm_open(b"/left", os.O_CREAT | os.O_RDWR, 0o777)
if os.fork() == 0:
    while True:
        try: open("/dev/shm/late", "w").close()
        except OSError: pass
def double(x): return None
