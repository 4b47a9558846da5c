"""Fuzzes the parsers of foreign bytes, guided by the code that an input reaches: `python tests/fuzz/guided.py --help`.

It needs the package atheris, which `make fuzz` installs. An input that breaks a parser is kept, and read by the suite
from then on; with `--keep`, so is the least that reaches all of the code that was reached.
"""

import argparse
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import atheris
from kept import keep, kept_inputs

with atheris.instrument_imports(include=["benchmarks", "harness", "reports", "sandbox"]):
    from parsers import PARSERS

LONGEST_KEPT = 1024  # bytes
LIMITS = ("-timeout=10", "-rss_limit_mb=2048")  # seconds and megabytes, past which an input breaks a parser


def main() -> None:
    if sys.argv[1:2] == ["--child"]:
        fuzz(*sys.argv[2:])
    options = _options()
    for name in [options.parser] if options.parser else PARSERS:
        with tempfile.TemporaryDirectory(prefix="codecrucible-fuzz-") as home:
            run(name, options.seconds, Path(home), and_keep=options.keep)


def run(name: str, seconds: int, home: Path, *, and_keep: bool) -> None:
    """Fuzz one parser; everything but what is kept is in `home`, which the caller removes."""
    corpus, least, broken = (home / each for each in ("corpus", "least", "broken"))
    for folder in (corpus, least, broken):
        folder.mkdir()
    for place, data in enumerate((*PARSERS[name][1](), *kept_inputs(name))):
        (corpus / str(place)).write_bytes(data)
    failed = _child(name, home, f"-max_total_time={seconds}", "-max_len=16384", f"-artifact_prefix={broken}/", corpus)
    found = list(broken.iterdir())
    if and_keep and not failed:
        failed = _child(name, home, "-merge=1", f"-max_len={LONGEST_KEPT}", least, corpus)
        found = list(least.iterdir())
    if and_keep or found:
        keep(name, [path.read_bytes() for path in found], instead=and_keep and not failed)
    if failed:
        sys.exit(f"{name}: it failed as is said above; inputs that broke it: {len(found)}, which are kept")


def _child(name: str, home: Path, *arguments: object) -> bool:
    """Whether libFuzzer failed; it ends its process without tidying up, so that it gets one of its own."""
    command = [sys.executable, __file__, "--child", name, *LIMITS, *map(str, arguments)]
    return subprocess.run(command, env=os.environ | {"TMPDIR": str(home)}, check=False).returncode != 0


def fuzz(name: str, *arguments: str) -> None:
    """Run libFuzzer with these arguments; does not return."""
    # The first word is what libFuzzer has a shell start again, for `-merge`.
    atheris.Setup([shlex.join([sys.executable, __file__, "--child", name]), *arguments], PARSERS[name][0])
    atheris.Fuzz()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parser", nargs="?", choices=PARSERS, help="by default each in turn")
    parser.add_argument("--seconds", type=int, default=60, help="for each parser (%(default)s)")
    parser.add_argument("--keep", action="store_true", help="the least that reaches all of the code that was reached")
    return parser.parse_args()


if __name__ == "__main__":
    main()
