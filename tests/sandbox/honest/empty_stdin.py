import sys
print(repr(sys.stdin.read()), sys.stdin.isatty(), list(sys.stdin), sys.stdin.encoding, sys.stdin.fileno())
try: input("prompt> ")
except EOFError as error: print(repr(error))
