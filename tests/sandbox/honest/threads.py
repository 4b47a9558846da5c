import queue, threading
results = queue.Queue()
lock = threading.Lock()
total = 0
def work(number):
    global total
    for _ in range(100):
        with lock: total += 1
    results.put(number * number)
threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(total, sorted(results.queue), threading.current_thread() is threading.main_thread())
timer = threading.Timer(0.01, print, ["timer"])
timer.start(); timer.join()
local = threading.local(); local.x = 1
event = threading.Event()
threading.Thread(target=event.set, daemon=True).start()
print(event.wait(5), threading.active_count() <= 2)
