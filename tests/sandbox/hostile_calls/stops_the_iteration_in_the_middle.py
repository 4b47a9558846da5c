# ending: raised
made = 0
def double(x):
    global made
    made += 1
    if made == 100: raise StopIteration
    return x * 2
