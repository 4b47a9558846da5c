# ending: assertion|tampered
fork
def answer(number) = Process.pid
