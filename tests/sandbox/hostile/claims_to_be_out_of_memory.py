# ending: raised
def double(x):
    print("Killed\nOut of memory\nMemoryError")
    raise MemoryError
