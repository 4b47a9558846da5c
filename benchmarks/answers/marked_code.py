"""Which parts of a chat answer are marked as code: by fences, by tags, or by fences within a fence.

An answer is untrusted and may be any text: it is read by lines and by regular expressions that take linear time.
"""

import re
from collections.abc import Collection, Iterator
from html import unescape

from codecrucible.benchmarks.answers.markdown import Stretch, stretches

_DEEPEST = 3
_NAMES = r"python\d?|code|answer|solution|pre|program"
_OPENING = re.compile(
    rf"^[ \t]{{0,8}}+(?P<tag><(?P<html>{_NAMES})(?P<said>[ ][^<>\n]{{0,200}}+)?>|\[(?P<square>{_NAMES})\])"
    rf"|(?P<last><(?P<late>{_NAMES})(?P<late_said>[ ][^<>\n]{{0,200}}+)?>)[ \t]*+$",
    re.MULTILINE | re.IGNORECASE,
)
_LANGUAGE = re.compile(r"(?:lang(?:uage)?[-=]|class=)[\"']?(?:language-)?([\w+#.]+)", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|apos|nbsp|#\d{1,7}|#x[0-9a-f]{1,6});", re.IGNORECASE)
_SPAN = re.compile(r"</?span(?:[ ][^<>\n]{0,200}+)?>", re.IGNORECASE)

# What ends a turn, where a tokenizer did not take it out.
_ENDS = (
    r"<\|(?:im_end|endoftext|eot_id|end_of_text|end|return|eom_id|EOT|eot)\|>"
    r"|<end_of_turn>|<\uff5cend\u2581of\u2581sentence\uff5c>|<eos>|</s>"
)
_LAST_END = re.compile(rf"(?:{_ENDS})\s*+\Z")
_NEXT_TURN = re.compile(
    rf"(?:{_ENDS})\s*+(?:<\|(?:im_start|start_header_id|user|begin_of_text)\|>|<start_of_turn>|<s>|\[INST\])"
)


def without_ends(answer: str) -> str:
    """`answer` without the special tokens that end a turn, and without the turns behind it."""
    following = _NEXT_TURN.search(answer)
    if following:
        answer = answer[: following.start()]
    while found := _last_end(answer):
        answer = answer[: found.start()]
    return answer


def _last_end(answer: str) -> re.Match[str] | None:
    stripped = len(answer.rstrip())
    return _LAST_END.search(answer, max(0, stripped - 40))


def marked(answer: str, code_line: re.Pattern[str]) -> list[Stretch]:
    """Stretches of `answer`; the first is outside of any mark, and may be empty.

    Args:
        answer: What the model returned, without its reasoning.
        code_line: Matches a line at column 0 that looks like code: text that begins so has no tags.
    """
    found: list[Stretch] = []
    parts = list(stretches(answer))
    for number, part in enumerate(parts):
        if part.fenced:
            found += _nested(part)
        else:
            found += _tagged(part, code_line, last=number == len(parts) - 1)
    return found


def starts_with_tag(line: str) -> bool:
    """Whether `line` begins with a tag that marks code."""
    found = _OPENING.match(line)
    return found is not None and found["tag"] is not None


def is_of(info: str, fences: Collection[str]) -> bool:
    """Whether a block says that it is in the language, whatever its version."""
    return info in fences or (bool(info) and info.rstrip("0123456789.") in fences)


def _nested(part: Stretch) -> list[Stretch]:
    """The stretches of a block of Markdown, the others as they are."""
    if part.info not in {"md", "markdown", "text", "txt", ""} or ("```" not in part.text and "~~~" not in part.text):
        return [part]
    inner = list(stretches(part.text))
    if not any(each.fenced and each.info for each in inner):
        return [part]
    return inner


def _tagged(part: Stretch, code_line: re.Pattern[str], *, last: bool, depth: int = 0) -> Iterator[Stretch]:
    """Unmarked text and the blocks that tags mark in it; a tag that nothing closes is one only in the `last` part."""
    text, at = part.text, 0
    first = next((line for line in text.split("\n") if line.strip()), "")
    tags = (
        depth < _DEEPEST
        and ("<" in text or "[" in text)
        and (_OPENING.match(first) is not None or not code_line.match(first))
    )
    lowered = text.lower() if tags else ""
    missing: set[str] = set()
    for opened in _OPENING.finditer(text) if tags else ():
        name = (opened["html"] or opened["square"] or opened["late"]).lower()
        start = opened.end("tag") if opened["tag"] else opened.end("last")
        closing = f"[/{name}]" if opened["square"] else f"</{name}>"
        if opened.start() < at or closing in missing:
            continue
        end = lowered.find(closing, start)
        if end < 0:
            missing.add(closing)
            if not last or "\n" not in text[start:].strip():
                continue
        content = text[start : end if end >= 0 else len(text)]
        if name == "code" and "\n" not in content.strip():
            continue
        yield Stretch(text=text[at : opened.start()], fenced=False)
        said = _LANGUAGE.search(opened["said"] or opened["late_said"] or "")
        info = said[1].lower() if said else name if name.startswith("python") else ""
        yield from _content(
            content, info, code_line, html=not opened["square"] and name in {"pre", "code"}, depth=depth
        )
        at = end + len(closing) if end >= 0 else len(text)
    yield Stretch(text=text[at:], fenced=False)


def _content(content: str, info: str, code_line: re.Pattern[str], *, html: bool, depth: int) -> Iterator[Stretch]:
    inner = _OPENING.match(content.lstrip())
    if inner:
        found = list(_tagged(Stretch(text=content.lstrip(), fenced=False), code_line, last=True, depth=depth + 1))
        if any(each.fenced for each in found):
            yield from found
            return
    if html:
        content = _ENTITY.sub(lambda entity: unescape(entity[0]), _SPAN.sub("", content)).replace("\xa0", " ")
    lines = content.strip("\r\n")
    yield Stretch(text=f"{lines}\n" if lines.strip() else "", fenced=True, info=info)
