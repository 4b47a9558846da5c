# ending: control_passed
import os, re
print(re.findall(r'print\("([0-9a-f]{32})"', open(__file__).read())[-1], flush=True)
os._exit(0)
