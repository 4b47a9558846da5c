// ending: assertion|tampered
import core.sys.posix.unistd : fork, getpid;
long answer(long number) { fork(); return getpid(); }
