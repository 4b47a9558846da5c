import os, subprocess, sys
done = subprocess.run([sys.executable, "-c", "import sys; print(sys.stdin.read().upper()); sys.exit(3)"],
                      input="text", capture_output=True, text=True)
print(done.returncode, done.stdout)
print(subprocess.check_output("echo $((1 + 2)) | cat; pwd", shell=True, text=True))
print(os.popen("printf abc").read(), os.system("exit 5") >> 8)
try: subprocess.run(["sleep", "60"], timeout=0.05)
except subprocess.TimeoutExpired as error: print(type(error).__name__)
try: subprocess.run(["no-such-program"])
except FileNotFoundError as error: print(error)
pid = os.fork()
if pid == 0: os._exit(7)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
