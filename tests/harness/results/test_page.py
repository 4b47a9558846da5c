"""The page of some runs, made by the real commands and opened in a real browser, with hostile text all over it."""

import csv
import io
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
from codecrucible.harness.common.errors import EXIT_DONE, EXIT_REGRESSION
from codecrucible.reports.views.safe_text import for_csv, for_latex, for_markdown

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


def csv_cell(text):
    """As the cell stands in a line of CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow([for_csv(text)])
    return out.getvalue()


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
    shutil.copytree(home / "1", home / "2")  # of the same name and run id as 1, and it fails the second problem, too
    judged = (home / "2" / "judgements.jsonl").read_text().splitlines(keepends=True)
    changed = [line.replace('"passed"', '"timeout"') if '"starter/1"' in line else line for line in judged]
    (home / "2" / "judgements.jsonl").write_text("".join(changed))
    for command, candidates, page in (("gate", ["1"], "page.html"), ("compare", ["1", "2"], "three.html")):
        compared = [CRUCIBLE, command, "0", *candidates, "--html", page]
        done = subprocess.run(compared, cwd=home, check=False, capture_output=True)
        assert done.returncode in {EXIT_DONE, EXIT_REGRESSION}
    ranked = ["leaderboard", "0", "1", "--baseline", "0", "--html", "board.html"]
    subprocess.run([CRUCIBLE, *ranked], cwd=home, check=True, capture_output=True)
    return home


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

        def says(self, selector, text):
            wait.until(lambda _: self.text(selector) == text, f"{selector} does not say {text!r}")

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


def test_the_first_screen_has_the_decision_and_leads_to_why_a_problem_was_lost_in_one_click(page):
    assert page.text(".decision .state").split()[1] in {"REGRESSION", "INCONCLUSIVE", "PASS"}
    assert "pass@1 on starter[:6]" in page.text(".decision .headline")
    assert "pass@1" in page.text(".forest")
    page.find("a.quiet")[0].click()
    page.find("pre .ln")
    assert "candidate" in page.text("h1")
    assert "wrong_answer" in page.text(".facts")


@pytest.mark.usefixtures("page")
def test_numbers_are_rounded_as_in_the_tables(browser):
    values = [*(number / 16 for number in range(80)), *(number / 1000 for number in range(5, 20000, 10)), 38.25, 99.95]
    for digits in (0, 1, 2):
        shown = browser.execute_script(f"return arguments[0].map((value) => fixed(value, {digits}))", values)
        assert shown == [f"{value:.{digits}f}" for value in values]


@pytest.mark.parametrize("page", ["three.html"], indirect=True)
def test_each_of_several_candidates_has_its_own_lost_problems(page, browser):
    from selenium.webdriver.common.keys import Keys

    assert "candidate.jsonl (1)" in page.text()
    assert "candidate.jsonl (2)" in page.text()
    lost = [cell.text for cell in page.find("td[data-label=lost] a")]
    assert int(lost[0]) < int(lost[1])
    for place, count in enumerate(lost):
        page.go("/")
        page.find("td[data-label=lost] a")[place].click()
        page.at(f"/problems?f=lost&b=starter%5B%3A6%5D&c={place}")
        assert page.text("h1") == f"Problems: {count} of 6"
        assert len(page.find(".row")) == int(count)
    first, second = (f"/p/{row}?c=1" for row in browser.execute_script("return lostRows(1).map(({i}) => i)")[:2])
    for key, address in (
        ("n", first),
        ("n", second),
        ("p", first),
        (Keys.ESCAPE, "/problems?f=lost&b=starter%5B%3A6%5D&c=1"),
    ):
        page.find("body")[0].send_keys(key)
        page.at(address)


def test_names_and_texts_are_shown_as_they_are(page):
    assert NAMES[0] in page.text()
    for place in range(4):
        page.go(f"/s/{place}/0/{(3 - place) % 3}?t=completion")
        page.find("pre")
        shown = page.text("pre")
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
        assert "error: " in row.text or "wrong_answer: " in row.text
    assert f"Problems: {len(rows)} of 6" in page.text("h1")


def test_search_finds_ids_code_errors_and_verdicts_as_one_types(page):
    from selenium.webdriver.common.keys import Keys

    body, field = page.find("body")[0], page.find("#search")[0]
    having = [
        place
        for place in range(6)
        if any(completion(run, place, index) == ATTACKS[2] for run in range(2) for index in range(3))
    ]
    searches = (("starter/4", 1, "starter/4"), ("EVAL('1')", len(having), "program: "), ("out_of_memory", 0, ""))
    for words, count, kind in searches:
        body.send_keys("/")
        field.send_keys(Keys.CONTROL, "a", Keys.NULL, words)
        page.says("h1", f"Problems: {count} of 6")
        assert kind in page.text(".rows")
    body.send_keys("/")
    field.send_keys(Keys.ESCAPE)
    page.says("h1", "Problems: 6 of 6")
    page.go("/problems?q=starter%2F4")
    page.find(".row")
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


def test_of_two_programs_the_candidates_is_the_added_one_however_one_came_there(page):
    page.go("/d/0/0/0/1/2")
    assert "window.hacked = 1" in page.find("pre .del")[0].text
    assert page.find("pre .add")
    for address in ("/s/0/0/0", "/s/0/1/2", "/p/0"):
        page.go(address)
        page.find("body")[0].send_keys("d")
        page.find(".two h2")
        assert [side.text.split()[0] for side in page.find(".two h2")] == ["\N{MINUS SIGN}", "+"]
        assert "candidate" in page.find(".two h2")[1].text
    page.go("/s/0/0/0?t=reference")
    assert page.text("pre .add").startswith("+ ")


PAINTED = """
    return [...code(arguments[0], arguments[1]).querySelectorAll(".k, .s, .c, .d, .doc")]
      .map((each) => [each.className, each.textContent]);
