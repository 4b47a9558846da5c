"""A table of attempts to get out, or to stay: what was tried, and what the program itself saw stop it.

Each program prints how its attempts ended, by the kernel's own name for it, and goes on as an honest one. After each,
a second program on the same container looks for what is left, and the host looks at the container's processes.
"""

import os
from dataclasses import dataclass, field

import pytest
from sandbox_jobs import HONEST, NOTHING_IS_LEFT, job

from codecrucible.sandbox import Ending
from codecrucible.sandbox.docker.engine import OURS, connect

pytestmark = [pytest.mark.docker, pytest.mark.timeout(60)]

_PRELUDE = """
import ctypes, errno, os, resource, signal, socket, sys, time
libc = ctypes.CDLL(None, use_errno=True)
def call(number, *arguments):
    if libc.syscall(number, *arguments) < 0:
        raise OSError(ctypes.get_errno(), "")
def attempt(action, *arguments):
    try: action(*arguments); print("done")
    except OSError as error: print(errno.errorcode.get(error.errno, type(error).__name__))
    except BaseException as error: print(type(error).__name__)
"""

_FILL = "def fill(name, size): return os.write(os.open(f'{}/{{name}}', os.O_RDWR | os.O_CREAT), bytes(size))\n"


@dataclass(frozen=True, kw_only=True)
class Probe:
    """One row.

    Attributes:
        name: What is attempted.
        attempts: Source of the attempts.
        seen: Words that the program prints: what stopped each attempt. Alternatives, of which the kernel's age and
            the engine decide, are parted by "|".
        ending: How it ends; by default the program then passes its tests, for it did no harm.
        limits: Of the job.
    """

    name: str
    attempts: str
    seen: str
    ending: Ending = Ending.COMPLETED
    limits: dict = field(default_factory=dict)


