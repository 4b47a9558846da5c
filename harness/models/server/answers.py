"""What a server's answer holds, in whatever shape it comes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from codecrucible.harness.common.codec import loads

FILTERED = "content_filter"
"""How an answer ended that the server's filter cut, or held back."""

PARTS, STREAM = "parts", "stream"
"""Shapes of an answer other than the usual one."""

_SHOWN_CHARACTERS = 200


class NoAnswer(Exception):
    """What came is no completion; the same request may get one later."""


class NoChoice(NoAnswer):
    """It is an answer, but an empty one."""


class Refusal(Exception):
    """What came says that the request itself will not be answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A completion as a server gave it.

    Attributes:
        text: What the model answered; "" if that is nothing.
        reasoning: What it thought, where the server keeps that apart.
        finish_reason: "stop", "length" or "content_filter".
        prompt_tokens: As the server counted them, or None.
        completion_tokens: As the server counted them, or None.
        shapes: In which it differed from the protocol.
    """

    text: str
    reasoning: str
    finish_reason: str
    prompt_tokens: int | None
    completion_tokens: int | None
    shapes: frozenset[str] = frozenset()


def read_answer(body: str) -> Answer:
    """The completion in the body of an answer with status 200.

    Raises:
        NoAnswer: if there is none in it.
        Refusal: if it is an error with the code of one that will not go away.
    """
    streamed = body.lstrip()[:6].startswith(("data:", "event:", ":"))
    value = _joined(_chunks(body)) if streamed else _object(body)
    choices = value.get("choices")
    if not choices and value.get("error"):
        raise _of_error(value["error"])
    choice = choices[0] if isinstance(choices, list) and choices else None
    if not isinstance(choice, dict):
        raise NoChoice(f"it answered without a choice: {body.strip()[:_SHOWN_CHARACTERS]!r}")
    message = _dict(choice.get("message"))
    content = choice.get("text", message.get("content"))
    text, thought = _of_parts(content) if isinstance(content, list) else (_text(content), "")
    usage = _dict(value.get("usage"))
    finish_reason = choice.get("finish_reason")
    return Answer(
        text=text,
        reasoning=thought or _text(message.get("reasoning_content")) or _text(message.get("reasoning")),
        finish_reason=finish_reason if finish_reason in ("length", FILTERED) else "stop",
        prompt_tokens=_count(usage.get("prompt_tokens")),
        completion_tokens=_count(usage.get("completion_tokens")),
        shapes=frozenset([PARTS] * isinstance(content, list) + [STREAM] * streamed),
    )


def _object(text: str) -> dict[str, Any]:
    try:
        value = loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise NoAnswer(f"it answered with something else than a JSON object: {text.strip()[:_SHOWN_CHARACTERS]!r}")
    return value


def _of_error(error: Any) -> Exception:
    told = error if isinstance(error, dict) else {"message": error}
    message = str(told.get("message") or error)[:_SHOWN_CHARACTERS]
    if str(told.get("code")) in ("400", "403", "413", "422"):
        return Refusal(message)
    return NoAnswer(f"it answered with status 200 and an error: {message}")


def _chunks(body: str) -> Iterator[dict[str, Any]]:
    """The events of a stream."""
    for line in body.splitlines():
        data = line.removeprefix("data:").strip()
        if line.startswith("data:") and data not in ("", "[DONE]"):
            yield _object(data)


def _joined(chunks: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A stream as the answer that it is in pieces.

    Raises:
        NoAnswer: if it ends before the answer does.
    """
    said: dict[str, str] = {"content": "", "reasoning_content": ""}
    finish_reason, usage = None, None
    for chunk in chunks:
        if chunk.get("error"):
            raise _of_error(chunk["error"])
        choices = chunk.get("choices")
        choice = _dict(choices[0]) if isinstance(choices, list) and choices else {}
        delta = _dict(choice.get("delta"))
        said["content"] += _text(delta.get("content")) or _text(choice.get("text"))
        said["reasoning_content"] += _text(delta.get("reasoning_content")) or _text(delta.get("reasoning"))
        finish_reason = choice.get("finish_reason") or finish_reason
        usage = chunk.get("usage") or usage
    if not finish_reason:
        raise NoAnswer("it answered with a stream that breaks off")
    return {"choices": [{"message": said, "finish_reason": finish_reason}], "usage": usage}


def _of_parts(parts: list[Any]) -> tuple[str, str]:
    """Text and thought of a content that is a list."""
    text, thought = "", ""
    for part in parts:
        if isinstance(part, dict) and "thinking" in part:
            thinking = part["thinking"]
            thought += _of_parts(thinking)[0] if isinstance(thinking, list) else _text(thinking)
        else:
            text += _text(part.get("text") if isinstance(part, dict) else part)
    return text, thought


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _count(value: Any) -> int | None:
    return value if type(value) is int and value >= 0 else None
