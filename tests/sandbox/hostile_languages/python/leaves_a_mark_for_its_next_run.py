# ending: control_passed
import os, re
for path in ("/tmp/mark", "/dev/shm/mark", "/tmp/.hidden/mark"):
    if os.path.exists(path):
        os._exit(1)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    open(path, "w").close()
    os.chmod(path, 0o777)
print(re.findall("[0-9a-f]{32}", open(__file__).read())[-1], flush=True)
os._exit(0)
