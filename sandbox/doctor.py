"""Evidence that the sandbox works on this machine: from the engine, from inside a container, and from attacks on it."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from codecrucible.sandbox.docker import engine, images
from codecrucible.sandbox.docker.executor import DockerExecutor
from codecrucible.sandbox.errors import ImageMissing, SandboxError
from codecrucible.sandbox.job import Check, Ending, Job
from codecrucible.sandbox.languages import Language, chosen
from codecrucible.sandbox.limits import MEBIBYTE, Limits
from codecrucible.sandbox.scan import ScanState
from codecrucible.sandbox.scanners import RISKY, SCANNERS

#: Languages that are tried out together: one waits for its containers while another one has the cores.
_AT_A_TIME = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that was looked at.

    Attributes:
        name: What.
        ok: Whether it is as it should be.
        evidence: What was seen.
        fix: What to do about it, "" if nothing.
    """

    name: str
    ok: bool
    evidence: str
    fix: str


_CHECK = Check(setup="", tests="assert double(21) == 42\n", entry_point="double")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trial:
    name: str
    program: str
    ending: Ending
    cpu_s: float = 5.0


_TRIALS = (
    _Trial(name="a known answer passes", program="def double(x):\n    return 2 * x\n", ending=Ending.COMPLETED),
    _Trial(name="a wrong answer fails", program="def double(x):\n    return x\n", ending=Ending.ASSERTION),
    _Trial(name="an early exit is no pass", program="import os\nos._exit(0)\n", ending=Ending.EXITED),
    _Trial(
        name="an object equal to everything is no pass",
        program="class Yes:\n    def __eq__(self, other):\n        return True\ndef double(x):\n    return Yes()\n",
        ending=Ending.ASSERTION,
    ),
    _Trial(
        name="the network is out of reach",
        program="import socket\ndef double(x):\n    socket.create_connection(('1.1.1.1', 53), 2)\n    return 42\n",
        ending=Ending.RAISED,
    ),
    _Trial(
        name="the image cannot be written to",
        program="def double(x):\n    open('/usr/lib/left-behind', 'w')\n    return 42\n",
        ending=Ending.RAISED,
    ),
    _Trial(
        name="a fork bomb is ended",
        program="import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass\n",
        ending=Ending.CPU_LIMIT,
        cpu_s=1.0,
    ),
    _Trial(
        name="too much memory is ended",
        program="held = []\nwhile True:\n    held.append(bytearray(1 << 20))\n",
        ending=Ending.MEMORY_LIMIT,
    ),
)


def examine(languages: str = "") -> Iterator[Fact]:
    """Facts on engine, image and isolation, each as soon as it is known.

    Args:
        languages: Languages that are tried as well, as for `sandbox.languages.chosen`; "" for none.

    Raises:
        ValueError: if one of `languages` is none.
    """
    wanted = chosen(languages) if languages else ()
    try:
        client = engine.connect()
    except SandboxError as error:
        yield Fact(name="engine", ok=False, evidence=str(error), fix="sudo systemctl start docker")
        return
    try:
        about = engine.facts(client)
    finally:
        client.close()
    evidence = (
        f"{about['name']} {about['version']} (API {about['api_version']}), runtime {about['runtime']}, "
        f"cgroup v{about['cgroup_version']}, Linux {about['kernel']}, {about['cores']} cores"
    )
    yield Fact(name="engine", ok=True, evidence=evidence, fix="")
    try:
        image = images.find()
    except SandboxError as error:
        yield Fact(name="image", ok=False, evidence=str(error), fix="crucible sandbox build")
        return
    evidence = f"{image.tag}, base: {image.base}, bandit {image.bandit}, flawfinder {image.flawfinder}"
    yield Fact(name="image", ok=True, evidence=evidence, fix="")
    try:
        executor = DockerExecutor(workers=1)
    except SandboxError as error:
        fix = "mend what the evidence names, then run this again"
        yield Fact(name="isolation", ok=False, evidence=str(error), fix=fix)
        return
    with executor:
        yield from _isolation(executor)
        yield from _trials(executor)
        yield from _languages(executor, wanted)
        for language in wanted:
            if language.name in SCANNERS:
                yield _scanner(executor, language.name)


