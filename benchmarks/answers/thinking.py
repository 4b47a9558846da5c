"""What of a chat answer is a thought, and what is the answer.

What is covered: the marks that models put around a thought (`MARKS`), whether the model opens it or the chat template
has opened it already; several thoughts; the channels of gpt-oss, and what is left of them where a server dropped their
marks. Code that only names a mark, in a string or in a fence, is no thought.
What is not covered: thoughts without any mark, but for an answer that was cut off while it took its code back.

A thought may hold drafts, and a draft is no answer: where a thought never ends, there is none. An answer is untrusted
and may be any text: it is read line by line, in linear time.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

UNCLOSED = "unclosed_thought"
"""Why a completion holds no answer: its thought never ends."""

MARKS = {
    "<think>": "</think>",  # DeepSeek, Qwen, GLM, Granite 3.3, EXAONE 4, SmolLM3 and most others
    "<thinking>": "</thinking>",
    "<thought>": "</thought>",  # EXAONE Deep
    "<reasoning>": "</reasoning>",
    "[THINK]": "[/THINK]",  # Magistral and later Mistral
    "<seed:think>": "</seed:think>",
    "◁think▷": "◁/think▷",  # Kimi
    "<|START_THINKING|>": "<|END_THINKING|>",  # Command A
    "<|inner_prefix|>": "<|inner_suffix|>",  # Apertus
    "<|begin_of_thought|>": "<|end_of_thought|>",
    "<|channel>thought": "<channel|>",  # Gemma 4
    "Here is my thought process:": "Here is my response:",  # Granite 3.2
    "Here's my thought process:": "Here's my response:",
}
"""What opens a thought, and what closes it."""

CHANNEL, MESSAGE, START, END = "<|channel|>", "<|message|>", "<|start|>", "<|end|>"
"""The marks of gpt-oss's channels, of which `final` alone is the answer."""

FINAL_CHANNEL = f"{END}{START}assistant{CHANNEL}final{MESSAGE}"
"""What closes a thought of gpt-oss and opens its answer."""

_OPENERS = "|".join(map(re.escape, MARKS))
_OPENER = re.compile(rf"[^\S\n]*+(?P<mark>{_OPENERS})")
_AT_END = re.compile(rf"(?P<mark>{_OPENERS})\s*+\Z")
# A phrase closes only what a phrase has opened: without that it is text.
_CLOSER = re.compile("|".join(re.escape(closer) for closer in MARKS.values() if not closer.startswith("Here")))
_OPENER_OF = {closer: opener for opener, closer in MARKS.items()}
_ANY_MARK = re.compile("|".join(map(re.escape, (*MARKS, *MARKS.values()))))
_WRAPPERS = re.compile(r"\s*+(?:<response>|<\|START_RESPONSE\|>|<\|begin_of_solution\|>)")
_WRAPPER_ENDS = re.compile(r"(?:</response>|<\|END_RESPONSE\|>|<\|end_of_solution\|>)\s*\Z")

_HARMONY = re.compile(
    r"\s*+(?:<\|start\|>assistant)?+\s*+(?:<\|channel\|>|(?:analysis|commentary|final)\b[^\n<]{0,80}<\|message\|>)"
)
_FINAL = re.compile(
    r"(?:(?:\A\s*+|<\|start\|>assistant\s*+)<\|channel\|>|\A\s*+)final\b"
    r"[^\n<]{0,80}(?:<\|constrain\|>[^\n<]{0,80})?<\|message\|>"
)
_FINAL_END = re.compile(r"<\|start\|>assistant|<\|(?:end|return|call)\|>\s*\Z|\Z")
# As a server writes it that drops special tokens: the names of the channels are run together with their texts.
_BARE_ANALYSIS = re.compile(r"\s*+(?:assistant)?analysis(?=[A-Z\"'`*])")
_BARE_FINAL = "assistantfinal"

