"""GGUF files, on a tiny Llama written with the `gguf` package."""

import json
import os
import subprocess
import sys
from collections import defaultdict
from importlib.util import find_spec

import llama_cpp
import pytest
from tiny_gguf import write_gguf
from tiny_models import byte_level_tokenizer, load_with, tiny_llama, tokenizer_across_words

from codecrucible.benchmarks.cache_folder import cache_home
from codecrucible.harness.models.errors import ModelUnusable
from codecrucible.harness.models.weights.gguf import converted
from codecrucible.harness.models.weights.gguf_tokenizer import PATTERNS

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def gguf(tmp_path_factory):
    tokenizer = byte_level_tokenizer()
    return write_gguf(tmp_path_factory.mktemp("gguf") / "tiny.gguf", tiny_llama(vocabulary=len(tokenizer)), tokenizer)


def test_a_gguf_file_gives_the_logits_of_the_model_it_was_made_from(gguf):
    import torch

    loaded = load_with(str(gguf), device="cpu")
    assert loaded.facts.name == "tiny"
    assert loaded.facts.source == str(gguf)
    assert loaded.facts.weight_bytes == gguf.stat().st_size
    assert loaded.facts.dtype == "float32", "weights stored unquantised lose nothing"
    ids = torch.tensor([[5, 9, 17, 33]])
    with torch.inference_mode():
        expected = tiny_llama(vocabulary=600)(ids).logits
        assert torch.allclose(loaded.model(ids).logits, expected, atol=1e-4)


def test_a_gguf_file_is_converted_once(gguf):
    folder = converted([gguf])
    stamp = (folder / "model.safetensors").stat().st_mtime_ns
    assert converted([gguf]) == folder
    assert (folder / "model.safetensors").stat().st_mtime_ns == stamp


@pytest.mark.slow
def test_two_processes_that_convert_at_one_time_share_one_result(gguf, tmp_path):
    code = (
        "import sys\nfrom pathlib import Path\nfrom harness.models.weights.gguf import converted\n"
        "print(converted([Path(sys.argv[1])]))"
    )
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path)}
    running = [
        subprocess.Popen([sys.executable, "-c", code, gguf], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    folders = {process.communicate()[0].strip() for process in running}
    assert [process.returncode for process in running] == [0, 0]
    assert len(folders) == 1
    left = sorted(path.suffix for path in (tmp_path / "codecrucible" / "models").iterdir())
    assert left == ["", ".lock"]


def test_a_file_in_parts_is_the_file(gguf, tmp_path):
    content = gguf.read_bytes()
    parts = [tmp_path / "part0", tmp_path / "part1"]
    parts[0].write_bytes(content[:1000])
    parts[1].write_bytes(content[1000:])
    assert (converted(parts) / "model.safetensors").read_bytes() == (
        converted([gguf]) / "model.safetensors"
    ).read_bytes()


@pytest.mark.parametrize("kept", [0, 4, 8, 2000, 0.5, 0.99])
def test_a_gguf_file_cut_short_is_an_error_and_leaves_nothing(gguf, tmp_path, kept):
    content = gguf.read_bytes()
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(content[: kept if kept >= 1 else int(kept * len(content))])
    with pytest.raises(ModelUnusable, match=r"could not read .*broken\.gguf as a GGUF language model"):
        load_with(str(broken))
    assert {path.suffix for path in (cache_home() / "models").iterdir()} == {".lock"}


# Whatever any of the rules treats in a way of its own: digits, signs, blanks, case, other scripts.
TEXTS = (
    "def f(x):\n    return 1234567 + x\n",
    "a\n\n\n   b\r\n\tc  d   ",
    "I'm they'LL we've 12,345.678 3.14e-10 0x1F",
    "x = [1, 22, 333, 4444, 55555]\n\n    # a/b//c\n",
    "/* path/to//file.txt */ --- === ... !!! ?? ;;;\n\n$x+<y>=z^~|`w`",
    "HTTPServerError camelCase snake_case CONST_VALUE",
    "na\u00efve caf\u00e9 \u65e5\u672c\u8a9e\u306e 123 \u4e2d\u6587 \ud55c\uad6d\uc5b4 \u00bd \u00b2 \u0663\u0664",
    "\u201cquotes\u201d \u2026 end\u3002 tab\t\tx\n \n  \n",
    "  leading and trailing  \n",
    "--\u0301 x",
    "if x:\n    y();\n\nelse:\r\n    z()\n",
    "aB cD fooBar fooBar\n\n\n(\n\n x\n\n  \n\n",
)


@pytest.fixture(scope="module")
def across_words():
    tokenizer = tokenizer_across_words(TEXTS)
    return tiny_llama(vocabulary=len(tokenizer)), tokenizer


def ids_in_llama_cpp(files, texts, tmp_path):
    """Ids of each text in each file."""
    if not find_spec("xllamacpp"):
        (pytest.fail if os.environ.get("CI") else pytest.skip)(llama_cpp.NEEDED)
    (tmp_path / "texts.json").write_text(json.dumps(texts))
    command = [sys.executable, llama_cpp.__file__, "tokens", tmp_path / "texts.json", *files]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(told.stdout.splitlines()[-1])


def test_every_rule_cuts_words_as_llama_cpp_does(across_words, tmp_path):
    """A file of each name: names that llama.cpp takes for one rule are one here, and the rule gives the same tokens."""
    files = {name: write_gguf(tmp_path / f"{name}.gguf", *across_words, pre=name) for name in PATTERNS}
    names_of = defaultdict(list)
    for name, ids in zip(files, ids_in_llama_cpp(files.values(), TEXTS, tmp_path), strict=True):
        names_of[json.dumps(ids)].append(name)
    assert len({PATTERNS[names[0]] for names in names_of.values()}) == len(set(PATTERNS.values())), "some look the same"
    for ids, names in names_of.items():
        assert len({PATTERNS[name] for name in names}) == 1, names
        loaded = load_with(str(files[names[0]]), device="cpu")
        assert [list(loaded.render(text).token_ids) for text in TEXTS] == json.loads(ids), names


def test_a_file_without_a_rule_is_cut_as_llama_cpp_cuts_it(across_words, tmp_path):
    file = write_gguf(tmp_path / "old.gguf", *across_words, pre=None)
    loaded = load_with(str(file), device="cpu")
    (ids,) = ids_in_llama_cpp([file], TEXTS, tmp_path)
    assert [list(loaded.render(text).token_ids) for text in TEXTS] == ids


@pytest.mark.parametrize("name", ["kimi-k2", "next-year"])
def test_a_rule_that_is_not_known_is_refused_and_leaves_nothing(across_words, tmp_path, name):
    file = write_gguf(tmp_path / "new.gguf", *across_words, pre=name)
    with pytest.raises(
        ModelUnusable, match=rf"the rule '{name}' \(tokenizer\.ggml\.pre\).*give the safetensors checkpoint"
    ):
        load_with(str(file))
    assert {path.suffix for path in (cache_home() / "models").iterdir()} == {".lock"}
