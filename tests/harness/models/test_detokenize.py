import pytest
from tiny_models import byte_level_tokenizer, space_eating_tokenizer

from codecrucible.harness.models.detokenize import decode_after, earliest_stop, may_have_stopped

pytestmark = pytest.mark.model

PROMPT = "def f(x):\n"
TEXTS = ["    return x\n", " x", "x = 'é' + '日本語' * 2  # ☃", "\n\n  \n", "\tif  x :\n\t\tpass", "a , b . c 's"]


@pytest.fixture(scope="module", params=[byte_level_tokenizer, space_eating_tokenizer], ids=["bytes", "spaces"])
def tokenizer(request):
    return request.param()


@pytest.mark.parametrize("text", TEXTS)
def test_prompt_and_completion_together_are_the_text_wherever_it_is_split(tokenizer, text):
    ids = tokenizer(PROMPT + text, add_special_tokens=False).input_ids
    splits = [count for count in range(1, len(ids)) if "\ufffd" not in tokenizer.decode(ids[:count])]
    assert len(splits) > 3
    for split in splits:
        assert tokenizer.decode(ids[:split]) + decode_after(tokenizer, ids[:split], ids[split:]) == PROMPT + text


def test_a_leading_space_survives_where_decoding_alone_drops_it():
    tokenizer = space_eating_tokenizer()
    before = tokenizer("x =", add_special_tokens=False).input_ids
    ids = tokenizer.convert_tokens_to_ids(["▁y"])
    assert tokenizer.decode(ids) == "y"
    assert decode_after(tokenizer, before, ids) == " y"


def test_a_character_of_several_tokens_is_whole():
    tokenizer = byte_level_tokenizer()
    ids = tokenizer("☃", add_special_tokens=False).input_ids
    assert len(ids) == 3
    assert decode_after(tokenizer, (5, 6), ids) == "☃"


def test_special_tokens_are_no_text():
    tokenizer = byte_level_tokenizer()
    ids = tokenizer("a</s><|end|>b", add_special_tokens=False).input_ids
    assert decode_after(tokenizer, (5, 6), ids) == "ab"


def test_the_earliest_of_several_stops_counts():
    assert earliest_stop("a\nclass b\ndef c", ("\ndef", "\nclass")) == 1
    assert earliest_stop("a = 1", ("\ndef",)) is None
    assert earliest_stop("a = 1", ()) is None


def test_a_stop_is_seen_with_its_last_token_and_not_before(tokenizer):
    text = "    return x\n" * 5 + "\ndef g"
    ids = tokenizer(text, add_special_tokens=False).input_ids
    seen = [count for count in range(1, len(ids) + 1) if may_have_stopped(tokenizer, ids[:count], ("\ndef",))]
    texts = [tokenizer.decode(ids[:count]) for count in range(1, len(ids) + 1)]
    first = next(count for count, text in enumerate(texts, 1) if "\ndef" in text)
    assert seen[0] == first


def test_a_stop_of_many_bytes_is_seen_across_as_many_tokens():
    tokenizer = byte_level_tokenizer()
    stop = "☃" * 20
    ids = tokenizer("x" + stop, add_special_tokens=False).input_ids
    assert len(ids) > 50
    assert may_have_stopped(tokenizer, ids, (stop,))
    assert not may_have_stopped(tokenizer, ids[:-1], (stop,))
