"""Groups that records of a user's own name, in each format that is read."""

import json

import pytest
from own_records import RECORD, write

from codecrucible.benchmarks import load_benchmark

GROUPS = {"topic": "dates", "level": "hard"}
FORMATS = {
    "HumanEval": RECORD,
    "MBPP": {"task_id": 1, "text": "Return 1.", "code": "def one():\n    return 1", "test_list": ["assert one() == 1"]},
    "EvalPlus": {
        "task_id": "mine/0",
        "prompt": 'def same(x):\n    """Return x."""\n',
        "entry_point": "same",
        "canonical_solution": "    return x\n",
        "base_input": [[1]],
        "plus_input": [],
    },
    "MultiPL-E": {
        "name": "mine_0_one",
        "language": "lua",
        "prompt": "-- Return 1.\nlocal function one()\n",
        "tests": "lu = require('luaunit')\n\nfunction test_humaneval()\nlocal candidate = one\n"
        "    lu.assertEquals(candidate(), 1)\nend\n\nos.exit(lu.LuaUnit.run())",
        "stop_tokens": ["\nend"],
    },
    "our own": {
        "problem_id": "mine/0",
        "prompt": "Print 1.",
        "language": "java",
        "cases": [{"stdin": "", "expected": "1"}],
    },
}


@pytest.mark.parametrize("record", FORMATS.values(), ids=FORMATS)
def test_a_record_of_any_format_may_name_groups(tmp_path, record):
    path = write(tmp_path / "own.jsonl", {**record, "groups": GROUPS})
    (problem,) = load_benchmark(str(path)).problems
    assert dict(problem.groups) == GROUPS
    (plain,) = load_benchmark(str(write(tmp_path / "plain.jsonl", record))).problems
    assert plain.groups == ()


@pytest.mark.parametrize("group", ["", " x", "x\x1b[31m", "x" * 101, None, 3, ["x"]])
def test_a_group_is_a_short_text_that_is_printed(tmp_path, group):
    path = write(tmp_path / "own.jsonl", RECORD, {**RECORD, "task_id": "mine/1", "groups": {"topic": group}})
    (refused,) = load_benchmark(str(path)).refused
    assert refused.reason.startswith("own.jsonl:2: field 'groups.topic': expected a text of 1 to 100 characters")


def test_a_problem_has_its_language_of_itself(tmp_path):
    path = write(tmp_path / "own.jsonl", RECORD, {**RECORD, "task_id": "mine/1", "groups": {"language": "lua"}})
    (refused,) = load_benchmark(str(path)).refused
    assert "every problem has a language of its own" in refused.reason


def test_a_row_of_livecodebench_is_in_groups_by_difficulty_and_platform(tmp_path):
    from livecodebench_data import ROWS

    rows = [{**row, "difficulty": "hard"} for row in ROWS[:1]] + [{**ROWS[1], "difficulty": "\x1b"}]
    for row in rows:
        row["platform"] = "leetcode"
    path = tmp_path / "lcb.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    first, second = load_benchmark(f"livecodebench:{path}").problems
    assert first.groups == (("difficulty", "hard"), ("platform", "leetcode"))
    assert second.groups == (("platform", "leetcode"),)
