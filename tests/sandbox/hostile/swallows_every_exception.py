# ending: cpu_limit
def double(x):
    while True:
        try:
            while True: pass
        except BaseException: pass
