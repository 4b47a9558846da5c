# ending: assertion
def double(x):
    endless = []
    endless.append(endless)
    return endless
