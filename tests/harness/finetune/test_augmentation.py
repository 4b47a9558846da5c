"""Code with other names does what it did, and a docstring becomes steps to follow."""

import ast
import json
from dataclasses import replace
from pathlib import Path

import pytest

from codecrucible.benchmarks import check_benchmark, load_benchmark
from codecrucible.harness.cli.main import main
from codecrucible.harness.finetune.preparation.augmentation import renamed, variants
from codecrucible.harness.finetune.preparation.rows import Row

PROBLEMS = Path(__file__).with_name("demo_problems.jsonl")


@pytest.mark.docker
def test_renamed_solutions_still_pass_their_tests(executor):
    benchmark = load_benchmark(str(PROBLEMS))
    problems = []
    for problem in benchmark.problems:
        made = renamed(problem.prompt + problem.reference, seed=0)
        if made is not None:
            assert made.startswith(problem.prompt), "a signature that callers rely on"
            problems.append(replace(problem, reference=made.removeprefix(problem.prompt)))
    assert len(problems) > 60
    report = check_benchmark(replace(benchmark, problems=tuple(problems)), executor)
    assert report.references_passed == len(problems)


def test_local_names_and_parameters_that_nobody_can_name_change():
    code = (
        "LIMIT = 3\n\n\ndef _scale(values, factor):\n    return [value * factor for value in values]\n\n\n"
        "def total(values, extra, /, *rest, start=0):\n    größe = start\n    for value in _scale(values, LIMIT):\n"
        "        größe += value\n    return größe + sum(rest) + extra\n"
    )
    made = renamed(code, seed=0)
    assert made != renamed(code, seed=1)
    before, after = {}, {}
    exec(code, before)  # noqa: S102  # code of this test
    exec(made, after)  # noqa: S102
    assert before["total"]([1, 2], 4, 5, start=6) == after["total"]([1, 2], 4, 5, start=6) == 24
    tree = {node.name: ast.unparse(node) for node in ast.parse(made).body if isinstance(node, ast.FunctionDef)}
    assert "factor" not in tree["_scale"]
    assert "größe" not in tree["total"]
    assert "values" not in tree["total"]
    assert "start=0" in tree["total"]
    assert "LIMIT" in tree["total"]


@pytest.mark.parametrize(
    "code",
    [
        "def f(a, b):\n    return a + b\n",  # who calls it may name them
        "def f():\n    global n\n    n = 1\n    return n\n",
        "def f():\n    n = 1\n    return f'{n}'\n",
        "def f():\n    n = 1\n    return '{n}'.format(**locals())\n",
        "def f():\n    n = 1  # n is one\n    return n\n",
        "def f(t):\n    n = t.n\n    return g(n=n)\n",
        "def f():\n    n = 1\n    def g():\n        return n\n    return g()\n",
        "def f():\n    import os as n\n    return n\n",
        "def f(x):\n    match x:\n        case [n, *_]:\n            return n\n",
        "def f():\n    try:\n        return 1\n    except OSError as n:\n        return n\n",
        "n = 1\ndef f(ys, m=n):\n    return [n for n in ys]\n",
        "n = 1\ndef f(m=n):\n    n = 2\n    return n + m\n",
        "def f():\n    n = 1\n    return lambda n: n\n",
        "def _f(a):\n    return a\n\n\n_f(a=1)\n",
        "def _f(a):\n    return a\n\n\n_f(**{'a': 1})\n",
        "class A:\n    def _f(self):\n        self.n = 1\n        return self.n\n",
        "def f(:\n",
    ],
)
def test_what_could_be_meant_by_its_name_keeps_it(code):
    assert renamed(code, seed=0) is None


def test_code_too_deep_to_look_into_is_left_as_it_is():
    deep = "def f():\n    n = " + "+".join(["1"] * 1500) + "\n    return n\n"
    assert not list(variants(Row(texts=(deep,), origin="here"), ["rename", "docstring"], seed=0))


def test_a_docstring_becomes_steps_to_follow():
    body = '    """Read the words. Count each.\n\n    >>> count("a a")\n    2\n    """\n    return len(text.split())\n'
    row = Row(texts=("import re\n\n\ndef count(text):\n" + body,), origin="here", group="folder")
    ((kind, made),) = variants(row, ["docstring"], seed=0)
    assert kind == "docstring"
    assert made.texts[0].splitlines()[2:] == [
        "FUNCTION count",
        "INPUT text",
        "STEP 1: Read the words.",
        "STEP 2: Count each.",
    ]
    assert made.code().rstrip() == row.code().rstrip()
    assert (made.origin, made.group) == ("here (docstring)", "folder")
    for other in ("def f():\n    return 1\n", "X = 1\n" + row.texts[0], row.texts[0] * 2):
        assert not list(variants(replace(row, texts=(other,)), ["docstring"], seed=0))


def test_rows_are_made_beside_those_they_are_made_of_and_counted(tmp_path, capsys):
    texts = [
        f'def area_{word}(side):\n    """Return the area of a {word}."""\n    {word}_square = side * side\n'
        f"    return {word}_square * {number} + len({word!r})\n"
        for number, word in enumerate(["lamp", "river", "stone", "cloud", "maple", "tiger", "piano", "ocean"])
    ]
    source = tmp_path / "rows.jsonl"
    source.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    options = ["--augment", "rename,docstring", "--no-pylint", "--against", "starter", "--validation-share", "0.4"]
    assert (
        main(["finetune", "prepare", str(source), "--out", str(tmp_path / "data"), "--json", "--quiet", *options]) == 0
    )
    card = json.loads(capsys.readouterr().out)
    assert card["augmented"] == {"rename": 8, "docstring": 8}
    assert card["rules"]["augment"] == ["rename", "docstring"]
    assert "Made of other rows by rename: 8" in (tmp_path / "data" / "README.md").read_text()
    sides = []
    for name in ("train.jsonl", "validation.jsonl"):
        written = [json.loads(line) for line in (tmp_path / "data" / name).read_text().splitlines()]
        sides.append({row["origin"].partition(" (")[0] for row in written})
        assert len(written) == 3 * len(sides[-1])
    assert sides[0].isdisjoint(sides[1])
    assert min(map(len, sides)) > 0