"""


def test_strings_docstrings_and_comments_are_coloured_as_such_over_lines(page, browser):
    source = 'def f(a):\n    """One\n    # two\n    """\n    return "a # b" + a[0]  # "no string"\n'
    assert browser.execute_script(PAINTED, source, "python") == [
        ["k", "def"],
        ["doc", '"""One'],
        ["doc", "    # two"],
        ["doc", '    """'],
        ["k", "return"],
        ["s", '"a # b"'],
        ["d", "0"],
        ["c", '# "no string"'],
    ]
    lifetimes = "fn f<'a>(x: &'a str) -> char { /* a\n b */ 'x' } // end"
    kinds = [kind for kind, _ in browser.execute_script(PAINTED, lifetimes, "rust")]
    assert kinds == ["k", "k", "c", "c", "s", "c"]
    for hostile in ('"', "'", '"""', "/*", "\\", "#", "(*"):
        text = hostile * 40_000
        assert browser.execute_script("return code(arguments[0], 'python').textContent", text).startswith(text[:40_000])


def test_tables_are_sorted_narrowed_and_copied_as_text_that_is_harmless_elsewhere(page, browser):
    table, name = page.find(".table")[0], browser.execute_script("return index.runs[0].label")
    for each in table.find_elements("css selector", "button[aria-label^=Copy]"):
        each.click()
    page.find("[data-copied] + [data-copied] + [data-copied]")
    copied = [each.get_attribute("data-copied") for each in page.find("[data-copied]")]
    assert copied[0].startswith("| run | decision | pass&#64;&#8203;1 |")
    assert for_markdown(name) in copied[0]
    assert copied[1].startswith("run,decision,pass@1,")
    assert f"  {for_latex(name)} on starter" in copied[2]
    table.find_elements("css selector", "th button")[2].click()
    assert table.find_elements("css selector", "th[aria-sort=descending]")
    table.find_element("css selector", ".choose summary").click()
    table.find_elements("css selector", ".choices input")[0].click()
    assert "decision" not in [each.text.strip() for each in table.find_elements("css selector", "th button")]
    browser.execute_script("sessionStorage.clear()")
    harmless = "return [forMarkdown, forLatex, csvCell].map((made) => made(JSON.parse(arguments[0])).toWellFormed())"
    for text in HOSTILE:
        made = browser.execute_script(harmless, json.dumps(text[:5000]))
        assert made == [for_markdown(text), for_latex(text), csv_cell(text)], ascii(text[:20])


def test_no_page_is_wider_than_a_phone(page, browser):
    phone = {"width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
    try:
        for address in ("/", "/problems", "/p/0", "/s/4/0/2", "/d/0/0/0/1/2"):
            page.go(address)
            page.find("h1")
            assert browser.execute_script("return document.documentElement.scrollWidth") <= phone["width"], address
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_an_address_that_leads_nowhere_says_so(page, browser):
    page.go("/problems?f=nothing%3Cimg%3E&s=change")
    assert "Problems: 0 of 6" in page.text("h1")


AXE = """
    axe.run().then(({violations}) => arguments[0](violations.map(({id, nodes}) => [id, nodes.length, nodes[0].html])));
"""


@pytest.mark.parametrize("page", ["three.html", "board.html"], indirect=True)
def test_axe_finds_nothing_that_keeps_people_out(page, browser, request):
    if not os.environ.get("AXE_CORE"):
        pytest.skip("set AXE_CORE to the axe.min.js of the npm package axe-core")
    browser.execute_script(Path(os.environ["AXE_CORE"]).read_text())
    addresses = (
        ["/"] if "board.html" in request.node.name else ["/", "/problems?f=lost", "/p/0", "/s/4/0/2", "/d/0/0/0/1/2"]
    )
    for theme in ("light", "dark"):
        browser.execute_script("document.documentElement.dataset.theme = arguments[0]", theme)
        for address in addresses:
            page.go(address)
            browser.execute_script("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
            assert browser.execute_async_script(AXE) == [], (theme, address)


@pytest.mark.parametrize("page", ["board.html"], indirect=True)
def test_a_leaderboard_is_sorted_by_a_click_keeps_that_in_its_address_and_leads_to_samples(page, browser):
    assert NAMES[0] in page.text()
    page.find("th button")[3].click()
    page.at("/?sort=0.3.down")
    highest_first = [row.text for row in page.find(".data tbody tr")]
    page.find("th[aria-sort=descending] button")[0].click()
    page.at("/?sort=0.3.up")
    assert [row.text for row in page.find(".data tbody tr")] == highest_first[::-1]
    assert browser.execute_script("return JSON.parse(index.boards.json).boards.length") == 1
    page.go("/?sort=7.99.sideways")
    assert len(page.find(".data tbody tr")) == 2
    page.find(".data tbody th a")[0].click()
    page.find(".row")[0].click()
    page.find(".chip")[0].click()
    page.find("pre .ln")


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
