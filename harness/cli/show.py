"""What `crucible show` does once its arguments are parsed: the samples of one problem, and why each ended so."""

import sys
from argparse import Namespace
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from difflib import get_close_matches, unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codecrucible.benchmarks import Verdict
from codecrucible.harness.cli.output import print_json
from codecrucible.harness.common.codec import to_json
from codecrucible.harness.common.errors import EXIT_DONE, UsageError
from codecrucible.harness.common.terminal import PIPED_WIDTH
from codecrucible.harness.results.baselines import baseline_path
from codecrucible.harness.results.judged_samples import JudgedSample, judged_samples
from codecrucible.harness.results.pairs import all_runs_at
from codecrucible.harness.results.report import benchmark_of
from codecrucible.harness.runs.folder import RunFolder
from codecrucible.reports import for_terminal

if TYPE_CHECKING:
    from rich.console import Console

MOST_PROGRAMS = 10  # of one problem; each sample can be asked for
MOST_LINES = 400  # of a program or an output
LONGEST_LINE = 500  # characters


def show(options: Namespace) -> int:
    """Show the samples of one problem, or one sample."""
    samples, language = _chosen(baseline_path(options.folder), options.sample)
    against: list[JudgedSample] = []
    if options.against:
        against, _ = _chosen(baseline_path(options.against), samples[0].sample.problem_id)
    if options.json:
        print_json([_as_json(each, _other(each, against)) for each in samples])
        return EXIT_DONE
    from rich.console import Console

    console = Console(width=None if sys.stdout.isatty() else PIPED_WIDTH, highlight=False)
    _print_counts(console, samples, against)
    programs: dict[str, list[JudgedSample]] = defaultdict(list)
    for each in sorted(samples, key=lambda each: each.verdict is Verdict.PASSED):  # what failed comes first
        programs[each.sample.program or each.sample.completion].append(each)
    for same in list(programs.values())[:MOST_PROGRAMS]:
        _print_program(console, same, language, _other(same[0], against))
    if len(programs) > MOST_PROGRAMS:
        _line(console, f"{len(programs) - MOST_PROGRAMS} more programs: name a sample, as in {options.sample}/0")
    return EXIT_DONE


def _chosen(path: Path, asked: str) -> tuple[list[JudgedSample], str]:
    """Samples of the problem, or the one sample, that is asked for, and the problem's language."""
    known: list[str] = []
    for folder in all_runs_at(path):
        samples = judged_samples(folder)
        ids = dict.fromkeys(each.sample.problem_id for each in samples)
        problem, _, index = asked.rpartition("/")
        if asked in ids:
            found = [each for each in samples if each.sample.problem_id == asked]
        elif problem in ids and index.isdecimal():
            found = [each for each in samples if each.sample.problem_id == problem]
            if not any(each.sample.sample_index == int(index) for each in found):
                raise UsageError(f"{path}: {problem} has {len(found)} samples, numbered from 0: there is no {index}")
            found = [each for each in found if each.sample.sample_index == int(index)]
        else:
            known += ids
            continue
        return found, _language(folder, found[0].sample.problem_id)
    near = get_close_matches(asked, known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known[:5])}{', ...' if known[5:] else ''}"
    raise UsageError(f"{path} has no sample of a problem {asked!r}; {hint}")


def _language(folder: RunFolder, problem_id: str) -> str:
    return next(each.language for each in benchmark_of(folder.manifest).problems if each.problem_id == problem_id)


def _other(sample: JudgedSample, against: Sequence[JudgedSample]) -> JudgedSample | None:
    """What a sample is held against: one that passed where there is one, of the same number if possible."""
    index = sample.sample.sample_index
    best = sorted(against, key=lambda each: (each.verdict is not Verdict.PASSED, each.sample.sample_index != index))
    return best[0] if best else None


