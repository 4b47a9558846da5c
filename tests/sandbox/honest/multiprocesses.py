import multiprocessing
from multiprocessing import shared_memory
def square(number): return number * number
def put(queue, lock, number):
    with lock: queue.put(square(number))
def add(value):
    for _ in range(50):
        with value.get_lock(): value.value += 1
queue, lock = multiprocessing.Queue(), multiprocessing.Lock()
workers = [multiprocessing.Process(target=put, args=(queue, lock, number)) for number in range(4)]
for worker in workers: worker.start()
print(sorted(queue.get() for _ in workers))
for worker in workers: worker.join()
print([worker.exitcode for worker in workers])
value = multiprocessing.Value("i", 0)
workers = [multiprocessing.Process(target=add, args=(value,)) for _ in range(3)]
for worker in workers: worker.start()
for worker in workers: worker.join()
print(value.value)
with multiprocessing.Pool(3) as pool: print(pool.map(square, range(10)), pool.apply(max, (3, 4)))
here, there = multiprocessing.Pipe()
here.send({"a": [1]}); print(there.recv())
memory = shared_memory.SharedMemory(create=True, size=1000)
memory.buf[:3] = b"abc"
again = shared_memory.SharedMemory(memory.name)
print(bytes(again.buf[:3]))
again.close(); memory.close(); memory.unlink()
with multiprocessing.Manager() as manager:
    shared = manager.dict(); shared["x"] = 1; print(dict(shared))
semaphore = multiprocessing.BoundedSemaphore(2)
print(semaphore.acquire(), semaphore.acquire(), semaphore.acquire(timeout=0.01))
def double(x):
    with multiprocessing.Pool(2) as pool: return pool.apply(twice, (x,))
def twice(x): return x * 2
