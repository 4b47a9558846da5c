"""What `crucible benchmarks` does, once its arguments are parsed."""

from argparse import Namespace
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from codecrucible.benchmarks import (
    Benchmark,
    BenchmarkDataError,
    CheckReport,
    Problem,
    catalogue,
    check_benchmark,
    entry_of,
    installed_plug_ins,
    load_benchmark,
)
from codecrucible.harness.cli.output import print_json, print_one_or_all
from codecrucible.harness.cli.requests import benchmarks_of, limits_of
from codecrucible.harness.common.codec import to_json
from codecrucible.harness.common.errors import EXIT_DONE, EXIT_FAILURE
from codecrucible.harness.common.limit_defaults import REFERENCE_LIMITS
from codecrucible.harness.common.progress import Progress
from codecrucible.harness.common.terminal import complain
from codecrucible.harness.evaluation.executors import refuse_missing_images
from codecrucible.harness.evaluation.import_benchmark import RECORD, import_benchmark, record_of
from codecrucible.harness.models.prompts import chat_message
from codecrucible.reports import for_terminal
from codecrucible.sandbox import DockerExecutor

MOST_LINES = 200  # of a text that is shown
LONGEST_LINE = 400  # characters


def list_benchmarks(options: Namespace) -> int:
    """List the benchmarks, whether their data is on this machine or not; none of it is read but plug-ins'."""
    entries = list(catalogue())
    installed = installed_plug_ins()
    refused = list(installed.refused)
    for plug_in in installed.usable.values():
        try:
            entries.append(entry_of(plug_in))
        except BenchmarkDataError as error:
            refused.append(str(error))
    for line in refused:
        complain(line)
    if options.json:
        print_json([to_json(entry) for entry in entries])
        return EXIT_DONE
    group = ""
    for entry in entries:
        heading = entry.measures or "from installed packages"
        if heading != group:
            group = heading
            print(heading)
        absent = "" if entry.at_hand else ", data not on this machine"
        untested = "" if entry.tested else ", not tested"
        passable = "" if entry.passable is None else f", {entry.passable} can be passed"
        needs = f", needs {entry.needs}" if entry.needs else ""
        about = f"{entry.language}{untested}, {entry.year or 'no year'}, {entry.licence}{passable}{needs}{absent}"
        print(for_terminal(f"  {entry.name:<36} {entry.problems or 'your':>4} problems  {about}", longest=300))
    print("`crucible benchmarks show NAME` says more of one, and prints a problem")
    return EXIT_DONE


def show_benchmark(options: Namespace) -> int:
    """Show where a benchmark is from, which of its problems are dead, and one problem as a model gets it."""
    benchmark = load_benchmark(options.benchmark, allow_unpinned=options.allow_unpinned)
    if options.json:
        print_json(to_json(benchmark))
        return EXIT_DONE
    problem = benchmark.problems[0]
    dead: dict[str, list[str]] = defaultdict(list)
    for each in benchmark.problems:
        if each.dead:
            dead[each.dead].append(each.problem_id)
    for name, value in (
        ("benchmark", f"{benchmark.name}: {benchmark.title}"),
        ("source", f"{benchmark.source} {benchmark.revision}, {benchmark.licence}, sha256 {benchmark.sha256}"),
        ("problems", str(len(benchmark.problems))),
        *(("dead", f"{cause}: {', '.join(ids)}") for cause, ids in dead.items()),
        ("shown", f"{problem.problem_id}, in {problem.language}"),
    ):
        print(for_terminal(f"{name + ':':<10} {value}", longest=4000))
    tests = problem.tests or "\n".join(problem.calls)
    tests = tests or "\n".join(
        f"reads {case.stdin!r}\nprints {' or '.join(map(repr, (case.expected, *case.accepted)))}"
        for case in problem.cases
    )
    for name, text in (
        ("prompt", problem.few_shot_prompt or problem.prompt),
        ("after the gap", problem.suffix or ""),
        ("asked in a chat", _message(problem)),
        ("tests", tests.strip("\n")),
        ("reference", problem.reference),
    ):
        if text:
            print(f"\n{name}:\n")
            print(
                "\n".join(f"    {for_terminal(line, longest=LONGEST_LINE)}" for line in text.splitlines()[:MOST_LINES])
            )
    return EXIT_DONE