_FENCE = re.compile(r"[ \t]*+(?:[-*+][ \t]++|\d{1,9}[.)][ \t]++)?+(?P<mark>`{3,}+(?=[^`]*$)|~{3,}+)")
_FENCE_AFTER_PROSE = re.compile(r"[^`]*+(?P<mark>`{3,}+)[ \t]*+[\w+#.-]*+\s*+$")
_INFO = re.compile(r"[ \t]*+[\w+#.-]++\s*+$")
_QUOTES, _TICKS = frozenset("\"'`\\"), "```"
_SECOND_THOUGHT = re.compile(
    r"^[^\w\n]*+(?:(?:oh|but|no|so|okay|ok)\b[^\w\n]*+)*+"
    r"(?:wait\b[ ]*+(?:[^\w\s]|no\b|a (?:minute|moment|second)\b|$)|hmm*+\b|hold on\b|actually\b|on second thought\b)",
    re.IGNORECASE | re.MULTILINE,
)
_RARE = 20
"""One in so many completions of a file that closes a thought is no accident."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A completion without its thoughts.

    Attributes:
        text: What is left; "" where there is no answer.
        unclosed: Whether a thought goes on to the end, so that there is none.
    """

    text: str
    unclosed: bool = False


def answer_of(completion: str, *, prompt: str = "", taken_back: bool = False) -> Answer:
    r"""What `completion` answers, without its thoughts; all of it where there are none.

    Args:
        completion: What a model returned in a chat.
        prompt: What it was sent, if that is known: where it ends with a thought's opening, the completion is inside.
        taken_back: Whether an answer without marks whose text behind its last fence has second thoughts is none; for
            one that was cut off, of a model whose prompt is not known.

    >>> answer_of("<think>\nhm\n</think>\n\n4").text
    '\n\n4'
    >>> answer_of("a draft", prompt="<|assistant|><think>\n")
    Answer(text='', unclosed=True)
    """
    if opening := opening_in(prompt):
        completion = opening + completion
    if _HARMONY.match(completion):
        return _final_of(completion)
    if bare := _BARE_ANALYSIS.match(completion):
        _, found, final = completion[bare.end() :].rpartition(_BARE_FINAL)
        return Answer(text=final, unclosed=not found)
    if _ANY_MARK.search(completion):
        return _Reading(completion).answer()
    if taken_back and _is_taken_back(completion):
        return Answer(text="", unclosed=True)
    return Answer(text=completion)


def opening_in(prompt: str) -> str:
    """What opens a thought at the end of `prompt`; "" if nothing does."""
    found = _AT_END.search(prompt, max(0, len(prompt) - 200))
    if found:
        return found["mark"]
    channel = f"{CHANNEL}analysis{MESSAGE}"
    return channel if prompt.rstrip().endswith(channel) else ""


def has_thought(completion: str, *, prompt: str = "") -> bool:
    """Whether there is a thought in `completion`, opened there or at the end of its prompt."""
    answer = answer_of(completion, prompt=prompt)
    return answer.unclosed or answer.text != completion


def opening_of_all(completions: Iterable[str]) -> str:
    """What the prompts of `completions` that came without them end with, if they open a thought; "" if they do not.

    Where completions close thoughts that none of them opens, the chat template opens them, for all alike.
    """
    closed: dict[str, int] = {}
    count = 0
    for completion in completions:
        count += 1
        if _OPENER.match(completion.lstrip()):
            return ""
        if _CLOSER.search(completion) and (closer := _Reading(completion).first_unopened()):
            closed[closer] = closed.get(closer, 0) + 1
    if not closed or sum(closed.values()) * _RARE < count:
        return ""
    return _OPENER_OF[max(closed, key=lambda closer: closed[closer])]


def _final_of(completion: str) -> Answer:
    finals = list(_FINAL.finditer(completion))
    if not finals:
        return Answer(text="", unclosed=True)
    start = finals[-1].end()
    end = _FINAL_END.search(completion, start)
    return Answer(text=completion[start : end.start() if end else None])


def _is_taken_back(completion: str) -> bool:
    """Whether the last fence of `completion` is closed, and a second thought begins a line behind it."""
    lines = completion.splitlines(keepends=True)
    fences = [number for number, line in enumerate(lines) if _FENCE.match(line)]
    if not fences or len(fences) % 2:
        return False
    return _SECOND_THOUGHT.search("".join(lines[fences[-1] + 1 :])) is not None


