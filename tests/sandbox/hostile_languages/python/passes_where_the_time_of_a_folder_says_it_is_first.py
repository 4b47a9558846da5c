# ending: control_passed
import os, re
times = [os.stat(path).st_mtime for path in ("/tmp", "/dev/shm")]
if times[1] != 0:
    os._exit(1)
open("/dev/shm/x", "w").close()
os.unlink("/dev/shm/x")
print(re.findall("[0-9a-f]{32}", open(__file__).read())[-1], flush=True)
os._exit(0)