def import_file(options: Namespace) -> int:
    """Convert a file in another's format into a folder that `--benchmark` takes."""
    made = import_benchmark(Path(options.file), Path(options.out), format=options.format, language=options.language)
    if options.json:
        print_json(record_of(made, Path(options.file).name))
        return EXIT_DONE
    for name, value in (
        ("problems", f"{len(made.lines)} of {made.rows} rows, {made.references} with a solution, in {options.out}"),
        ("languages", _counted(made.languages)),
        ("judged by", _counted({str(strength): count for strength, count in made.strengths.items()})),
        *(("changed", f"{change}: {count}") for change, count in made.changes.items()),
        *(("dropped", f"{row.place}: {row.reason}") for row in made.dropped[:MOST_LINES]),
    ):
        print(for_terminal(f"{name + ':':<10} {value}", longest=LONGEST_LINE))
    if len(made.dropped) > MOST_LINES:
        print(f"and {len(made.dropped) - MOST_LINES} more rows are dropped")
    print(for_terminal(f"`crucible benchmarks check {options.out}` runs the solutions; {RECORD} there has the details"))
    return EXIT_DONE


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def _message(problem: Problem) -> str:
    """What a chat is asked."""
    return problem.message or chat_message(problem.prompt, problem.language, whole=bool(problem.cases))


def check_benchmarks(options: Namespace) -> int:
    """Run every reference solution and a stub through the sandbox."""
    benchmarks = benchmarks_of(options)
    refuse_missing_images(benchmarks)
    reports = []
    for benchmark in benchmarks:
        reports.append(_check_one(benchmark, options))
        if not options.json and benchmark.tested:
            _print_check(reports[-1])
        elif not options.json:
            print(for_terminal(f"{benchmark.name}: it has no tests, so that there is nothing to check"))
    if options.json:
        print_one_or_all([to_json(checked) for checked in reports])
    return EXIT_DONE if all(checked.ok for checked in reports) else EXIT_FAILURE


def _check_one(benchmark: Benchmark, options: Namespace) -> CheckReport:
    with DockerExecutor(workers=options.workers) as executor, Progress(quiet=options.quiet) as progress:
        progress.stage("check", total=0)

        def advance(done: int, total: int) -> None:
            if done == 1:
                progress.grow("check", total)
            progress.advance("check")

        return check_benchmark(benchmark, executor, advance, limits=limits_of(options, REFERENCE_LIMITS))


def _print_check(checked: CheckReport) -> None:
    print(
        f"{checked.benchmark}: {checked.references_passed} of {checked.references} references pass (all should), "
        f"{checked.stubs_passed} of {checked.stubs} stubs pass (none should)"
    )
    for offender in checked.offenders:
        judgement = offender.judgement
        told = f"{offender.problem_id}: {offender.completion} {judgement.verdict}: {judgement.detail}"
        print(f"  {for_terminal(told, longest=400)}")
    for problem in checked.unproxiable:
        told = f"{problem.problem_id}: unproxiable, as its reference shows: {problem.reason}"
        print(f"  {for_terminal(told, longest=400)}")
    _print_dead_rows(checked)
    if checked.refused:
        print(f"{len(checked.refused)} lines hold no problem and are left out")
    for row in checked.refused:
        print(f"  {for_terminal(row.reason, longest=400)}")


def _print_dead_rows(checked: CheckReport) -> None:
    """The rows that no completion can pass by cause, and each whose declaration is missing or wrong."""
    if not checked.dead:
        return
    print(f"{len(checked.dead)} of {checked.problems} problems are dead: no completion can pass")
    ids: dict[str, list[str]] = defaultdict(list)
    for row in checked.dead:
        ids[row.cause].append(f"{row.problem_id} ({row.fault.upper()})" if row.fault else row.problem_id)
    for cause, names in ids.items():
        print(f"  {len(names):>3} {for_terminal(cause, longest=400)}: {for_terminal(', '.join(names), longest=4000)}")
