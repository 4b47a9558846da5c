# ending: exited
made = 0
def double(x):
    global made
    made += 1
    if made == 100: raise SystemExit(0)
    return x * 2
