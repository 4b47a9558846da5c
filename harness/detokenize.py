"""Text of the tokens a model wrote, and where it ends."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

# Tokens in front of a stretch that is decoded: some tokenizers drop the space that a text begins with.
_CONTEXT = 8


def decode_after(tokenizer: "PreTrainedTokenizerBase", before: Sequence[int], ids: Sequence[int]) -> str:
    """Text that `ids` add to the text of `before`, special tokens left out.

    All of `ids` are decoded at one time, so that a character spread over several tokens comes out whole.
    """
    context = list(before[-_CONTEXT:])
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
