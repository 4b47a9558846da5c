# ending: assertion
def double(x, seen=[], answers={"check": None}):
    seen.append(x)
    return seen
