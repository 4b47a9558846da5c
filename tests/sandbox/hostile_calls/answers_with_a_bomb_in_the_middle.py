# ending: assertion|tampered|memory_limit|cpu_limit
made = 0
def double(x):
    global made
    made += 1
    return [[] for _ in range(3_000_000)] if made == 100 else x * 2
