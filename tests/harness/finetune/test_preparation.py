"""Data for training: what goes in, what each step drops, and the folder that comes out."""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest

from codecrucible.benchmarks import load_benchmark
from codecrucible.harness.cli.main import main
from codecrucible.harness.cli.prepare import add_parser
from codecrucible.harness.common.errors import EXIT_INTERRUPTED, NothingToDo, UsageError
from codecrucible.harness.finetune.preparation import linting
from codecrucible.harness.finetune.preparation.data_folder import new_folder
from codecrucible.harness.finetune.preparation.decontamination import Decontamination, installed_benchmarks
from codecrucible.harness.finetune.preparation.duplicates import NearIndex, jaccard, shingles_of
from codecrucible.harness.finetune.preparation.leaks import PrivateKey, without_leaks
from codecrucible.harness.finetune.preparation.pipeline import BATCH
from codecrucible.harness.finetune.preparation.splitting import validation_rows

HELPERS = Path(__file__).parents[2] / "helpers"
GOOD = "def area_of_ring(outer, inner):\n    return 3 * (outer * outer - inner * inner)\n"
WORDS = ("lamp", "river", "stone", "cloud", "maple", "tiger", "piano", "ocean")


def function(number):
    words = random.Random(number).sample(WORDS, 4)  # noqa: S311  # no secret
    lines = "".join(f"    {word}_{number} = {word} + {number}\n" for word in words)
    return f"def make_{number}({', '.join(words)}):\n{lines}    return {words[0]}_{number}\n"


def write_lines(path, records):
    path.write_bytes(b"".join(json.dumps(each).encode() + b"\n" for each in records))
    return str(path)


def parsed(*arguments):
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    return parser.parse_args(["prepare", "--quiet", "--json", *map(str, arguments)])


def prepare(capsys, tmp_path, *sources, options=("--no-pylint", "--against", "starter"), out="data"):
    chosen = parsed(*sources, "--out", tmp_path / out, *options)
    assert chosen.command(chosen) == 0
    return json.loads(capsys.readouterr().out)


def rows_of(folder, *names):
    names = names or ("train.jsonl", "validation.jsonl")
    return [json.loads(line) for name in names for line in (folder / name).read_text().splitlines()]


def dropped(card):
    return {step["name"]: step["dropped"] for step in card["steps"] if step["dropped"]}


def test_each_step_drops_what_it_is_for_and_says_so(capsys, tmp_path):
    starter = load_benchmark("starter").problems[11]
    long = "def long_function(value):\n" + "".join(f"    value += {number} * value\n" for number in range(40))
    source = write_lines(
        tmp_path / "rows.jsonl",
        [
            {"text": GOOD, "license": "MIT"},
            {"text": function(1), "license": "GPL-3.0-only"},
            {"text": function(2), "license": ["MIT", "apache-2.0"], "language": "Python"},
            {"text": "fn main() {}", "language": "Rust"},
            {"text": "def broken(:\n"},
            {"text": "def undefined():\n    return nothing_like_it\n"},
            {"text": "def one(value):\n    return value\n\n\none(1, 2)\n"},
            {"text": GOOD},
            {"text": long},
            {"text": long + "\n\nLAST = 1\n"},
            {"text": f"{starter.prompt}{starter.reference}"},
            {"text": 'key = "-----BEGIN RSA PRIVATE KEY-----"\n'},
            {"prompt": "Say hello in Python.", "completion": "Gladly, I say hello!"},
        ],
    )
    card = prepare(capsys, tmp_path, source, options=("--against", "starter"))

    once = dict.fromkeys(("licence", "language", "ruff", "pylint", "secrets", "exact", "near", "contamination"), 1)
    assert dropped(card) == {**once, "parse": 2}
    counts = [(step["in"], step["dropped"]) for step in card["steps"]]
    assert all(after[0] == before[0] - before[1] for before, after in pairwise(counts))
    assert card["contamination"]["starter"]["problems"][0] | {"words": ""} == {
        "problem": "starter/11", "rows": 1, "origin": f"{source}:11", "words": ""
    }  # fmt: skip
    assert card["licences"] == {"MIT": 2, "apache-2.0": 1, "not stated": 1}
    folder = tmp_path / "data"
    for name, file in card["files"].items():
        data = (folder / name).read_bytes()
        assert file == {"rows": len(data.splitlines()), "sha256": sha256(data).hexdigest()}
    assert json.loads((folder / "datacard.json").read_text()) == card
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "rows.jsonl"]


