"""Text of the tokens a model wrote, and where it ends."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

# Tokens in front of a stretch that is decoded: some tokenizers drop the space that a text begins with.
_CONTEXT = 8

_NONE: Mapping[int, str] = MappingProxyType({})


def decode_after(
    tokenizer: "PreTrainedTokenizerBase", before: Sequence[int], ids: Sequence[int], *, kept: Mapping[int, str] = _NONE
) -> str:
    """Text that `ids` add to the text of `before`, special tokens left out but for those `kept`, by their texts.

    All of `ids` between two that are kept are decoded at one time, so that a character spread over several tokens comes
    out whole.
    """
    context, run = list(before[-_CONTEXT:]), list[int]()
    parts: list[str] = []
    for number in ids:
        if number in kept:
            parts += [_added(tokenizer, context, run), kept[number]]
            context, run = [*context, *run][-_CONTEXT:], []
        else:
            run.append(number)
    return "".join([*parts, _added(tokenizer, context, run)])


def _added(tokenizer: "PreTrainedTokenizerBase", context: list[int], ids: list[int]) -> str:
    return _decode(tokenizer, [*context, *ids])[len(_decode(tokenizer, context)) :]


def earliest_stop(text: str, stop: Sequence[str]) -> int | None:
    """Where in `text` the first of the strings in `stop` begins, or None."""
    places = [place for place in map(text.find, stop) if place >= 0]
    return min(places, default=None)


def may_have_stopped(tokenizer: "PreTrainedTokenizerBase", ids: Sequence[int], stop: Sequence[str]) -> bool:
    """Whether the last token of `ids` may have completed one of the strings in `stop`.

    Looks at the last few tokens alone, so that its cost does not grow with the text; every token but a special one
    holds at least a byte.
    """
    if not stop:
        return False
    window = max(len(text.encode()) for text in stop) + _CONTEXT
    return earliest_stop(_decode(tokenizer, ids[-window:]), stop) is not None


def _decode(tokenizer: "PreTrainedTokenizerBase", ids: Sequence[int]) -> str:
    return str(tokenizer.decode(list(ids), skip_special_tokens=True, clean_up_tokenization_spaces=False))
