# ending: tampered
import sys
channel = sys.modules["sandbox.image.channel"]
send = channel.send
def double(x):
    channel.send = lambda fd, message: send(fd, message[:8] + b"rexec")