def test_a_row_keeps_its_form_and_its_code_is_formatted(capsys, tmp_path):
    def forms(code, bare):
        question = {"role": "user", "content": "Code?"}
        return [
            {"text": bare},
            {"prompt": "Pair two values.", "completion": f"Here:\n```python\n{code} # pair\n```\nDone."},
            {"messages": [question, {"role": "assistant", "content": f"```py\n{code} # fence\n```"}]},
        ]

    ugly, clean = "def f( a,b ):\n  return {a:b}", "def f(a, b):\n    return {a: b}"
    continued = [{"prompt": "def swap(a, b):\n", "completion": f"    return {pair}\n"} for pair in ("(b,a)", "(b, a)")]
    source = write_lines(tmp_path / "rows.jsonl", [*forms(ugly, ugly), continued[0]])
    prepare(capsys, tmp_path, source, options=("--no-pylint", "--against", "starter", "--validation-share", "0"))

    expected = [*forms(f"{clean} ", clean), continued[1]]
    assert rows_of(tmp_path / "data", "train.jsonl") == [
        {**row, "origin": f"{source}:{number}"} for number, row in enumerate(expected, start=1)
    ]


def test_general_data_is_kept_where_it_is_asked_for(capsys, tmp_path):
    talk = [{"role": "user", "content": "Capital of Peru?"}, {"role": "assistant", "content": "Lima, on the coast."}]
    source = write_lines(tmp_path / "rows.jsonl", [{"text": GOOD}, {"messages": talk, "language": "en"}])
    assert dropped(prepare(capsys, tmp_path, source)) == {"language": 1}
    options = ("--any-text", "--against", "starter", "--validation-share", "0")
    assert dropped(prepare(capsys, tmp_path, source, options=options, out="both")) == {}
    assert rows_of(tmp_path / "both", "train.jsonl")[1] == {"messages": talk, "origin": f"{source}:2"}


def test_the_card_tells_how_many_texts_are_long(capsys, tmp_path):
    long = "\n\n".join(map(function, range(80)))
    card = prepare(capsys, tmp_path, write_lines(tmp_path / "rows.jsonl", [{"text": GOOD}, {"text": long}]))
    assert card["long_texts"] == {"characters": 6000, "rows": 1}
    page = (tmp_path / "data" / "README.md").read_text()
    assert "Texts of more than 6000 characters: 1; those longer than its --max-tokens" in page


def test_functions_with_docstrings_become_instructions(capsys, tmp_path):
    folder = tmp_path / "code" / "inner"
    folder.mkdir(parents=True)
    (folder / "one.py").write_text(
        'LIMIT = 3\n\n\ndef ring(a, b):\n    """Area between circles."""\n    return 3 * (a * a - b * b)\n\n\n'
        'def bare(a):\n    return a\n\n\ndef needs_limit():\n    """Use what is elsewhere."""\n    return LIMIT\n'
    )
    (folder / "latin.py").write_bytes(b"# caf\xe9\n")
    (folder / "link.py").symlink_to("/etc/passwd")
    options = ("--form", "instruction", "--no-pylint", "--against", "starter", "--validation-share", "0")
    card = prepare(capsys, tmp_path, tmp_path / "code", options=options)

    assert dropped(card) == {"read": 1, "ruff": 1}
    assert rows_of(tmp_path / "data", "train.jsonl") == [
        {
            "prompt": 'def ring(a, b):\n    """Area between circles."""\n',
            "completion": "    return 3 * (a * a - b * b)\n",
            "origin": f"{folder / 'one.py'}:4",
        }
    ]