PROBES = (
    # --- the network
    Probe(
        name="connect to the internet, to the metadata service and to the gateway",
        attempts="for host in ('1.1.1.1', '169.254.169.254', '172.17.0.1'):\n"
        "    attempt(socket.create_connection, (host, 80), 2)\n",
        seen="EAFNOSUPPORT EAFNOSUPPORT EAFNOSUPPORT",
    ),
    Probe(
        name="look up a name",
        attempts="start = time.monotonic()\nattempt(socket.getaddrinfo, 'example.org', 80)\n"
        "print(time.monotonic() - start < 2)\n",
        seen="gaierror True",
    ),
    Probe(
        name="open sockets of other families",
        attempts="for family in (socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK, socket.AF_PACKET, 40):\n"
        "    attempt(socket.socket, family, socket.SOCK_DGRAM)\n",
        seen="EAFNOSUPPORT EAFNOSUPPORT EAFNOSUPPORT EAFNOSUPPORT EAFNOSUPPORT",
    ),
    # --- other processes
    Probe(
        name="signal the runner",
        attempts="for pid in (1, os.getppid(), -1):\n    for number in (0, 9, 19): attempt(os.kill, pid, number)\n",
        seen="EPERM EPERM EPERM EPERM EPERM EPERM done done done",  # -1: there is nobody but itself, whom it spares
    ),
    Probe(
        name="read the runner's environment, memory, files and root",
        attempts="for pid in (1, os.getppid()):\n"
        "    for name in ('environ', 'mem', 'maps'): attempt(open, f'/proc/{pid}/{name}')\n"
        "    for name in ('fd', 'root', 'cwd'): attempt(os.listdir, f'/proc/{pid}/{name}')\n",
        seen="EACCES EACCES EACCES EACCES EACCES EACCES EACCES EACCES EACCES EACCES EACCES EACCES",
    ),
    Probe(
        name="trace the runner and reach into its memory",
        attempts="attempt(call, 101, 16, 1, 0, 0)\nattempt(call, 310, 1, 0, 0, 0, 0, 0)\n"
        "attempt(call, 311, 1, 0, 0, 0, 0, 0)\nattempt(call, 438, 0, 0, 0)\n",
        seen="EPERM EPERM EPERM EPERM",
    ),
    # --- the kernel
    Probe(
        name="mount, unshare, change the root, join a namespace",
        attempts="attempt(call, 165, b'none', b'/tmp', b'tmpfs', 0, 0)\nattempt(call, 272, 0x10000000)\n"
        "attempt(call, 155, b'/tmp', b'/tmp')\nattempt(os.chroot, '/tmp')\nattempt(call, 308, 0, 0)\n",
        seen="EPERM EPERM EPERM EPERM EPERM",
    ),
    Probe(
        name="keys, bpf, io_uring, performance events, userfaultfd",
        attempts="for call_of in ((250, 0, -3, 1), (321, 0, 0, 0), (425, 1, 0), (298, 0, 0, -1, -1, 0), (323, 0)):\n"
        "    attempt(call, *call_of)\n",
        seen="EPERM EPERM EPERM EPERM EPERM",
    ),
    Probe(
        name="load a module, reboot, swap, set the clock and the host's name, make a device",
        attempts="for call_of in ((175, 0, 0, b''), (169, 0xFEE1DEAD, 672274793, 0, 0), (167, b'/tmp/x', 0)):\n"
        "    attempt(call, *call_of)\n"
        "attempt(time.clock_settime, time.CLOCK_REALTIME, 0)\nattempt(socket.sethostname, 'x')\n"
        "attempt(os.mknod, '/tmp/device', 0o60666, os.makedev(8, 0))\n",
        seen="EPERM EPERM EPERM EPERM EPERM EPERM",
    ),
    Probe(
        name="become somebody else",
        attempts="for change in (os.setuid, os.setgid, os.seteuid):\n"
        "    for number in (0, 15000): attempt(change, number)\n"
        "attempt(os.setgroups, [0])\n",
        seen="EPERM EPERM EPERM EPERM EPERM EPERM EPERM",
    ),
    Probe(
        name="raise its limits, its priority and its worth to the memory killer",
        attempts="for kind in (resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE):\n"
        "    attempt(resource.setrlimit, kind, (1 << 20, 1 << 40))\n"
        "attempt(os.setpriority, os.PRIO_PROCESS, 0, -5)\n"
        "attempt(os.sched_setscheduler, 0, os.SCHED_FIFO, os.sched_param(1))\n"
        "attempt(os.sched_setaffinity, 0, [4000])\n",
        # A priority is answered with success and does not change: `test_no_priority_is_to_be_had_but_the_usual_one`.
        seen="ValueError ValueError ValueError done done EINVAL",
    ),
    # --- files
    Probe(
        name="find an engine's socket",
        attempts="for path in ('/var/run/docker.sock', '/run/docker.sock', '/run/podman/podman.sock',\n"
        "             '/run/containerd/containerd.sock'): attempt(os.stat, path)\n",
        seen="ENOENT ENOENT ENOENT ENOENT",
    ),
    Probe(
        name="read the kernel's memory, change its settings",
        attempts="attempt(lambda: open('/proc/kcore', 'rb').read(1))\n"
        "for path in ('/proc/sys/kernel/core_pattern', '/proc/sysrq-trigger', '/sys/kernel/uevent_helper'):\n"
        "    attempt(open, path, 'w')\nattempt(os.stat, '/dev/mem')\n",
        seen="EACCES|EPERM|ENOENT EACCES|EROFS|ENOENT EACCES|EROFS|ENOENT EACCES|EROFS|ENOENT ENOENT",
    ),
    Probe(
        name="change its control group",
        attempts="for name in ('memory/memory.limit_in_bytes', 'memory.max', 'memory/release_agent', 'x'):\n"
        "    attempt(open, f'/sys/fs/cgroup/{name}', 'w')\n",
        seen="EACCES|ENOENT EACCES|ENOENT|EROFS EACCES|ENOENT EACCES|EROFS",
    ),
    Probe(
        name="write to the image, to site-packages and to what Python runs at its start",
        attempts="for path in ('/etc/passwd', '/usr/lib/python3/dist-packages/evil.pth',\n"
        "             '/usr/lib/python3.11/random.py', '/opt/codecrucible/sandbox/image/player.py',\n"
        "             '/root/.bashrc', '/new'):\n"
        "    attempt(open, path, 'a')\n",
        seen="EACCES|EROFS EACCES|EROFS EACCES|EROFS EACCES|EROFS EACCES EACCES|EROFS",
    ),
    Probe(
        name="execute what it wrote",
        attempts="import mmap, subprocess\n"
        "for folder in ('/tmp', '/dev/shm'):\n"
        "    path = f'{folder}/script'\n"
        "    with open(path, 'w') as file: file.write('#!/bin/sh\\necho out\\n')\n"
        "    os.chmod(path, 0o755)\n"
        "    attempt(subprocess.run, [path])\n"
        "    with open(path, 'r+b') as file:\n"
        "        attempt(mmap.mmap, file.fileno(), 5, mmap.MAP_PRIVATE, mmap.PROT_READ | mmap.PROT_EXEC)\n",
        seen="EACCES EPERM EACCES EPERM",
    ),
    Probe(
        name="make a file that is larger than allowed, sparse or not",
        attempts="attempt(os.truncate, os.open('/tmp/sparse', os.O_RDWR | os.O_CREAT), 1001)\n"
        "attempt(os.pwrite, os.open('/tmp/holes', os.O_RDWR | os.O_CREAT), b'x', 1000)\n"
        "attempt(os.pwrite, os.open('/tmp/holes', os.O_RDWR | os.O_CREAT), b'x', 999)\n",
        seen="EFBIG EFBIG done",
        limits={"file_bytes": 1000},
    ),
    Probe(
        name="fill the scratch folder to its last byte, and one byte more",
        attempts=_FILL.format("/tmp")
        + "print(sum(fill(number, 8 << 20) for number in range(8)) >> 20)\nattempt(fill, 'more', 1)\n",
        seen="64 ENOSPC",
    ),
    Probe(
        name="use up the scratch folder's files, and one more",
        attempts="for number in range(4095): os.close(os.open(f'/tmp/{number}', os.O_CREAT))\n"
        "attempt(os.open, '/tmp/more', os.O_CREAT)\n",
        seen="ENOSPC",
    ),
    Probe(
        name="fill shared memory to its last byte, and one byte more",
        attempts=_FILL.format("/dev/shm")
        + "print(sum(fill(number, 8 << 20) for number in range(2)) >> 20)\nattempt(fill, 'more', 1)\n",
        seen="16 ENOSPC",
    ),
    Probe(
        name="use up shared memory's files, and one more",
        attempts="for number in range(255): os.close(os.open(f'/dev/shm/{number}', os.O_CREAT))\n"
        "attempt(os.open, '/dev/shm/more', os.O_CREAT)\n",
        seen="ENOSPC",
    ),
    Probe(
        name="leave links, pipes and sockets where results might be read",
        attempts="os.symlink('/etc/passwd', '/tmp/result.json')\nos.mkfifo('/tmp/fifo')\n"
        "attempt(os.link, '/etc/passwd', '/tmp/hard')\n"
        "socket.socket(socket.AF_UNIX).bind('/tmp/socket')\n",
        seen="EXDEV",
    ),
    # --- processes, threads, descriptors, memory
    Probe(
        name="start one process more than allowed",
        attempts="started = 0\n"
        "try:\n"
        "    while True:\n"
        "        if os.fork() == 0: time.sleep(60)\n"
        "        started += 1\n"
        "except OSError as error: print(started, errno.errorcode[error.errno])\n",
        seen="9 EAGAIN",
        limits={"processes": 10},
    ),
    Probe(
        name="start one thread more than allowed",
        attempts="import threading\nstarted = 0\nend = threading.Event()\n"
        "try:\n"
        "    while True:\n"
        "        threading.Thread(target=end.wait).start()\n"
        "        started += 1\n"
        "except RuntimeError as error: print(started, error)\n"
        "end.set()\n",
        seen="9 can't start new thread",
        limits={"processes": 10},
    ),
    Probe(
        name="start more processes than the container may have, whatever its job allows",
        attempts="started = 0\n"
        "try:\n"
        "    while True:\n"
        "        if os.fork() == 0: time.sleep(60)\n"
        "        started += 1\n"
        "except OSError as error: print(50 < started < 64, errno.errorcode[error.errno])\n",
        seen="True EAGAIN",
        limits={"processes": 1000},
    ),
    Probe(
        name="open more descriptors than allowed",
        attempts="held = []\n"
        "try:\n"
        "    while True: held.append(os.open('/dev/null', os.O_RDONLY))\n"
        "except OSError as error: print(max(held), errno.errorcode[error.errno])\n"
        "for fd in held: os.close(fd)\n",
        seen="255 EMFILE",
    ),
    Probe(
        name="lock memory",
        attempts="attempt(call, 151, 1)\n",
        seen="EPERM",
    ),
    Probe(
        name="hold memory in files without a name",
        attempts="while True: os.write(os.memfd_create('hidden'), bytes(15 << 20))\n",
        seen="",
        ending=Ending.MEMORY_LIMIT,
        limits={"cpu_s": 10.0},
    ),
    # --- what outlives a process
    Probe(
        name="make message queues, semaphores and memory of System V and of POSIX",
        attempts="for call_of in ((29, 77, 4096, 0o1666), (64, 77, 1, 0o1666), (68, 77, 0o1666),\n"
        "                (240, b'queue', 0o102, 0o600, 0)): attempt(call, *call_of)\n"
        "attempt(os.open, '/dev/mqueue/queue', os.O_CREAT | os.O_RDWR)\n"
        "libc.shm_open(b'/memory', os.O_CREAT | os.O_RDWR, 0o666)\nlibc.sem_open(b'/semaphore', os.O_CREAT, 0o666, 1)\n"
        "print(*sorted(os.listdir('/dev/shm')))\n",
        seen="EPERM EPERM EPERM EPERM EMFILE memory sem.semaphore",
    ),
    Probe(
        name="leave an abstract socket with a listener",
        attempts="server = socket.socket(socket.AF_UNIX)\nserver.bind('\\0left')\nserver.listen()\n"
        "if os.fork() == 0:\n    os.setsid()\n    time.sleep(60)\nprint('listening')\n",
        seen="listening",
    ),
    Probe(
        name="leave a daemon that prints and writes",
        attempts="if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "        while True:\n"
        "            time.sleep(0.005)\n"
        "            for path in ('/tmp/late', '/dev/shm/late'): open(path, 'a').close()\n"
        "            os.write(2, b'late')\n"
        "    os._exit(0)\nprint('left')\n",
        seen="left",
    ),
    # --- time and numbers
    Probe(
        name="stop the clock",
        attempts="time.time = time.monotonic = time.perf_counter = lambda: 0.0\n"
        "signal.setitimer(signal.ITIMER_REAL, 0)\nprint('stopped', flush=True)\ntime.sleep(60)\n",
        seen="stopped",
        ending=Ending.WALL_LIMIT,
        limits={"wall_s": 0.5, "cpu_s": 0.5},
    ),
    Probe(
        name="print a number of ten million digits",
        attempts="attempt(str, 1 << 33_000_000)\n",
        seen="ValueError",
    ),
    Probe(
        name="a line of a hundred megabytes",
        attempts="for _ in range(100): os.write(1, b'x' * (1 << 20))\n",
        seen="",
        ending=Ending.OUTPUT_LIMIT,
    ),
)


