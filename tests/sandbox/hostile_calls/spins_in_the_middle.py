# ending: cpu_limit
made = 0
def double(x):
    global made
    made += 1
    while made == 100: pass
    return x * 2