def test_hostile_lines_are_counted_and_named_and_nothing_fails(capsys, tmp_path):
    path = tmp_path / "hostile.jsonl"
    lines = [
        b'{"text": "' + b"x" * 10_000_000 + b'"}',
        b"[" * 100_000,
        b'{"text": "a = 1\\u0000"}',
        b'\xff\xfe{"text": 1}',
        b"3",
        b'{"text": null}',
        b'{"text": "a = \'\\ud800\'"}',
        json.dumps({"text": f"a = [{'1, ' * 30_000}]"}).encode(),
        json.dumps({"text": "(" * 4_000}).encode(),
        json.dumps({"text": "x = " + "-" * 4_500 + "1"}).encode(),
        json.dumps({"messages": [{"role": "root", "content": "x"}]}).encode(),
        json.dumps({"text": GOOD}).encode(),
    ]
    path.write_bytes(b"\n".join(lines))
    card = prepare(capsys, tmp_path, path)

    assert card["files"]["train.jsonl"]["rows"] == 1
    assert sum(dropped(card).values()) == len(lines) - 1
    assert [sample["origin"] for sample in card["steps"][0]["samples"]] == [f"{path}:{n}" for n in (1, 2, 3, 4, 5)]
    page = (tmp_path / "data" / "README.md").read_text()
    assert "\0" not in page
    assert "<" not in page


def test_text_that_would_be_markup_stays_text_in_the_card(capsys, tmp_path):
    source = write_lines(
        tmp_path / "rows.jsonl",
        [{"text": GOOD}, {"text": function(1), "license": "<img src=x>|\x1b[2J @everyone"}],
    )
    prepare(capsys, tmp_path, source)
    page = (tmp_path / "data" / "README.md").read_text()

    assert not {"<", "\x1b"} & set(page)
    assert "@everyone" not in page


def test_secrets_are_replaced_and_addresses_of_examples_stay():
    token = "ghp_" + "a1B2" * 9
    text = f'token = "{token}"\npassword = "tr0ub4dor&3"\nMAIL = "ann@corp.com"\nHELP = "a@example.org"\nc = x@w.T\n'

    clean, found = without_leaks(text)

    assert clean == 'token = "<secret>"\npassword = "<secret>"\nMAIL = "<email>"\nHELP = "a@example.org"\nc = x@w.T\n'
    assert found == 3
    assert without_leaks(clean) == (clean, 0)
    with pytest.raises(PrivateKey):
        without_leaks("-----BEGIN OPENSSH PRIVATE KEY-----\nabc")


@pytest.mark.slow
@pytest.mark.timeout(60)
@pytest.mark.parametrize("text", [("password" + " " * 4900 + "\n") * 40, ("secret" * 49 + "\n") * 660])
def test_hostile_text_does_not_hold_up_the_search_for_secrets(text):
    started = time.process_time()
    assert without_leaks(text) == (text, 0)
    assert time.process_time() - started < 20


def test_the_data_card_quotes_no_secret_of_a_dropped_row(capsys, tmp_path):
    secret = "ghp_" + "a1B2" * 9
    source = write_lines(tmp_path / "rows.jsonl", [{"text": GOOD}, {"text": f'x = "{secret}"', "license": "none"}])
    card = prepare(capsys, tmp_path, source)
    assert dropped(card) == {"licence": 1}
    assert secret not in json.dumps(card)


def test_pylint_drops_a_row_with_errors_on_more_than_a_twentieth_of_its_lines():
    wrong = "class A:\n    def f(self):\n        return self.g(1, 2)\n\n    def g(self, x):\n        return x\n"
    many = "def good(x):\n" + "    x += 1\n" * 40 + "    return x\n\n\n"

    assert linting.pylint_error_lines([GOOD, wrong, many + wrong], python=(3, 11)) == [0, 1, 1]


