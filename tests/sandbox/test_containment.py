"""The jail at limit plus one, from inside."""

import pytest
from sandbox_jobs import HONEST, job

from codecrucible.sandbox import Ending

pytestmark = [pytest.mark.docker, pytest.mark.timeout(60)]
MIB = 1 << 20


def test_memory_below_the_limit_is_given_and_above_it_is_an_end_by_memory(executor):
    program = "held = bytearray({})\n" + HONEST
    assert executor.run(job(program.format(400 * MIB), cpu_s=10)).ending is Ending.COMPLETED
    execution = executor.run(job(program.format(800 * MIB), cpu_s=10))
    assert execution.ending is Ending.MEMORY_LIMIT
    assert "the kernel killed" in execution.note


def test_the_memory_of_all_processes_counts_together(executor):
    program = """
import os, time
for _ in range(8):
    if os.fork() == 0:
        held = bytearray(150 << 20)
        time.sleep(2)
        os._exit(0)
for _ in range(8): os.wait()
def double(x): return None
"""
    execution = executor.run(job(program, cpu_s=10, wall_s=10))
    assert execution.ending is Ending.MEMORY_LIMIT


def test_a_job_may_ask_for_less_memory_than_its_container_has(executor):
    program = "import time\nheld = bytearray({})\ntime.sleep(0.3)\n" + HONEST
    limits = {"memory_bytes": 100 * MIB, "cpu_s": 10}
    assert executor.run(job(program.format(60 * MIB), **limits)).ending is Ending.COMPLETED
    assert executor.run(job(program.format(200 * MIB), **limits)).ending is Ending.MEMORY_LIMIT


def test_a_program_gets_its_number_of_processes_and_not_one_more(executor):
    program = """
import os, time
children = 0
try:
    while True:
        if os.fork() == 0:
            time.sleep(60)
        children += 1
except BlockingIOError:
    print(children)
def double(x): return x * 2
"""
    execution = executor.run(job(program, processes=10))
    assert (execution.ending, execution.stdout) == (Ending.COMPLETED, "9\n")
    assert execution.processes_killed == 9


def test_a_file_has_its_size_and_not_a_byte_more(executor):
    program = "with open('/tmp/f', 'wb') as file: file.write(bytes({}))\n" + HONEST
    assert executor.run(job(program.format(1000), file_bytes=1000)).ending is Ending.COMPLETED
    execution = executor.run(job(program.format(1001), file_bytes=1000))
    assert (execution.ending, execution.exception) == (Ending.RAISED, "OSError")


def test_what_is_left_behind_is_counted_and_gone(executor):
    program = (
        "import os\nopen('a', 'w').close()\nos.makedirs('b/c')\nif os.fork() == 0:\n    import time; time.sleep(60)\n"
    )
    execution = executor.run(job(program + HONEST))
    assert execution.ending is Ending.COMPLETED
    assert (execution.processes_killed, execution.files_removed) == (1, 3)


def test_a_program_has_its_own_user_and_no_capability(executor):
    program = """
import os
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
assert os.getuid() == os.geteuid() == os.getgid() >= 20000 and os.getgroups() == []
for name in ("CapInh", "CapPrm", "CapEff", "CapAmb"): assert int(status[name], 16) == 0
assert status["Seccomp"].strip() == "2" and status["NoNewPrivs"].strip() == "1"
assert sorted(os.listdir("/proc/self/fd")) == ["0", "1", "2", "3", "4"], os.listdir("/proc/self/fd")
assert os.readlink("/proc/self/fd/0") == "/dev/null"
print(os.getuid())
"""
    first, second = (executor.run(job(program + HONEST)) for _ in range(2))
    assert first.ending is second.ending is Ending.COMPLETED, first.stderr
    assert first.stdout != second.stdout


def test_nothing_of_the_host_is_there(executor):
    program = """
import os
assert not any(os.path.exists(path) for path in ("/var/run/docker.sock", "/run/docker.sock", "/.git", "/src"))
assert [line.split(":")[0].strip() for line in open("/proc/net/dev") if ":" in line] == ["lo"]
assert set(os.environ) <= {"LANG", "PATH", "HOME", "PYTHONHASHSEED", "PYTHONDONTWRITEBYTECODE", "HOSTNAME", "LC_CTYPE"}
for path in ("/etc", "/usr", "/opt", "/", "/var", "/sys/fs/cgroup", "/dev", "/root"):
    assert not os.access(path, os.W_OK), path
"""
    execution = executor.run(job(program + HONEST))
    assert execution.ending is Ending.COMPLETED, execution.stderr


def test_no_file_in_the_image_changes_who_one_is(executor):
    program = """
import os, stat
for folder, _, names in os.walk("/usr"):
    for name in names:
        mode = os.lstat(os.path.join(folder, name)).st_mode
        assert not (stat.S_ISREG(mode) and mode & (stat.S_ISUID | stat.S_ISGID)), name
"""
    assert executor.run(job(program + HONEST, cpu_s=10)).ending is Ending.COMPLETED


def test_a_storm_of_killers_never_hurts_the_next_program(executor):
    storm = """
import os, signal
for _ in range(20):
    if os.fork() == 0:
        os.setsid()
        while True:
            for pid in (1, os.getppid(), *range(2, 40)):
                if pid != os.getpid():
                    try: os.kill(pid, signal.SIGKILL if pid % 2 else signal.SIGSTOP)
                    except OSError: pass
            try:
                open(f"/tmp/{os.getpid()}", "w").close()
                if os.fork() == 0: os.setsid()
            except OSError: pass
def double(x): return None
"""
    for _ in range(5):
        assert executor.run(job(storm, cpu_s=1.0)).ending is not Ending.COMPLETED
        assert executor.run(job("import os\nassert os.listdir('/tmp') == []\n" + HONEST)).ending is Ending.COMPLETED


def test_programs_that_look_harmless_to_the_memory_killer_do_not_take_the_referee_down(executor):
    program = """
import os, subprocess, sys
hog = "open('/proc/self/oom_score_adj', 'w').write('0'); held = bytearray(60 << 20); import time; time.sleep(2)"
running = [subprocess.Popen([sys.executable, "-c", hog]) for _ in range(14)]
for process in running: process.wait()
def double(x): return None
"""
    execution = executor.run(job(program, cpu_s=10))
    assert execution.ending is Ending.MEMORY_LIMIT
    assert executor.run(job(HONEST)).ending is Ending.COMPLETED
