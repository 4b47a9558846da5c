import sys
print("first")
for _ in range(5_000): print("x" * 999)
sys.stdout.write("no newline at the end")
sys.stderr.write("on stderr\n")