def test_a_file_that_breaks_the_linter_costs_no_other_row(monkeypatch):
    monkeypatch.setattr(linting, "_SECONDS_AT_LEAST", 30.0)
    real = linting._run

    def breaks(tool, arguments, folder, *, files):
        if any("BREAK" in path.read_text() for path in folder.glob("*.py")):
            raise subprocess.TimeoutExpired(tool, 1)
        return real(tool, arguments, folder, files=files)

    monkeypatch.setattr(linting, "_run", breaks)
    assert linting.ruff_error_lines([GOOD, "BREAK = 1\n", "x = y\n"], python=(3, 11)) == [0, -1, 1]


def test_near_duplicates_are_those_of_an_exact_comparison_of_all_pairs():
    random_ = random.Random(5)  # noqa: S311  # no secret
    texts = []
    for _ in range(60):
        words = [f"w{random_.randrange(400)}" for _ in range(120)]
        for changes in (0, 0, 1, 1, 2, 8, 30):
            changed = list(words)
            for place in random_.sample(range(120), changes):
                changed[place] = "other"
            texts.append(" ".join(changed))
    index = NearIndex(texts.__getitem__, seed=0)
    found, expected = set(), set()
    for number, text in enumerate(texts):
        likenesses, keys = index.likenesses(text, at_least=0.9)
        index.add(number, keys)
        found |= {(each.number, number) for each in likenesses}
        shingles = shingles_of(text)
        expected |= {(other, number) for other in range(number) if jaccard(shingles, shingles_of(texts[other])) >= 0.9}

    assert found <= expected
    assert len(expected) > 100
    assert len(found) >= 0.98 * len(expected)


def test_the_split_keeps_clusters_on_one_side_and_depends_on_the_seed_alone(capsys, tmp_path):
    links = [(number, number + 1) for number in range(0, 98, 2)]
    chosen = validation_rows(100, links=links, share=0.2, seed=1)
    assert len(chosen) == 20
    assert all((a in chosen) == (b in chosen) for a, b in links)
    assert chosen == validation_rows(100, links=links, share=0.2, seed=1)
    assert chosen != validation_rows(100, links=links, share=0.2, seed=2)

    records = [{"text": function(number), "repo_name": f"r{number % 10}"} for number in range(60)]
    source = write_lines(tmp_path / "rows.jsonl", records)
    options = ("--no-pylint", "--against", "starter", "--validation-share", "0.2")
    first = prepare(capsys, tmp_path, source, options=options)
    again = prepare(capsys, tmp_path, source, options=options, out="again")
    assert first == again
    lines = [int(row["origin"].rpartition(":")[2]) - 1 for row in rows_of(tmp_path / "data", "validation.jsonl")]
    others = [int(row["origin"].rpartition(":")[2]) - 1 for row in rows_of(tmp_path / "data", "train.jsonl")]
    assert lines
    assert {line % 10 for line in lines} & {line % 10 for line in others} == set()


def test_every_starter_problem_is_recognised_and_loops_are_not():
    starter = load_benchmark("starter")
    decontamination = Decontamination([starter])
    for problem in starter.problems:
        hits = decontamination.hits(f"# copied\n{problem.prompt.upper()}{problem.reference}")
        assert problem.problem_id in {hit.problem_id for hit in hits}
    loops = (
        "for i in range(len(numbers)):\n    for j in range(i + 1, len(numbers)):\n        if numbers[i] < numbers[j]:\n"
    )
    assert decontamination.hits(loops * 5) == []


def test_a_problem_whose_prompt_is_no_description_is_recognised_by_what_the_model_is_told():
    starter = load_benchmark("starter")
    words = "Given a row of wooden boxes tell how many of them hold a red marble"
    told = replace(starter.problems[0], prompt="class Solution:\n", method="boxes", few_shot_prompt=words)
    assert len(Decontamination([replace(starter, problems=(told,))]).hits(words)) == 1


