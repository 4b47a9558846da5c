"""One sample must not teach the next: a program tries to leave a bit, and the next reads the same whatever it was."""

import ast
from dataclasses import dataclass
from itertools import pairwise

import pytest
from sandbox_jobs import checking, job

from codecrucible.sandbox import Change, DockerExecutor, Ending, ExitCodeCheck

pytestmark = [pytest.mark.slow, pytest.mark.docker, pytest.mark.timeout(120)]


@dataclass(frozen=True, kw_only=True)
class Carrier:
    """Something that may outlive a program.

    Attributes:
        name: For a person.
        leave: Source that leaves `bit` in it.
        read: Expression that says what is there.
        open_within: Whether a program can read what it left itself. Where it cannot, nobody can leave anything.
    """

    name: str
    leave: str
    read: str
    open_within: bool


TOUCH = "os.close(os.open('{0}/x', os.O_CREAT)); os.unlink('{0}/x')"
CARRIERS = [
    *(
        Carrier(
            name=f"{what} of {folder}",
            leave=leave.format(folder),
            read=read.format(folder),
            open_within=what != "the permissions",
        )
        for folder in ("/tmp", "/dev/shm")
        for what, leave, read in (
            ("the time of the last change", f"if bit: {TOUCH}", "os.stat('{0}').st_mtime"),
            (
                "the time of the last change of its times",
                f"if bit: time.sleep(0.3)\n{TOUCH}\nif not bit: time.sleep(0.3)",
                "time.time() - os.stat('{0}').st_ctime > 0.2",
            ),
            ("the time of the last look", "if bit: os.listdir('{0}')", "os.stat('{0}').st_atime"),
            ("the names", "if bit: open('{0}/y', 'w').close()", "os.listdir('{0}')"),
            (
                "the free room",
                "if bit: open('{0}/z', 'wb').write(bytes(1 << 20))",
                "(os.statvfs('{0}').f_bfree, os.statvfs('{0}').f_ffree)",
            ),
            ("the permissions", "if bit: attempt(os.chmod, '{0}', 0o700)", "os.stat('{0}').st_mode"),
        )
    ),
    Carrier(
        name="times of the last look at what is in /dev",
        leave="""
if bit:
    for folder in ('/dev', '/dev/pts', '/dev/mqueue'): os.listdir(folder)
    for link in ('/dev/fd', '/dev/stdin', '/dev/stdout', '/dev/stderr', '/dev/ptmx'): os.readlink(link)
    for device in ('/dev/zero', '/dev/random', '/dev/null'): open(device, 'rb').read(1)
""",
        read="[os.lstat(path).st_atime for path in DEVICES]",
        open_within=True,
    ),
    Carrier(
        name="when an entry of /proc was first looked up",
        leave="if bit: [os.stat(path) for path in PATHS]",
        read="[os.stat(path).st_mtime for path in PATHS]",
        open_within=False,
    ),
    Carrier(
        name="settings and counters in /proc and /sys",
        leave="if bit: [attempt(os.stat, path) for path in MASKED]",
        read="[attempt(os.stat, path) for path in MASKED]",
        open_within=False,
    ),
    Carrier(
        name="the time of a terminal's folder",
        leave="if bit: os.openpty()",
        read="(os.stat('/dev/pts').st_mtime, os.listdir('/dev/pts'))",
        open_within=True,
    ),
    Carrier(
        name="objects of System V",
        leave="if bit: libc.shmget(4321, 4096, 0o1666)",
        read="(libc.shmget(4321, 0, 0), libc.semget(4321, 0, 0), open('/proc/sysvipc/shm').read())",
        open_within=False,
    ),
    Carrier(
        name="message queues",
        leave="if bit: attempt(os.open, '/dev/mqueue/q', os.O_CREAT | os.O_RDWR)",
        read="(os.listdir('/dev/mqueue'), os.stat('/dev/mqueue').st_mtime)",
        open_within=False,
    ),
    Carrier(
        name="a socket without a file",
        leave="""
if bit:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(chr(0) + 'left')
    listener.listen()
    if os.fork() == 0: time.sleep(60)
""",
        read="attempt(socket.socket(socket.AF_UNIX).connect, chr(0) + 'left')",
        open_within=True,
    ),
    Carrier(
        name="a lock on a file of the image",
        leave="""
if bit:
    fcntl.flock(os.open('/etc/passwd', os.O_RDONLY), fcntl.LOCK_EX)
    if os.fork() == 0: time.sleep(60)
""",
        read="attempt(fcntl.flock, os.open('/etc/passwd', os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB)",
        open_within=True,
    ),
    Carrier(
        name="limits, priority and name of the process",
        leave="if bit:\n    resource.setrlimit(resource.RLIMIT_NOFILE, (99, 99))\n    os.umask(0o022)",
        read="(resource.getrlimit(resource.RLIMIT_NOFILE), os.umask(0))",
        open_within=True,
    ),
]
COUNTERS = Carrier(
    name="what the control group counts",
    leave="""
if bit:
    held = bytearray(200 << 20)
    for _ in range(20):
        if os.fork() == 0: time.sleep(60)
""",
    read="[attempt(lambda: open(path).read()) for path in COUNTERS]",
    open_within=False,
)

