"""Makes the pictures of this folder from real runs, in headless Chromium.

    python docs/pages/make.py runs/finetune-lora-runs/0-base runs/finetune-lora-runs/0-candidate

The runs are those that `make finetune-demo` leaves behind; `make pages` does both.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from selenium import webdriver

HERE = Path(__file__).parent
CRUCIBLE = Path(sys.executable).with_name("crucible")
WIDE, PHONE = (1280, 900), (500, 900)


def views(lost: int) -> list[tuple[str, str, str, tuple[int, int]]]:
    """Name of the picture, page, address in it and size; `lost` is the place of a problem that the candidate lost."""
    return [
        ("overview", "comparison.html", "/", (1280, 1500)),
        ("overview-dark-phone", "comparison.html", "/", PHONE),
        ("matrix", "comparison.html", "/problems?s=change", WIDE),
        ("problem", "comparison.html", f"/p/{lost}", WIDE),
        ("sample", "comparison.html", f"/s/{lost}/1/0", WIDE),
        ("diff", "comparison.html", f"/d/{lost}/0/0/1/0", WIDE),
        ("leaderboard", "leaderboard.html", "", (1280, 620)),
    ]


def main() -> None:
    """Make every picture."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("runs", nargs=2, type=Path, metavar="RUN")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as home:
        pages = Path(home)
        for command, page in (("compare", "comparison.html"), ("leaderboard", "leaderboard.html")):
            told = [CRUCIBLE, command, *chosen.runs, "--html", pages / page, "--quiet"]
            baseline = ["--baseline", chosen.runs[0]] if command == "leaderboard" else []
            subprocess.run([*told, *baseline], check=True, stdout=subprocess.DEVNULL)
        settings = webdriver.ChromeOptions()
        settings.binary_location = shutil.which("chromium") or ""
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"):
            settings.add_argument(argument)
        browser = webdriver.Chrome(options=settings, service=webdriver.ChromeService(shutil.which("chromedriver")))
        try:
            browser.get((pages / "comparison.html").as_uri())
            lost = browser.execute_script(
                "return index.rows.findIndex(({cells}) => cells[0].c / cells[0].n > cells[1].c / cells[1].n)"
            )
            for name, page, address, size in views(max(0, lost)):
                browser.set_window_size(*size)
                browser.get(f"{(pages / page).as_uri()}#{address}")
                browser.refresh()
                if "dark" in name:
                    browser.execute_script("document.documentElement.dataset.theme = 'dark'")
                time.sleep(0.5)
                browser.save_screenshot(str(HERE / f"{name}.png"))
        finally:
            browser.quit()


if __name__ == "__main__":
    main()
