"""`crucible rate`: a rater at a real browser, with the keyboard alone, and requests that are not the page's."""

import json
import os
import signal
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path

import pytest
from rated_runs import two_runs

from codecrucible.harness.common.errors import EXIT_DONE
from codecrucible.harness.results.ratings.answers import read_answers

COMMAND = [sys.executable, "-m", "codecrucible", "rate", "base", "candidate", "--rater", "anna", "--out", "anna.jsonl"]
pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def home(tmp_path):
    two_runs(tmp_path)
    return tmp_path


@pytest.fixture
def served(home, begin):
    """Function that starts the command and gives it with the page's address."""

    def start(command=COMMAND):
        process = begin(command, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        return process, process.stdout.readline().strip()

    return start


class Rater:
    """Who has a keyboard and nothing else."""

    def __init__(self, browser, address):
        from selenium.webdriver.support.ui import WebDriverWait

        self.browser, self.wait = browser, WebDriverWait(browser, 30, poll_frequency=0.05)
        browser.get("about:blank")
        browser.get_log("browser")
        browser.get(address)

    def sees(self, text):
        script = "return document.getElementById('progress').textContent"
        self.wait.until(lambda _: self.browser.execute_script(script) == text, f"{text!r} is not shown")

    def types(self, *keys):
        from selenium.webdriver.common.action_chains import ActionChains

        ActionChains(self.browser).send_keys(*keys).perform()

    def text(self, selector="main"):
        return self.browser.execute_script("return document.querySelector(arguments[0]).textContent", selector)


def test_a_rater_answers_three_pairs_by_keyboard_is_interrupted_and_goes_on(served, home, browser):
    from selenium.webdriver.common.keys import Keys

    process, address = served()
    rater = Rater(browser, address)
    rater.sees("0 of 4 rated")
    assert "</script><img src=x" in rater.text(".rated pre")
    rater.types("5", "4", "3", "2", "a", Keys.ENTER)
    rater.sees("1 of 4 rated")
    rater.types("t", "1", "1", "1", "1", Keys.ENTER)
    rater.sees("2 of 4 rated")
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=60)
    assert process.returncode == EXIT_DONE
    assert "2 of 4 rated, in anna.jsonl; the same command resumes" in told
    rater.types("2", "2", "2", "2", "b", Keys.ENTER)
    rater.wait.until(lambda _: browser.find_elements("css selector", "#wrong"))

    process, address = served()
    rater = Rater(browser, address)
    rater.sees("2 of 4 rated")
    rater.types("2", "2", "2", "2", Keys.ENTER)  # which is better is not said yet
    rater.types("b", Keys.ENTER)
    rater.sees("3 of 4 rated")
    rater.types("u")
    rater.sees("2 of 4 rated")
    rater.types("3", "3", "3", "3", "b", Keys.ENTER)
    rater.sees("3 of 4 rated")
    rater.types("3", "3", "3", "3", "b", Keys.ENTER)
    rater.sees("4 of 4 rated")
    assert rater.text("h1") == "All is rated"
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == EXIT_DONE

    answers = read_answers(home / "anna.jsonl")
    assert [each.preference for each in answers] == ["a", "tie", "b", "b"]
    assert answers[0].samples[0].scores == {"readability": 5, "efficiency": 3}
    assert answers[0].samples[1].scores == {"readability": 4, "efficiency": 2}
    assert len({each.problem_id for each in answers}) == 4
    assert browser.execute_script("return window.hacked") is None
    assert browser.find_elements("css selector", "img, iframe, main script") == []


def test_neither_the_page_nor_its_source_nor_its_address_names_a_run(served, browser):
    _, address = served()
    rater = Rater(browser, address)
    rater.sees("0 of 4 rated")
    seen = browser.page_source + browser.current_url + browser.title
    fetched = browser.execute_async_script("fetch('item').then((a) => a.text()).then(arguments[0])")
    for told in ('candidate"', "run-of", "base</", 'sha256"', "/base"):
        assert told not in seen + fetched, told
    assert browser.get_log("browser") == []


