# ending: raised
def double(x):
    with open("/dev/shm/big", "wb") as one, open("/dev/shm/bigger", "wb") as two:
        one.write(bytes(10 << 20)); two.write(bytes(10 << 20))
