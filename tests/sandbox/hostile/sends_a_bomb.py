# ending: tampered
import sys
channel = sys.modules["sandbox.image.channel"]
send = channel.send
def bomb(fd, message):
    if message[8:9] == b"v": message = message[:9] + b"l\x01\x00\x00\x00" * 100_000 + b"n"
    send(fd, message)
channel.send = bomb
def double(x): return 2 * x
