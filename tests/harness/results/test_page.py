"""The page of two runs, made by the real commands and opened in a real browser, with hostile text all over it."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest
from hostile_text import HOSTILE

from codecrucible.benchmarks import load_benchmark

CRUCIBLE = Path(sys.executable).with_name("crucible")
pytestmark = [pytest.mark.docker, pytest.mark.timeout(120), pytest.mark.usefixtures("engine")]

ATTACKS = [
    "    return '</script><script>window.hacked = 1</script><img src=x onerror=window.hacked=1>'\n",
    "    return '\u202e\x1b[2J\x00 <style>main{display:none}</style> ${window.hacked=1} &lt;b&gt; \u2028'\n",
    "    return eval('1')\n",
    "    return 0  # '"
    + "</main>" * 50
    + " ".join(text for text in HOSTILE if len(text) < 5000).replace("\n", " ")
    + "\n",
]
TEN_MEGABYTES = "    return 0  # '" + "</script>" * 1_100_000 + "\n"
NAMES = ("<img src=x onerror=window.hacked=1>", "candidate")


def fails(run, place, index):
    """One sample of each problem in the first run; in the second all but one of every other problem."""
    return (place + index) % 3 == 0 or (run == 1 and place % 2 == 0 and index > 0)


def completion(run, place, index):
    """What fails in the place of a sample; "" where it passes."""
    if (run, place, index) == (0, 5, 1):
        return TEN_MEGABYTES
    return ATTACKS[(place + index) % 4] if fails(run, place, index) else ""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Folder with the runs `0` and `1`, and their page."""
    home = tmp_path_factory.mktemp("page")
    problems = load_benchmark("starter[:6]").problems
    for run, name in enumerate(NAMES):
        lines = [
            {"task_id": problem.problem_id, "completion": completion(run, place, index) or problem.reference}
            for place, problem in enumerate(problems)
            for index in range(3)
        ]
        (home / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
        made = ["evaluate", f"{name}.jsonl", "--benchmark", "starter[:6]", "--prompt-form", "completion"]
        subprocess.run([CRUCIBLE, *made, "--out", str(run), "--quiet"], cwd=home, check=True, capture_output=True)
    subprocess.run([CRUCIBLE, "compare", "0", "1", "--html", "page.html"], cwd=home, check=True, capture_output=True)
    ranked = ["leaderboard", "0", "1", "--baseline", "0", "--html", "board.html"]
    subprocess.run([CRUCIBLE, *ranked], cwd=home, check=True, capture_output=True)
    return home


@pytest.fixture(scope="module")
def browser(home):
    """Headless Chromium. Skip where there is none; in CI fail."""
    binary, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (binary and driver):
        reason = "no chromium and chromedriver: apt-get install chromium chromium-driver"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1300,1000"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    chromium = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield chromium
    chromium.quit()


@pytest.fixture(params=["page.html"])
def page(browser, home, request):
    """A page, just opened; afterwards there is no error, and nothing that a completion brought ran or was drawn."""
    from selenium.common.exceptions import StaleElementReferenceException
    from selenium.webdriver.support.ui import WebDriverWait

    wait = WebDriverWait(browser, 10, poll_frequency=0.05, ignored_exceptions=(StaleElementReferenceException,))
    browser.get("about:blank")
    browser.get_log("browser")
    browser.get((home / request.param).as_uri())

    class Page:
        def find(self, selector):
            def there(_):
                found = browser.find_elements("css selector", selector)
                return [each for each in found if each.is_displayed()] or False

            return wait.until(there)

        def at(self, address):
            script = "return document.querySelector('main').dataset.address"
            wait.until(lambda _: browser.execute_script(script) == f"#{address}", f"{address} is not shown")

        def go(self, address):
            browser.execute_script("location.hash = arguments[0]", address)
            self.at(address)

        def text(self, selector="main"):
            # The driver takes no lone surrogates.
            script = "return document.querySelector(arguments[0]).textContent.toWellFormed()"
            return browser.execute_script(script, selector)

    yield Page()
    assert browser.execute_script("return window.hacked") is None
    assert browser.find_elements("css selector", "img, iframe, object, embed, main script, main style") == []
    assert browser.get_log("browser") == []


def test_a_sample_is_three_clicks_from_the_scores(page):
    page.find("td a")[0].click()
    page.find(".row")[0].click()
    page.find(".chip")[0].click()
    page.at("/s/0/0/0")
    assert "sample 0" in page.text("h1")


def test_names_and_texts_are_shown_as_they_are(page):
    assert NAMES[0] in page.text()
    for place in range(4):
        page.go(f"/s/{place}/0/{(3 - place) % 3}?t=completion")
        page.find("pre")
        shown = page.text("pre").replace("1    ", "", 1)
        assert re.sub("[\ud800-\udfff]", "\ufffd", ATTACKS[(place + (3 - place) % 3) % 4].strip()) in shown


def test_of_a_completion_of_ten_megabytes_the_beginning_is_shown(page):
    page.go("/s/5/0/1?t=completion")
    page.find("pre")
    shown = page.text("pre")
    assert "</script>" * 1000 in shown
    assert len(shown) < 100_000


def test_lost_problems_are_those_that_the_candidate_passes_less_often(page):
    page.go("/problems?f=lost")
    rows = page.find(".row")
    for row in rows:
        base, candidate = (cell.text for cell in row.find_elements("css selector", ".cell"))
        assert int(candidate[0]) < int(base[0])
    assert f"Problems: {len(rows)} of 6" in page.text("h1")


def test_search_and_keys_lead_to_a_problem(page):
    from selenium.webdriver.common.keys import Keys

    page.go("/problems")
    body = page.find("body")[0]
    body.send_keys("/")
    page.find("#search")[0].send_keys("starter/4", Keys.ENTER)
    page.at("/problems?q=starter%2F4")
    assert len(page.find(".row")) == 1
    page.find("body")[0].send_keys(Keys.ENTER)
    page.at("/p/4")
    assert page.text("h1") == "starter/4"
    page.find("body")[0].send_keys("k")
    page.at("/p/3")
    assert page.text("h1") == "starter/3"


def test_the_address_asked_for_last_is_the_one_that_is_shown(page, browser):
    browser.execute_script("location.hash = '/s/5/0/1'; setTimeout(() => { location.hash = '/problems'; }, 1)")
    page.at("/problems")
    time.sleep(1)
    assert "Problems: 6 of 6" in page.text("h1")


def test_findings_stand_at_their_lines(page):
    page.go("/s/4/0/2")
    line, note = page.find("pre .found")[0], page.find("pre .note")[0]
    assert "eval('1')" in line.text.replace("\xa0", " ")
    assert "CWE-78" in note.text


def test_a_diff_shows_what_each_program_has_alone(page):
    page.go("/d/0/0/0/1/2")
    assert "window.hacked = 1" in page.find("pre .del")[0].text
    assert page.find("pre .add")


def test_an_address_that_leads_nowhere_says_so(page, browser):
    page.go("/problems?f=nothing%3Cimg%3E&s=change")
    assert "Problems: 0 of 6" in page.text("h1")


@pytest.mark.parametrize("page", ["board.html"], indirect=True)
def test_a_leaderboard_is_sorted_by_a_click_and_keeps_that_in_its_address(page, browser):
    assert NAMES[0] in page.text()
    page.find("th button")[3].click()
    page.at("0.3.down")
    highest_first = [row.text for row in page.find(".board tbody tr")]
    page.find("th[aria-sort=descending] button")[0].click()
    page.at("0.3.up")
    assert [row.text for row in page.find(".board tbody tr")] == highest_first[::-1]
    page.go("7.99.sideways")
    assert len(page.find(".board tbody tr")) == 2


def test_no_script_that_was_put_in_later_runs(browser, home):
    browser.get((home / "page.html").as_uri())
    browser.execute_script(
        """
        const script = document.createElement("script");
        script.textContent = "window.hacked = 1";
        document.body.append(script);
        document.body.insertAdjacentHTML("beforeend", '<img src=x onerror="window.hacked = 1">');
        """
    )
    time.sleep(0.3)
    assert browser.execute_script("return window.hacked") is None


def test_a_page_made_twice_is_the_same(home, tmp_path):
    for name in ("one", "two"):
        target = tmp_path / f"{name}.html"
        subprocess.run([CRUCIBLE, "report", "0", "1", "--html", target], cwd=home, check=True, capture_output=True)
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


def test_the_page_is_served_to_this_machine_alone(home, begin):
    server = begin([CRUCIBLE, "view", "0", "1"], cwd=home, stdout=subprocess.PIPE, text=True)
    url = server.stdout.readline().strip()
    assert url.startswith("http://127.0.0.1:")
    port = int(url.rstrip("/").rpartition(":")[2])
    for path, host, status in (
        ("/", "localhost", 200),
        ("/", "evil.example", 404),
        ("/../etc/passwd", "localhost", 404),
    ):
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", path, headers={"Host": f"{host}:{port}"})
        answer = connection.getresponse()
        assert answer.status == status
        assert (b"Content-Security-Policy" in answer.read()) is (status == 200)
        connection.close()
