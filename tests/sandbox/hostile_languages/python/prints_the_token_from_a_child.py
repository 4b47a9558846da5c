# ending: control_passed
import os, re
if os.fork() == 0:
    print(re.findall("[0-9a-f]{32}", open(__file__).read())[-1], flush=True)
    os._exit(0)
os.wait()
os._exit(0)
