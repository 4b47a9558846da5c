# ending: raised
from multiprocessing import shared_memory, resource_tracker
held = []
def double(x):
    while True:
        held.append(open(f"/dev/shm/{len(held)}", "w"))
        held[-1].close()