def _print_counts(console: "Console", samples: Sequence[JudgedSample], against: Sequence[JudgedSample]) -> None:
    _line(console, f"{samples[0].sample.problem_id}: {_counts(samples)}", style="bold")
    if against:
        _line(console, f"against: {_counts(against)}")


def _counts(samples: Iterable[JudgedSample]) -> str:
    counted = Counter(str(each.verdict) for each in samples)
    return f"{counted.total()} samples, " + ", ".join(f"{count} {verdict}" for verdict, count in counted.most_common())


def _print_program(console: "Console", same: Sequence[JudgedSample], language: str, other: JudgedSample | None) -> None:
    """One program, with all samples that share it, and what became of it."""
    first = same[0]
    console.print()
    numbers = ", ".join(str(each.sample.sample_index) for each in same)
    style = "bold green" if first.verdict is Verdict.PASSED else "bold red"
    _line(console, f"sample {numbers}: {first.verdict}{_reason(first)}", style=style)
    if first.judgement and first.judgement.detail:
        _line(console, f"  {first.judgement.detail}")
    program = first.sample.program
    if not program:
        _line(console, "no program was found in the completion:")
    _print_code(console, program or first.sample.completion, language if program else "text")
    if first.scan:
        for each in first.scan.findings:
            rule = f"{each.rule}, CWE-{each.cwe}" if each.cwe else each.rule
            _line(console, f"line {each.line}: {each.severity} {rule}: {each.message}", style="yellow")
    for name, text in (
        ("stdout", first.observed.stdout if first.observed else ""),
        ("stderr", first.observed.stderr if first.observed else ""),
    ):
        if text:
            _line(console, f"{name}:")
            for line in _lines(text):
                _line(console, f"  {line}")
    if other and other.sample.program != program:
        _line(console, f"against sample {other.sample.sample_index}, {other.verdict}:")
        for line in _difference(other.sample.program, program):
            _line(console, line, style={"+": "green", "-": "red"}.get(line[:1], "dim"))


def _reason(sample: JudgedSample) -> str:
    """What the verdict is from, in brackets."""
    told = []
    if sample.judgement:
        told += [sample.judgement.reason, f"judged by {sample.judgement.strength}" if sample.judgement.strength else ""]
        if sample.judgement.tests:
            told.append(f"{sample.judgement.tests_passed} of {sample.judgement.tests} tests passed")
    if sample.sample.truncated:
        told.append("cut off at the token limit")
    if sample.observed:
        told.append(f"{sample.observed.cpu_s:.2f} s of CPU")
    return f" ({'; '.join(filter(None, told))})" if any(told) else ""


def _print_code(console: "Console", code: str, language: str) -> None:
    from rich.syntax import Syntax

    # What stands at the beginning of a line is a number: no line is a command to a build server.
    safe = "\n".join(for_terminal(f"|{line}", longest=LONGEST_LINE)[1:] for line in _lines(code))
    console.print(Syntax(safe, language, line_numbers=True, theme="ansi_light", background_color="default"))


def _lines(text: str) -> list[str]:
    lines = text.expandtabs(4).splitlines()
    return [*lines[:MOST_LINES], *([f"... {len(lines) - MOST_LINES} more lines"] if len(lines) > MOST_LINES else [])]


def _difference(before: str, after: str) -> list[str]:
    """From the other run's program to this one's, a line beginning with "+" being this one's."""
    return list(unified_diff(_lines(before), _lines(after), lineterm="", n=2))[2:]


def _line(console: "Console", text: str, *, style: str = "") -> None:
    from rich.text import Text

    console.print(Text(for_terminal(text, longest=LONGEST_LINE), style=style), soft_wrap=True)


def _as_json(each: JudgedSample, other: JudgedSample | None) -> dict[str, Any]:
    shown = {
        "sample": to_json(each.sample),
        "judgement": to_json(each.judgement) if each.judgement else None,
        "execution": to_json(each.observed) if each.observed else None,
        "scan": to_json(each.scan) if each.scan else None,
    }
    return shown | ({"against": _as_json(other, None)} if other else {})
