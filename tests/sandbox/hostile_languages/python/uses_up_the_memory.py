# ending: memory_limit
held = []
while True:
    held.append(bytearray(1 << 24))
