"""Prints JSON: what `crucible compare`, its page and `crucible gate` cost on two large runs, in seconds and bytes.

The run folders are synthetic: HumanEval, 200 samples per problem, ten distinct programs per problem. Both commands are
measured as a user runs them, as processes of their own; once with the report.json that every command leaves behind,
once after it was lost, when all numbers and CodeBLEU are made again. Where there is a Chromium, the page is opened in
it, and the time to its first contentful paint is taken from the browser.

    python tests/performance/comparison.py --samples 200
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path
from random import Random

from synthetic import manifest_of

from codecrucible.benchmarks import Benchmark, Verdict, load_benchmark
from codecrucible.harness.common.files import text_sha256
from codecrucible.harness.results.report import make_report
from codecrucible.harness.runs.folder import RunWriter
from codecrucible.harness.runs.manifest import ImportedFile
from codecrucible.harness.runs.records import FindingsRecord, JudgementRecord, Sample
from codecrucible.sandbox import ScanState

CRUCIBLE = Path(sys.executable).with_name("crucible")


def make_run(path: Path, benchmark: Benchmark, *, samples: int, seed: int) -> None:
    """Run folder of a model that passes two thirds of the time, with its report."""
    source = Random(seed)  # noqa: S311  # a simulation
    model = ImportedFile(spec=path.name, name=path.name, sha256=str(seed))
    manifest = manifest_of(benchmark, name=path.name, n=samples, model=model)
    judgements = []
    with RunWriter(path, manifest) as writer:
        for problem in benchmark.problems:
            programs = [f"{problem.prompt}{problem.reference}    # {number}\n" for number in range(10)]
            hashes = [text_sha256(program) for program in programs]
            for program_sha256 in hashes:
                writer.append(
                    FindingsRecord(
                        problem_id=problem.problem_id,
                        program_sha256=program_sha256,
                        prompt_lines=1,
                        state=ScanState.CLEAN,
                        scanner="bandit",
                        findings=(),
                        reason="",
                    )
                )
            for index in range(samples):
                number = source.randrange(10)
                writer.append(
                    Sample(
                        problem_id=problem.problem_id,
                        sample_index=index,
                        prompt=problem.prompt,
                        prompt_sha256="",
                        prompt_form="completion",
                        completion=problem.reference,
                        program=programs[number],
                        program_sha256=hashes[number],
                        prompt_lines=1,
                        finish_reason="stop",
                        prompt_tokens=200,
                        completion_tokens=100 + source.randrange(50),
                    )
                )
                judgements.append(
                    JudgementRecord(
                        problem_id=problem.problem_id,
                        sample_index=index,
                        verdict=Verdict.PASSED if source.random() < 2 / 3 else Verdict.WRONG_ANSWER,
                        reason="",
                        detail="",
                        program_sha256=hashes[number],
                    )
                )
        writer.replace_judgements(judgements)
    make_report(writer.folder, benchmark)


def measured(*arguments: str, home: Path) -> tuple[float, int]:
    """Seconds that a command takes, and the most memory it had."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [CRUCIBLE, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=home, env=os.environ
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode > 1:
        raise RuntimeError(f"crucible {' '.join(arguments)} ended with {process.returncode}")
    return round(time.perf_counter() - started, 2), 1024 * usage.ru_maxrss


SEARCH = """
    const done = arguments[0], started = performance.now();
    location.hash = "/problems?q=no+text+has+these+words";
    const ended = () => main.textContent.includes("Nothing found");
    const look = () => ended() ? done(performance.now() - started) : setTimeout(look, 10);
    look();
"""


def in_browser(page: Path) -> dict[str, float]:
    """Seconds from the opening of a page to the first text or picture on it, as the browser says, and of a search.

    The search goes through every text and finds nothing. Without a browser there is neither.
    """
    binary, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (binary and driver):
        return {}
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu"):
        options.add_argument(argument)
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    try:
        browser.get(page.as_uri())
        painted = "return performance.getEntriesByName('first-contentful-paint').map((entry) => entry.startTime)"
        for _ in range(100):
            if found := browser.execute_script(painted):
                paint = round(found[0] / 1000, 2)
                search = round(browser.execute_async_script(SEARCH) / 1000, 2)
                return {"page_first_paint_s": paint, "page_search_s": search}
            time.sleep(0.1)
    finally:
        browser.quit()
    return {}


def make_runs(home: Path, samples: int) -> None:
    """Both run folders."""
    for name, seed in (("base", 1), ("candidate", 2)):
        make_run(home / name, load_benchmark("humaneval"), samples=samples, seed=seed)


def main() -> None:
    """Make two runs, measure, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--samples", type=int, default=200, help="a problem")
    options.add_argument("--rounds", type=int, default=5, help="runs of which the fastest is taken")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        # In a process of its own: a child's peak memory is at least what its parent had when it was started.
        maker = get_context("spawn").Process(target=make_runs, args=(home, chosen.samples))
        maker.start()
        maker.join()
        commands = {
            "compare": ("compare", "base", "candidate"),
            "gate": ("gate", "base", "candidate", "--junit", "g.xml"),
            "gate_with_sarif": ("gate", "base", "candidate", "--sarif", "f.sarif"),
            "page": ("compare", "base", "candidate", "--html", "page.html"),
        }
        result: dict[str, float | None] = {
            "samples_a_run": sum(1 for _ in (home / "base" / "samples.jsonl").open("rb")),
            "bytes_of_samples_jsonl": (home / "base" / "samples.jsonl").stat().st_size,
        }
        for name, arguments in commands.items():
            rounds = [measured(*arguments, home=home) for _ in range(chosen.rounds)]
            result |= {f"{name}_s": min(seconds for seconds, _ in rounds), f"{name}_peak_bytes": rounds[0][1]}
        result["page_bytes"] = (home / "page.html").stat().st_size
        result |= in_browser(home / "page.html")
        for name in ("base", "candidate"):
            (home / name / "report.json").unlink()
        seconds, peak = measured("compare", "base", "candidate", home=home)
        result |= {"compare_without_reports_s": seconds, "compare_without_reports_peak_bytes": peak}
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