@pytest.mark.parametrize(("sharing", "hits"), [(2, 2), (3, 0)])
def test_words_that_more_than_two_problems_share_give_nothing_away(sharing, hits):
    starter = load_benchmark("starter")
    words = "# You may assume that every given value was checked before this call\n"
    shared = tuple(replace(problem, prompt=words + problem.prompt) for problem in starter.problems[:sharing])
    assert len(Decontamination([replace(starter, problems=shared)]).hits(words)) == hits


@pytest.mark.slow
@pytest.mark.usefixtures("public_data")
def test_the_standard_library_gives_almost_nothing_away():
    found, _ = installed_benchmarks(None, training_split=False)
    decontamination = Decontamination(found)
    files = sorted(Path(os.__file__).parent.glob("*.py"))
    hits = [path.name for path in files if decontamination.hits(path.read_text(encoding="utf-8", errors="replace"))]
    assert len(files) > 100
    assert len(hits) <= 0.02 * len(files)


@pytest.mark.usefixtures("public_data")
def test_mbpps_training_split_is_a_source_and_what_other_benchmarks_have_of_it_is_dropped(capsys, tmp_path):
    options = ("--no-pylint", "--no-ruff", "--against", "mbpp,mbpp:all,mbpp:sanitized")
    card = prepare(capsys, tmp_path, "mbpp:train", options=options)

    assert card["sources"] == [{"source": "mbpp:train", "records": 374}]
    assert card["contamination"]["mbpp:sanitized"]["hits"] >= 100
    assert 150 < sum(file["rows"] for file in card["files"].values()) < 300
    assert card["licences"].keys() == {"CC-BY-4.0"}


