"""Groups in the page of some runs, in a real browser, with hostile names of groups."""

import json

import pytest
from own_records import RECORD, write

from codecrucible.harness.cli.main import main
from codecrucible.harness.common.errors import EXIT_DONE, EXIT_USAGE

pytestmark = [pytest.mark.docker, pytest.mark.timeout(120), pytest.mark.usefixtures("engine")]

HOSTILE = "</script><img src=x onerror=window.hacked=1>${window.hacked=1}&lt;b&gt;'`"
RIGHT, WRONG = "    return 1\n", "    return 2\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Folder with two runs of 12 source problems in two tongues, of which the candidate fails 8 in one."""
    home = tmp_path_factory.mktemp("groups")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        records = [
            {**RECORD, "task_id": f"mine/{place}@{tongue}", "groups": {"tongue": name}}
            for tongue, name in (("en", "English"), ("other", HOSTILE))
            for place in range(12)
        ]
        write(home / "bench.jsonl", *records)
        for name, wrong in (("base", ()), ("candidate", range(12, 20))):
            lines = [
                {"task_id": record["task_id"], "completion": WRONG if place in wrong else RIGHT}
                for place, record in enumerate(records)
            ]
            write(home / f"{name}.jsonl", *lines)
            made = ["evaluate", f"{name}.jsonl", "--benchmark", "./bench.jsonl", "--out", name, "--quiet"]
            assert main(made) == EXIT_DONE
    return home


@pytest.fixture
def opened(home, monkeypatch, browser, capsys):
    """Function that runs a command and opens the page that it writes; nothing in it runs or is drawn afterwards."""
    monkeypatch.chdir(home)

    def open_page(*command):
        capsys.readouterr()
        assert main([*command, "--html", "page.html", "--json"]) == EXIT_DONE
        browser.get("about:blank")
        browser.get_log("browser")
        browser.get((home / "page.html").as_uri())
        return json.loads(capsys.readouterr().out)

    yield open_page
    assert browser.execute_script("return window.hacked") is None
    assert browser.find_elements("css selector", "img, iframe, object, embed, main script, main style") == []
    assert browser.get_log("browser") == []


CELLS = """
    const all = [...document.querySelectorAll(".data")];
    const table = all.find((each) => each.caption.textContent.endsWith(arguments[0]));
    return [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent));
"""


def test_the_page_has_scores_by_group_paired_differences_and_the_ratio_on_its_line(opened, browser):
    (told,) = opened("report", "candidate", "--by", "tongue", "--against", "English")["reports"]
    scores = browser.execute_script(CELLS, "bench.jsonl, by tongue")
    for row, each in zip(scores, told["groups"], strict=True):
        low, high = each["pass_at_1"]["ci95"]
        value = f"{100 * each['pass_at_1']['value']:.1f} % ({100 * low:.1f} to {100 * high:.1f})"
        assert row[:4] == [each["group"], "12", "12", value]
    assert [row[0] for row in scores] == ["English", HOSTILE]
    ((group, problems, *_, difference, ends, _, by_holm, lost, won),) = browser.execute_script(
        CELLS, ": pass@1 of each tongue against English"
    )
    (of_pair,) = told["against"]["pass_at_1"]
    assert (group, problems, lost, won) == (HOSTILE, "12", "8", "0")
    assert difference == f"{100 * of_pair['difference']:+.1f}"
    assert ends == f"{100 * of_pair['ci95'][0]:+.1f} to {100 * of_pair['ci95'][1]:+.1f}"
    assert float(by_holm) == pytest.approx(of_pair["p_holm"], abs=5e-4)
    ((worst, best, ratio, interval, side),) = browser.execute_script(CELLS, "worst to best tongue, by pass@1")
    found = told["against"]["worst_to_best"]
    assert (worst, best, ratio) == (HOSTILE, "English", f"{found['ratio']:.3f}")
    assert (interval, side) == (f"{found['ci95'][0]:.3f} to {found['ci95'][1]:.3f}", "below")
    drawn = browser.execute_script("return [...document.querySelectorAll('figure')].map((each) => each.textContent)")
    assert any("the four-fifths line (0.8)" in text and HOSTILE in text for text in drawn)
    assert len(browser.find_elements("css selector", "svg line.limit")) == 1


def test_the_page_of_a_comparison_has_its_differences_by_group(opened, browser):
    (told,) = opened("compare", "base", "candidate", "--by", "tongue")["comparisons"]
    rows = browser.execute_script(CELLS, "bench.jsonl: pass@1 by tongue")
    assert [(row[0], row[4]) for row in rows] == [
        (each["group"], f"{100 * each['difference']:+.1f}") for each in told["quantities"]["pass_at_1"]
    ]


def test_no_group_makes_the_page_wider_than_a_phone(opened, browser):
    opened("report", "base", "candidate", "--by", "tongue", "--against", "English")
    phone = {"width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
    try:
        assert browser.execute_script("return document.documentElement.scrollWidth") <= phone["width"]
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_a_page_that_is_served_refuses_groups_that_are_not_there(home, monkeypatch, capsys):
    monkeypatch.chdir(home)
    assert main(["view", "base", "--by", "cwe"]) == EXIT_USAGE
    assert "there are language, tongue" in capsys.readouterr().err
    assert main(["view", "base", "--against", "English"]) == EXIT_USAGE