def _isolation(executor: DockerExecutor) -> Iterator[Fact]:
    """What PID 1 sees; it was compared with the policy before this is reached, or there would be no executor."""
    seen = executor.inside
    for name, evidence in (
        ("network", f"interfaces: {', '.join(seen['interfaces'])}"),
        ("root file system", "read-only"),
        ("scratch folder", f"{seen['scratch_bytes'] // MEBIBYTE} MiB, {seen['scratch_files']} files"),
        ("shared memory", f"{seen['shared_bytes'] // MEBIBYTE} MiB, {seen['shared_files']} files in /dev/shm"),
        ("capabilities", f"{seen['capabilities']:#x} (SETUID and SETGID) in PID 1, none in programs"),
        ("no new privileges", "set"),
        ("seccomp", f"mode {seen['seccomp_mode']}, {seen['seccomp_filters'] or '?'} filters"),
        ("memory limit", f"{(seen['memory_bytes'] or 0) // MEBIBYTE} MiB, no swap"),
        ("process limit", str(seen["pids"])),
    ):
        yield Fact(name=name, ok=True, evidence=evidence, fix="")


def _trials(executor: DockerExecutor) -> Iterator[Fact]:
    running = [(trial, executor.submit(_job(trial))) for trial in _TRIALS]
    for trial, future in running:
        try:
            execution = future.result()
        except SandboxError as error:
            yield Fact(name=trial.name, ok=False, evidence=str(error), fix="see the evidence")
            continue
        ok = execution.ending is trial.ending
        evidence = f"{execution.ending} after {execution.wall_s:.2f} s"
        if execution.processes_killed:
            evidence += f", {execution.processes_killed} processes killed"
        fix = "" if ok else f"expected {trial.ending}; do not trust verdicts made here"
        yield Fact(name=trial.name, ok=ok, evidence=evidence, fix=fix)


def _languages(executor: DockerExecutor, languages: Sequence[Language]) -> Iterator[Fact]:
    """A fact for each of `languages`, in their order, as soon as it is known; a few at a time are tried out."""
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        yield from pool.map(partial(_language, executor), languages)


def _language(executor: DockerExecutor, language: Language) -> Fact:
    """Whether the right program that a language is declared with passes, and the wrong one does not."""
    name = f"language {language.name}"
    try:
        right, wrong = (execution.ending for execution in executor.try_out(language.name))
    except ImageMissing as error:
        fix = f"crucible sandbox build --languages {language.name}"
        return Fact(name=name, ok=False, evidence=str(error), fix=fix)
    except SandboxError as error:
        return Fact(name=name, ok=False, evidence=str(error), fix="see the evidence")
    told = executor.describe()["families"][language.family]
    versions = " ".join(f"{package} {version}" for package, version in told["toolchain"].items())
    ok = right is Ending.COMPLETED and wrong is Ending.ASSERTION
    evidence = f"a right program: {right}, a wrong one: {wrong}; {versions or told['image']['tag']}"
    return Fact(name=name, ok=ok, evidence=evidence, fix="" if ok else "do not trust verdicts on it made here")


def _scanner(executor: DockerExecutor, language: str) -> Fact:
    """Whether the scanner of `language` finds what is there to be found."""
    name = f"scanner of {language}"
    try:
        scan = executor.submit_scan(RISKY[language], language=language).result()
    except SandboxError as error:
        return Fact(name=name, ok=False, evidence=str(error), fix="see the evidence")
    if scan.state is ScanState.NO_SCANNER:
        return Fact(name=name, ok=False, evidence=scan.reason, fix=f"crucible sandbox build --languages {language}")
    ok = scan.state is ScanState.FINDINGS
    evidence = f"{scan.scanner} on a risky program: {', '.join(each.name for each in scan.findings) or scan.state}"
    return Fact(name=name, ok=ok, evidence=evidence, fix="" if ok else "do not trust findings on it made here")


def _job(trial: _Trial) -> Job:
    return Job(program=trial.program, check=_CHECK, limits=Limits(cpu_s=trial.cpu_s, wall_s=15.0))
