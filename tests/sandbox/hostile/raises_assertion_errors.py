# ending: raised
def double(x): raise AssertionError("passed")