def test_a_data_set_is_streamed_through_the_datasets_library(capsys, tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = tmp_path / "stack"
    folder.mkdir()
    columns = {
        "content": [function(number) for number in range(6)],
        "max_stars_repo_licenses": [["MIT"], ["GPL-2.0"], ["MIT", "Proprietary"], ["ISC"], [], ["MIT"]],
        "lang": ["Python"] * 5 + ["Ruby"],
    }
    pq.write_table(pa.table(columns), folder / "train.parquet")
    card = prepare(capsys, tmp_path, f"hub:{folder}#train")

    assert dropped(card) == {"licence": 3, "language": 1}
    assert {row["origin"] for row in rows_of(tmp_path / "data")} == {f"hub:{folder}#train row {n}" for n in (1, 4)}


@pytest.mark.parametrize(
    ("record", "named"),
    [
        (
            {"prompt": "p", "canonical_solution": "s", "entry_point": "f", "test": ""},
            "HumanEval's form",
        ),
        ({"task_id": 3, "text": "t", "code": "c", "test_list": []}, "MBPP's form"),
        ({"name": "n", "prompt": "p", "tests": "t", "stop_tokens": []}, "licence forbids"),
    ],
)
def test_a_benchmark_in_other_clothes_is_refused(tmp_path, record, named):
    chosen = parsed(write_lines(tmp_path / "mine.jsonl", [record]), "--out", tmp_path / "data", "--against", "starter")
    with pytest.raises(UsageError, match=named):
        chosen.command(chosen)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.jsonl"]


def test_a_benchmarks_own_file_is_refused_whatever_it_is_called(tmp_path):
    copy = tmp_path / "innocent.py"
    copy.write_bytes((Path(linting.__file__).parents[3] / "benchmarks" / "sources" / "starter.jsonl").read_bytes())
    for source, named in ((copy, "the data of starter"), ("hub:nuprl/MultiPL-E", "licence forbids")):
        chosen = parsed(source, "--out", tmp_path / "data", "--against", "starter")
        with pytest.raises(UsageError, match=named):
            chosen.command(chosen)


def test_nothing_to_train_on_and_a_folder_that_is_there_are_clear_errors(tmp_path):
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    bad = write_lines(tmp_path / "bad.jsonl", [{"text": "def (:"}] * 3)
    for source, named in ((empty, "hold no row"), (bad, r"all 3 rows were dropped, by step: parse 3; .*bad.jsonl:1")):
        chosen = parsed(source, "--out", tmp_path / "data", "--against", "starter")
        with pytest.raises(NothingToDo, match=named):
            chosen.command(chosen)
    (tmp_path / "data").mkdir()
    chosen = parsed(bad, "--out", tmp_path / "data")
    with pytest.raises(UsageError, match="is there already"):
        chosen.command(chosen)


@pytest.mark.parametrize("ignored", [False, True], ids=["", "started by a script in the background"])
@pytest.mark.parametrize(
    ("event", "name", "count"),
    [
        ("os.mkdir", ".data.*.partial", 1),
        ("open", "rows.partial", 1),
        ("subprocess.Popen", "python*", 3),  # ruff, twice for each batch of rows
        ("open", "validation.jsonl", 1),
    ],
)
def test_an_interrupt_at_any_stage_leaves_nothing_behind(tmp_path, begin, event, name, count, ignored):
    rows = write_lines(tmp_path / "rows.jsonl", ({"text": function(number)} for number in range(2 * BATCH)))
    arguments = ["finetune", "prepare", rows, "--out", str(tmp_path / "data"), "--no-pylint", "--against", "starter"]
    shell = ["sh", "-c", ("trap '' INT; " if ignored else "") + 'exec "$@"', "sh"]
    command = [*shell, sys.executable, str(HELPERS / "interrupted_at.py"), event, name, str(count), *arguments]
    running = begin(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    _, complaint = running.communicate(timeout=100)

    assert running.returncode == EXIT_INTERRUPTED, complaint
    assert b"was not written, and the same command starts anew" in complaint
    assert [path.name for path in tmp_path.iterdir()] == ["rows.jsonl"]


@contextmanager
def interrupted_at_call(number):
    """SIGINT to this process in the call of that number of Python functions; gives a list of the calls made."""
    made = []

    def count(_, event, __):
        if event == "call":
            made.append(None)
            if len(made) == number:
                signal.raise_signal(signal.SIGINT)

    sys.setprofile(count)
    try:
        yield made
    finally:
        sys.setprofile(None)


@pytest.mark.timeout(120)
def test_no_interrupt_is_swallowed_whenever_it_comes(tmp_path, capsys):
    rows = write_lines(tmp_path / "rows.jsonl", ({"text": function(number)} for number in range(20)))
    arguments = ["finetune", "prepare", rows, "--no-pylint", "--against", "starter", "--quiet", "--out"]
    main([*arguments, str(tmp_path / "first")])  # imports all that is needed
    with interrupted_at_call(None) as calls:
        assert main([*arguments, str(tmp_path / "undisturbed")]) == 0
    for part in range(1, 20):
        with interrupted_at_call(len(calls) * part // 20):
            assert main([*arguments, str(tmp_path / "data")]) == EXIT_INTERRUPTED
        assert not [*tmp_path.glob("*data*")]
    capsys.readouterr()


def test_what_a_killed_process_left_is_removed_and_what_another_one_makes_is_not(tmp_path):
    script = (
        "import sys, time, pathlib\nfrom harness.finetune.preparation.data_folder import new_folder\n"
        "with new_folder(pathlib.Path(sys.argv[1])) as folder:\n"
        "    (folder / 'rows').touch()\n    print('made', flush=True)\n    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, tmp_path / "data"], stdout=subprocess.PIPE) as maker:
        maker.stdout.readline()
        with new_folder(tmp_path / "data"):
            assert len(list(tmp_path.glob(".data.*.partial"))) == 2
        shutil.rmtree(tmp_path / "data")
        maker.kill()
    assert len(list(tmp_path.glob(".data.*.partial"))) == 1
    with new_folder(tmp_path / "data"):
        assert len(list(tmp_path.glob(".data.*.partial"))) == 1
    assert [each.name for each in tmp_path.iterdir()] == ["data"]
