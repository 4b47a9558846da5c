# ending: raised
def double(x): raise StopIteration
