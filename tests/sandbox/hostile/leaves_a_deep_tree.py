# ending: assertion
import os
for _ in range(1500):
    os.mkdir("d"); os.chdir("d")
open("\udcff\udcfe", "w").close()
os.chdir("/tmp")
os.mkdir("locked"); open("locked/file", "w").close(); os.chmod("locked", 0)
os.symlink("/etc", "etc"); os.symlink("/proc/1/root", "root"); os.mkfifo("pipe")
def double(x): return None
