# ending: raised
made = 0
def double(x):
    global made
    made += 1
    if made == 100: raise AssertionError("passed")
    return x * 2
