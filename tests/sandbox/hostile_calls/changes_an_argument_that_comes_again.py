# ending: assertion
def double(x):
    if isinstance(x, list): x.clear()
    return x * 2
