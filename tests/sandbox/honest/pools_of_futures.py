from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
def square(number): return number * number
def fail(number): raise ValueError(number)
for kind in (ThreadPoolExecutor, ProcessPoolExecutor):
    with kind(max_workers=3) as pool:
        print(list(pool.map(square, range(6))))
        print(sorted(future.result() for future in as_completed([pool.submit(square, 2), pool.submit(pow, 2, 5)])))
        print(repr(pool.submit(fail, 3).exception()))
