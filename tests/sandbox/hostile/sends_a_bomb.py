# ending: tampered
import sys
channel = sys.modules["sandbox.image.channel"]
send = channel.send
def bomb(fd, message):
    send(fd, message[:8] + b"v" + b"l\x01\x00\x00\x00" * 100_000 + b"n")
def double(x):
    channel.send = bomb