PRELUDE = """
import ctypes, errno, fcntl, os, resource, socket, time
libc = ctypes.CDLL(None)
DEVICES = ('/dev', '/dev/pts', '/dev/mqueue', '/dev/fd', '/dev/stdin', '/dev/ptmx', '/dev/zero', '/dev/random')
PATHS = ('/proc/uptime', '/proc/version', '/proc/consoles', '/proc/sysvipc/sem', '/proc/devices', '/proc/key-users')
MASKED = ('/proc/sys/kernel/ns_last_pid', '/proc/pressure/cpu', '/sys/kernel/mm', '/sys/class/net', '/sys/bus/cpu')
COUNTERS = tuple(f'/sys/fs/cgroup/{name}' for name in (
    'memory/memory.max_usage_in_bytes', 'memory/memory.failcnt', 'memory/memory.kmem.usage_in_bytes',
    'cpuacct/cpuacct.usage', 'pids/pids.current', 'memory.peak', 'pids.peak', 'cpu.stat', '.'))
def attempt(call, *arguments):
    try:
        call(*arguments)
    except OSError as error:
        return errno.errorcode[error.errno]
    return 'done'
def f(): return 1
"""
CHECK = checking("assert f() == 1\n")


def run(executor, source):
    execution = executor.run(job(PRELUDE + source, CHECK))
    assert execution.ending is Ending.COMPLETED, execution
    return execution.stdout


def says(carrier):
    return f"\nprint({carrier.read})\n"


def leaves(carrier, bit):
    return f"bit = {bit}\n{carrier.leave}\n"


@pytest.mark.parametrize("carrier", CARRIERS, ids=lambda carrier: carrier.name)
def test_what_a_program_leaves_says_nothing_to_the_next_one(lone_executor, carrier):
    readings = []
    for bit in (0, 1, 1, 0, 1):
        run(lone_executor, leaves(carrier, bit))
        readings.append(run(lone_executor, says(carrier)))
    assert len(set(readings)) == 1, readings


@pytest.mark.parametrize("carrier", CARRIERS, ids=lambda carrier: carrier.name)
def test_a_program_reads_what_it_left_itself_where_that_can_be(lone_executor, carrier):
    """Or the test before this one would find nothing anywhere."""
    none, one = (run(lone_executor, leaves(carrier, bit) + says(carrier)) for bit in (0, 1))
    assert (none != one) is carrier.open_within


#: Python itself looks at the folder of its script, in each run anew.
OF_A_SCRIPT = [carrier for carrier in CARRIERS if carrier.name != "the time of the last look of /tmp"]


@pytest.mark.parametrize("carrier", OF_A_SCRIPT, ids=lambda carrier: carrier.name)
def test_what_a_control_leaves_says_nothing_to_the_run_after_it(lone_executor, monkeypatch, carrier):
    """Or a program that passes its tests would know in which order they and their control run."""
    monkeypatch.setattr("codecrucible.sandbox.docker.exit_code_frame.control_first", lambda: True)
    tests = "assert f() == 1\n"
    check = ExitCodeCheck(tests=tests, changes=(Change(start=14, end=15, text="2"),))
    readings = []
    for bit in (0, 1, 1, 0):
        program = f"{PRELUDE}{says(carrier)}os.closerange(3, 99)\n{leaves(carrier, bit)}"
        execution = lone_executor.run(job(program, check))
        assert execution.ending is Ending.COMPLETED, execution
        readings.append(execution.stdout)
    assert len(set(readings)) == 1, readings


def test_the_counters_of_the_control_group_cannot_be_read(lone_executor):
    if lone_executor.inside["cgroup_version"] != 1:
        pytest.skip("version 2 is mounted read-only and open to all: see docs/threat-model.md")
    run(lone_executor, leaves(COUNTERS, 1))
    assert set(ast.literal_eval(run(lone_executor, says(COUNTERS)))) == {"EACCES"}


def test_the_uid_of_a_program_does_not_say_how_many_there_were_before_it(lone_executor):
    uids = [int(run(lone_executor, "print(os.getuid())\n")) for _ in range(6)]
    steps = {after - before for before, after in pairwise(uids)}
    assert len(steps) > 1


LEARNS = """
import os, time
SLOT, SLOTS, calls = 0.010, 64, 0
def read(): return int(os.stat("/dev/shm").st_mtime / SLOT) % SLOTS
def write(value):
    while read() != value:
        time.sleep((value * SLOT + SLOT * 0.6 - time.time()) % (SLOT * SLOTS))
        os.close(os.open("/dev/shm/x", os.O_CREAT | os.O_WRONLY)); os.unlink("/dev/shm/x")
guess = read()
def f():
    global calls
    bit, calls = calls, calls + 1
    write(guess ^ (1 << bit))  # if this answer is wrong, the next sample knows better
    return bool(guess >> bit & 1)
"""


def test_samples_of_one_problem_do_not_learn_from_each_other(lone_executor):
    tests = checking("".join(f"assert f() is {bool(value)}\n" for value in (0, 1, 1, 0, 1, 0)))
    executions = [lone_executor.run(job(f"{LEARNS}# {number}\n", tests, wall_s=10.0)) for number in range(10)]
    assert {(each.ending, each.calls) for each in executions} == {(Ending.ASSERTION, 2)}


def test_samples_that_wait_are_not_executed_in_their_order(executor):
    with DockerExecutor(workers=1) as lone:
        done = []
        futures = [lone.submit(job(f"def f(): return 1\n# {number}\n", CHECK)) for number in range(200)]
        for number, future in enumerate(futures):
            future.add_done_callback(lambda _future, number=number: done.append(number))
        for future in futures:
            future.result()
    assert sorted(done) == list(range(200))
    neighbours = sum(abs(after - before) == 1 for before, after in pairwise(done))
    assert neighbours < 60