def processes_of_programs(client):
    """As the host sees them: lines of `ps` for what is run by a program's user in containers of this process."""
    filters = {"label": [f"{OURS}.owner.pid={os.getpid()}"]}
    lines = []
    for container in client.containers(filters=filters):
        top = client.top(container["Id"], ps_args="-eo uid,pid,args")
        lines += [row for row in top["Processes"] if 20_000 <= int(row[0]) < 60_000]
    return lines


@pytest.fixture(scope="module")
def client(engine):
    client = connect()
    yield client
    client.close()


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.name)
def test_an_attempt_is_stopped_by_the_kernel_and_leaves_nothing(lone_executor, client, probe):
    execution = lone_executor.run(job(_PRELUDE + probe.attempts + HONEST, **probe.limits))
    left = processes_of_programs(client)
    follower = lone_executor.run(job(NOTHING_IS_LEFT))
    assert execution.ending is probe.ending, execution
    if probe.ending is not Ending.OUTPUT_LIMIT:
        expected, got = probe.seen.split(), execution.stdout.split()
        assert len(expected) == len(got), execution
        assert all(word in allowed.split("|") for word, allowed in zip(got, expected, strict=True)), execution
    if probe.ending is Ending.MEMORY_LIMIT:
        assert "the kernel killed" in execution.note, "known from the kernel's counter"
    assert left == []
    assert (follower.ending, follower.stdout, follower.stderr) == (Ending.COMPLETED, "", "")


def test_no_attempt_cost_a_container(lone_executor):
    """It runs after them, in the same file: they all met the same PID 1."""
    assert lone_executor.restarts == 0
