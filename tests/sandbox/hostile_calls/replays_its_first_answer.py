# ending: assertion
first = []
def double(x):
    first.append(2 * x)
    return first[0]
