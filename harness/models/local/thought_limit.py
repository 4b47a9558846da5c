"""The thoughts of a model in this process: the marks around them that its tokenizer has, and an end to a long one."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from codecrucible.benchmarks.answers.thinking import CHANNEL, END, FINAL_CHANNEL, MARKS, MESSAGE, START

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

# Tokens within which a model opens a thought, if it does; and those in which a mark has room.
_FIRST = 12
_WINDOW = 24

_CHANNELS = (CHANNEL, MESSAGE, START, END)
_WRAPPERS = ("<|START_RESPONSE|>", "<|END_RESPONSE|>")


def thought_marks(tokenizer: "PreTrainedTokenizerBase") -> Mapping[int, str]:
    """Special tokens that mark thoughts and answers, with their texts: those that decoding would drop."""
    special = {token.content: number for number, token in tokenizer.added_tokens_decoder.items() if token.special}
    opened = {mark.removesuffix("thought") for mark in MARKS}
    marks = (*opened, *MARKS.values(), *_WRAPPERS, *(_CHANNELS if CHANNEL in special else ()))
    return {special[mark]: mark for mark in marks if mark in special}


class ThoughtLimit:
    """Closes the thought of one row; called with the tokens written so far, it gives the next one if that is forced.

    Args:
        tokenizer: The model's.
        opening: What opens a thought at the end of the prompt; "" leaves that to the model.
        budget: Tokens that a thought may have.
    """

    def __init__(self, tokenizer: "PreTrainedTokenizerBase", opening: str, budget: int) -> None:
        self._tokenizer, self._opening, self._budget = tokenizer, opening, budget
        self._begin = 0
        self._closing: list[int] = []
        self._done = False

    def __call__(self, written: Sequence[int]) -> int | None:
        """The token that is forced behind those `written`, or None."""
        if self._closing:
            return self._closing.pop(0)
        if self._done:
            return None
        if not self._opening:
            self._look_for_opening(written)
            if not self._opening:
                return None
        window = self._text(written[max(self._begin, len(written) - _WINDOW) :])
        if _closer_of(self._opening) in window:
            self._done = True
        elif len(written) - self._begin >= self._budget:
            self._done = True
            closing = _forced_closing(self._opening)
            self._closing = list(self._tokenizer(closing, add_special_tokens=False).input_ids)
            return self._closing.pop(0)
        return None

    def _look_for_opening(self, written: Sequence[int]) -> None:
        text = self._text(written).lstrip()
        self._opening = next((mark for mark in (*MARKS, f"{CHANNEL}analysis{MESSAGE}") if text.startswith(mark)), "")
        self._begin = len(written)
        self._done = not self._opening and len(written) >= _FIRST

    def _text(self, ids: Sequence[int]) -> str:
        return str(self._tokenizer.decode(list(ids), skip_special_tokens=False, clean_up_tokenization_spaces=False))


def _closer_of(opening: str) -> str:
    return MARKS.get(opening, END)


def _forced_closing(opening: str) -> str:
    return f"\n{MARKS[opening]}\n\n" if opening in MARKS else FINAL_CHANNEL
