"""Makes the pictures of this folder, in headless Chromium.

    python docs/pages/make.py
    python docs/pages/make.py runs/base runs/candidate

Without runs it makes two of its own: the first 60 reference solutions of HumanEval, three samples each, some of them
with a fault put in, more in the candidate. They are executed, so that every verdict and finding shown is real.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from selenium import webdriver

from codecrucible.benchmarks import load_benchmark

HERE = Path(__file__).parent
CRUCIBLE = Path(sys.executable).with_name("crucible")
BENCHMARK, SAMPLES = "humaneval[:60]", 3
RATES = {"base": 0.3, "candidate": 0.5}  # of samples with a fault, on average
FAULTS = (
    lambda text: text.replace(" + ", " - ", 1),
    lambda text: text.replace("<=", "<", 1),
    lambda text: text.replace(" == ", " != ", 1),
    lambda text: text.replace(":\n", "\n", 1),
    lambda text: text.replace("return ", "return not ", 1),
    lambda _: "    return None  # gave up\n",
    lambda _: "    return answers[0]\n",
    lambda _: '    """Evaluates what it is given.\n\n    Quick, and # not safe.\n    """\n    return eval("0")\n',
)


def make_run(home: Path, name: str) -> Path:
    """Run folder of the reference solutions, some with a fault."""
    with (home / f"{name}.jsonl").open("w", encoding="utf-8") as file:
        for problem in load_benchmark(BENCHMARK).problems:
            hard = Random(problem.problem_id).random()  # noqa: S311  # both runs fail the same problems more often
            for index in range(SAMPLES):
                source = Random(f"{name} {problem.problem_id} {index}")  # noqa: S311
                faulty = source.random() < 2 * RATES[name] * hard
                text = source.choice(FAULTS)(problem.reference) if faulty else problem.reference
                file.write(json.dumps({"task_id": problem.problem_id, "completion": text}) + "\n")
    made = [CRUCIBLE, "evaluate", f"{name}.jsonl", "--benchmark", BENCHMARK, "--prompt-form", "completion"]
    subprocess.run([*made, "--name", name, "--out", name, "--quiet"], cwd=home, check=True, stdout=subprocess.DEVNULL)
    return home / name


def views(lost: str) -> list[tuple[str, str, str, tuple[int, int]]]:
    """Name of the picture, page, address in it and size; `lost` is the address of a problem that was lost."""
    row, sample = lost.split("/")
    return [
        ("overview", "comparison.html", "/", (1200, 970)),
        ("overview-dark-phone", "comparison.html", "/", (390, 900)),
        ("matrix", "comparison.html", "/problems?s=change", (1200, 500)),
        ("problem", "comparison.html", f"/p/{row}", (1200, 760)),
        ("sample", "comparison.html", f"/s/{row}/1/{sample}", (1200, 720)),
        ("diff", "comparison.html", f"/d/{row}/0/0/1/{sample}", (1200, 720)),
        ("leaderboard", "leaderboard.html", "/", (1200, 520)),
    ]


def main() -> None:
    """Make every picture."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("runs", nargs="*", type=Path, metavar="RUN", help="two, or none")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        runs = [each.resolve() for each in chosen.runs] or [make_run(home, name).relative_to(home) for name in RATES]
        for command, page in (("compare", "comparison.html"), ("leaderboard", "leaderboard.html")):
            told = [CRUCIBLE, command, *runs, "--html", page]
            baseline = ["--quiet", "--baseline", runs[0]] if command == "leaderboard" else []
            subprocess.run([*told, *baseline], cwd=home, check=True, stdout=subprocess.DEVNULL)
        settings = webdriver.ChromeOptions()
        settings.binary_location = shutil.which("chromium") or ""
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"):
            settings.add_argument(argument)
        browser = webdriver.Chrome(options=settings, service=webdriver.ChromeService(shutil.which("chromedriver")))
        try:
            browser.get((home / "comparison.html").as_uri())
            first = "return lostRows(0).map(({i, cells}) => `${i}/${cells[1].why[0]}`)[0]"
            lost = browser.execute_script(first) or "0/0"
            for name, page, address, (width, height) in views(lost):
                size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
                browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
                browser.get(f"{(home / page).as_uri()}#{address}")
                browser.refresh()
                if "dark" in name:
                    browser.execute_script("document.documentElement.dataset.theme = 'dark'")
                time.sleep(0.5)
                browser.save_screenshot(str(HERE / f"{name}.png"))
        finally:
            browser.quit()


if __name__ == "__main__":
    main()