def test_a_run_alone_is_rated_without_a_choice_between_two(served, home, browser):
    from selenium.webdriver.common.keys import Keys

    _, address = served([*COMMAND[:4], "base", "--questions", "taste", "--out", "anna.jsonl"])
    rater = Rater(browser, address)
    rater.sees("0 of 5 rated")
    assert rater.text(".rated h2") == "Program"
    rater.types("a", "4", Keys.ENTER)
    rater.sees("1 of 5 rated")
    (answer,) = read_answers(home / "anna.jsonl")
    assert (answer.preference, [each.scores for each in answer.samples]) == ("", [{"taste": 4}])
    assert browser.get_log("browser") == []


AXE = """
    axe.run().then(({violations}) => arguments[0](violations.map(({id, nodes}) => [id, nodes.length, nodes[0].html])));
"""


def test_the_page_fits_a_phone_and_axe_finds_nothing_that_keeps_people_out(served, browser):
    _, address = served()
    phone = {"width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    rater = Rater(browser, address)
    rater.sees("0 of 4 rated")
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
    try:
        assert browser.execute_script("return document.documentElement.scrollWidth") <= phone["width"]
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    if not os.environ.get("AXE_CORE"):
        pytest.skip("set AXE_CORE to the axe.min.js of the npm package axe-core")
    browser.execute_script(Path(os.environ["AXE_CORE"]).read_text())
    for theme in ("light", "dark"):
        browser.execute_script("document.documentElement.dataset.theme = arguments[0]", theme)
        assert browser.execute_async_script(AXE) == [], theme


def test_requests_that_are_not_the_pages_are_refused_and_write_nothing(served, home):
    _, address = served()
    port, token = int(address.split(":")[2].partition("/")[0]), address.rstrip("/").rpartition("/")[2]
    good = json.dumps({"done": 0, "scores": [{"readability": 1, "efficiency": 1}] * 2, "preference": "a"}).encode()
    ours = {"Host": f"127.0.0.1:{port}", "Content-Type": "application/json"}

    def ask(method, path, headers=None, body=None):
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request(method, path, body=body, headers=ours | (headers or {}))
        answer = connection.getresponse()
        told = answer.read()
        connection.close()
        return answer.status, told, answer.headers

    status, page, headers = ask("GET", f"/{token}/")
    assert status == 200
    assert b"connect-src 'self'" in page
    assert headers["X-Frame-Options"] == "DENY"
    for method, path, more, body in (
        ("GET", "/", None, None),
        ("GET", "/item", None, None),
        ("GET", "/wrong-token/item", None, None),
        ("GET", f"/{token}/item", {"Host": f"evil.example:{port}"}, None),
        ("GET", f"/{token}/../../etc/passwd", None, None),
        ("GET", f"/{token}/answer", None, None),
        ("POST", "/wrong-token/answer", None, good),
        ("POST", f"/{token}/answer", {"Host": f"evil.example:{port}"}, good),
        ("POST", f"/{token}/answer", {"Content-Type": "text/plain"}, good),
        ("POST", f"/{token}/answer", {"Origin": "https://evil.example"}, good),
        ("POST", f"/{token}/answer", {"Sec-Fetch-Site": "cross-site"}, good),
        ("POST", f"/{token}/undo", {"Origin": "null"}, b"{}"),
    ):
        assert ask(method, path, more, body)[0] == 404, (method, path, more)
    for body in (b"", b"[]", b"{", b'{"done": 0}', b'{"done": 0, "scores": 3, "preference": "a"}', b"x" * 20_000):
        assert ask("POST", f"/{token}/answer", None, body)[0] == 400, body[:20]
    assert (home / "anna.jsonl").read_bytes() == b""
    origin = {"Origin": f"http://127.0.0.1:{port}", "Sec-Fetch-Site": "same-origin"}
    assert ask("POST", f"/{token}/answer", origin, good)[0] == 200
    assert ask("POST", f"/{token}/answer", origin, good)[0] == 400  # a second time
    assert len(read_answers(home / "anna.jsonl")) == 1
