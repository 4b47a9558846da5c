"""Samples that passed become rows, with the prompt that was sent and the answer that was written."""

import json
import shutil
from pathlib import Path

import pytest
from own_records import write
from tiny_models import CHAT_TEMPLATE, save_tiny_llama

from codecrucible.benchmarks import PromptForm
from codecrucible.harness.cli.main import main
from codecrucible.harness.common.errors import EXIT_DONE, EXIT_NOTHING, EXIT_USAGE
from codecrucible.harness.common.files import text_sha256
from codecrucible.harness.finetune.encoding import encode

pytestmark = [pytest.mark.docker, pytest.mark.model, pytest.mark.timeout(180), pytest.mark.usefixtures("executor")]

PROBLEMS = [
    {
        "task_id": f"lesson/{number}",
        "prompt": f'def lesson_{number}(zebra):\n    """Return the sum of zebra and {number}, whatever it is."""\n',
        "entry_point": f"lesson_{number}",
        "test": f"def check(candidate):\n    assert candidate(2) == {2 + number}\n",
    }
    for number in range(2)
]
#: Of each problem, by sample: right, right and shorter, the same again, wrong.
BODIES = [
    "    total_of_both = zebra + NUMBER\n    return total_of_both\n",
    "    return zebra + NUMBER\n",
    "    return zebra + NUMBER\n",
    "    return None\n",
]


@pytest.fixture(scope="module", params=["chat", "completion"])
def run(request, tmp_path_factory):
    """A run of two problems, four samples each, of a tiny model whose answers were replaced before they were judged."""
    home = tmp_path_factory.mktemp(request.param)
    template = CHAT_TEMPLATE if request.param == "chat" else None
    save_tiny_llama(home / "model", chat_template=template, max_position_embeddings=1024)
    write(home / "lessons.jsonl", *PROBLEMS)
    command = f"generate --model {home}/model --benchmark {home}/lessons.jsonl -n 4 --max-new-tokens 3 --dtype float32"
    assert main([*command.split(), "--temperature", "0.5", "--quiet", "--out", str(home / "run")]) == EXIT_DONE
    file = home / "run" / "samples.jsonl"
    samples = [json.loads(line) for line in file.read_text().splitlines()]
    for sample in samples:
        number = sample["problem_id"].partition("/")[2]
        body = BODIES[sample["sample_index"]].replace("NUMBER", number)
        program = PROBLEMS[int(number)]["prompt"] + body
        fenced = f"Here it is:\n```python\n{program}```" if request.param == "chat" else body
        sample |= {"completion": fenced, "program": program, "program_sha256": text_sha256(program)}
    file.write_text("".join(json.dumps(sample) + "\n" for sample in samples))
    assert main(["execute", str(home / "run"), "--quiet"]) == EXIT_DONE
    assert main(["judge", str(home / "run"), "--quiet"]) == EXIT_DONE
    return home / "run"


def prepared(run, out, *options):
    command = ["finetune", "prepare", "--from-run", str(run), "--out", str(out), "--no-pylint", "--against", "starter"]
    assert main([*command, "--validation-share", "0", "--quiet", *options]) == EXIT_DONE
    card = json.loads((out / "datacard.json").read_text())
    return card, [json.loads(line) for line in (out / "train.jsonl").read_text().splitlines()]


@pytest.mark.parametrize(("options", "taken"), [((), (0, 1)), (("--per-problem", "1", "--shortest"), (1,))])
def test_what_passed_becomes_rows_once_as_it_was_asked_and_answered(run, tmp_path, options, taken):
    from transformers import AutoTokenizer

    card, rows = prepared(run, tmp_path / "data", *options)
    samples = [json.loads(line) for line in (run / "samples.jsonl").read_text().splitlines()]
    wanted = [sample for sample in samples if sample["sample_index"] in taken]
    tokenizer = AutoTokenizer.from_pretrained(run.parent / "model")
    form = PromptForm(wanted[0]["prompt_form"])
    for row, sample in zip(rows, wanted, strict=True):
        answer = row["messages"][-1]["content"] if form is PromptForm.CHAT else row["completion"]
        assert answer == sample["completion"]
        encoded = encode(row, tokenizer, form, where="the row")
        asked = [token for token, label in zip(encoded["input_ids"], encoded["labels"], strict=True) if label == -100]
        assert tokenizer.decode(asked) == sample["prompt"]
        assert row["origin"].endswith(f"{sample['problem_id']}/{sample['sample_index']}")
    (told,) = card["runs"]
    assert (told["samples"], told["passed"], told["by_control"], told["repeated"]) == (8, 6, 0, 2)
    assert told["taken"] == len(rows)
    assert told["model"]["name"] == "model"


def test_the_card_says_who_wrote_the_rows(run, tmp_path):
    prepared(run, tmp_path / "data")
    assert "written by model: 6 of 8 passed" in (tmp_path / "data" / "README.md").read_text()


def test_diverse_takes_the_one_that_is_most_unlike(run, tmp_path):
    _, rows = prepared(run, tmp_path / "data", "--diverse", "--per-problem", "2")
    assert [row["origin"].rpartition("/")[2] for row in rows] == ["0", "1", "0", "1"]


def test_a_verdict_by_control_alone_is_nothing_to_learn_from(run, tmp_path, capsys):
    file = run / "judgements.jsonl"
    before = file.read_text()
    try:
        file.write_text(before.replace("referee", "control"))
        command = ["finetune", "prepare", "--from-run", str(run), "--no-pylint", "--against", "starter", "--quiet"]
        assert main([*command, "--out", str(tmp_path / "none")]) == EXIT_NOTHING
        card, rows = prepared(run, tmp_path / "all", "--allow-control")
        assert (card["runs"][0]["by_control"], len(rows)) == (6, 4)
    finally:
        file.write_text(before)


def test_a_run_of_a_benchmark_is_refused(tmp_path, capsys):
    run = shutil.copytree(Path(__file__).parents[2] / "data" / "run-of-0.1.0", tmp_path / "run")
    prepare = ["finetune", "prepare", "--from-run", str(run), "--out", str(tmp_path / "data"), "--quiet"]
    assert main(prepare) == EXIT_USAGE
    assert "it is of starter, and scores of a model that has seen it mean nothing" in capsys.readouterr().err


def test_nothing_to_prepare_is_refused(tmp_path, capsys):
    assert main(["finetune", "prepare", "--out", str(tmp_path / "data")]) == EXIT_USAGE
    assert "name a source, or a run after --from-run" in capsys.readouterr().err