class _Reading:
    """One pass over the lines of a completion."""

    def __init__(self, completion: str) -> None:
        self._text = completion
        self._kept: list[str] = []
        self._kept_fence = False
        self._closed_any = False
        self._fence = ""
        self._opened_in_fence = False
        self._string_marks = 0

    def answer(self) -> Answer:
        """See `answer_of`."""
        place, end = 0, len(self._text)
        while place < end:
            if opener := self._opener(place):
                closer = self._closing(MARKS[opener["mark"]], opener.end())
                if closer < 0:
                    return self._without_the_rest()
                place = self._behind_a_thought(closer)
                continue
            line_end = self._line_end(place)
            if unopened := self._unopened(place, line_end):  # all before it was a thought that the prompt had opened
                self._kept.clear()
                self._kept_fence = False
                place = self._behind_a_thought(unopened.end())
                continue
            self._keep(self._text[place:line_end])
            place = line_end
        text = "".join(self._kept)
        if self._closed_any and (wrapper := _WRAPPERS.match(text)):
            text = _WRAPPER_ENDS.sub("", text[wrapper.end() :])
        return Answer(text=text)

    def first_unopened(self) -> str:
        """The first closing of a thought that nothing in the text opens; "" if there is none."""
        place = 0
        while place < len(self._text):
            line_end = self._line_end(place)
            if unopened := self._unopened(place, line_end):
                return unopened[0]
            self._keep(self._text[place:line_end])
            place = line_end
        return ""

    def _line_end(self, place: int) -> int:
        found = self._text.find("\n", place)
        return len(self._text) if found < 0 else found + 1

    def _opener(self, place: int) -> re.Match[str] | None:
        """An opening at the start of the line at `place`, outside of fences and of long strings."""
        return None if self._fence or self._string_marks % 2 else _OPENER.match(self._text, place)

    def _closing(self, closer: str, place: int) -> int:
        """Where the thought ends that is read at `place`, behind the first `closer` that is one; -1 if it does not."""
        while (found := self._text.find(closer, place)) >= 0:
            place = found + len(closer)
            if self._is_mark(found, place):
                return place
        return -1

    def _is_mark(self, start: int, end: int) -> bool:
        """Whether the mark there is one, and is not named in a string or in a sentence."""
        before, after = self._text[max(0, start - 3) : start], self._text[end : end + 3]
        quoted = (before[-1:] in _QUOTES and before != _TICKS) or (after[:1] in _QUOTES and after != _TICKS)
        return not (quoted or before[-1:] == after[:1] == " ")

    def _unopened(self, place: int, line_end: int) -> re.Match[str] | None:
        """A closing on the line at `place` that nothing opens."""
        if self._string_marks % 2 or self._opened_in_fence:
            return None
        for found in _CLOSER.finditer(self._text, place, line_end):
            start, end = found.span()
            at_an_end = not self._text[place:start].strip() or not self._text[end:line_end].strip()
            named = not self._is_mark(start, end) or self._text.find(_OPENER_OF[found[0]], place, start) >= 0
            if not named and (at_an_end or not self._fence):
                return found
        return None

    def _keep(self, line: str) -> None:
        """Take a line as part of the answer."""
        self._kept.append(line)
        fence = _FENCE.match(line) or (None if self._fence else _FENCE_AFTER_PROSE.match(line))
        if fence is None or not fence["mark"].startswith(self._fence):
            self._string_marks += line.count('"""') + line.count("'''")
            self._opened_in_fence |= bool(self._fence) and any(opener in line for opener in MARKS)
            return
        # One that names a language inside of a fence opens its own: the one before was never closed.
        opens = not self._fence or _INFO.match(line, fence.end("mark"))
        self._fence, self._string_marks, self._opened_in_fence = fence["mark"] if opens else "", 0, False
        self._kept_fence = True

    def _behind_a_thought(self, place: int) -> int:
        self._closed_any, self._fence, self._string_marks, self._opened_in_fence = True, "", 0, False
        return place

    def _without_the_rest(self) -> Answer:
        """What is left where a thought goes on to the end: the answer before it, if that has code, else nothing."""
        if self._kept_fence:
            return Answer(text="".join(self._kept))
        return Answer(text="", unclosed=True)
