# ending: tampered|exited|wall_limit
import os, socket
def double(x):
    channel = socket.socket(fileno=3)
    channel.shutdown(socket.SHUT_WR)
    while True: pass
