"""What a tokenizer's chat template makes of a chat, and what it does not take.

What is covered: templates that want a message's content as text or as parts, that drop, change or refuse an assistant's
turn, that exist in several kinds, and that write today's date: a run has the same prompts on every day, and its date is
recorded.
What is not covered: templates that read a clock in another way than transformers' `strftime_now`.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from inspect import signature
from typing import TYPE_CHECKING, Any

from codecrucible.harness.models.errors import ModelUnusable

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

Message = Mapping[str, Any]

DATE = date(2024, 7, 26)
"""The day that dated templates are told: the one that Llama's fall back to where there is no clock."""

_CLOCK = re.compile(r"\bstrftime_now\b")
_DIRECTIVES = "aAbBdHIjmMpSUwWyYcxXfZzGuV"
_PROBE = "codecrucible"
_REFUSED = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""Besides its own, what a template that meets what it does not expect ends with."""


def chat_template(tokenizer: "PreTrainedTokenizerBase") -> str:
    """The template that a chat is rendered with; "" if there is none.

    Raises:
        ModelUnusable: there are several, and none is the default.
    """
    found = tokenizer.chat_template
    if not isinstance(found, dict):
        return str(found or "")
    if "default" in found or len(found) == 1:
        return str(found.get("default") or next(iter(found.values())))
    raise ModelUnusable(
        f"{tokenizer.name_or_path} has the chat templates {', '.join(sorted(found))}, and none of them is named "
        "`default`: name one so in its tokenizer_config.json, or use --prompt-form completion"
    )


def chat_template_sha256(tokenizer: "PreTrainedTokenizerBase") -> str:
    """Hex SHA-256 of the tokenizer's chat template, of all of them if none is the default; "" if it has none."""
    found = tokenizer.chat_template
    if not found:
        return ""
    several = isinstance(found, dict) and "default" not in found and len(found) > 1
    text = json.dumps(found, sort_keys=True) if several else chat_template(tokenizer)
    return sha256(text.encode()).hexdigest()


def is_dated(tokenizer: "PreTrainedTokenizerBase", template_kwargs: Mapping[str, Any]) -> bool:
    """Whether `DATE` is in the prompts: the template asks for today's, and is not given a `date_string` for it."""
    template = chat_template(tokenizer)
    return bool(_CLOCK.search(template)) and not ("date_string" in template_kwargs and "date_string" in template)


def rendered_chat(
    tokenizer: "PreTrainedTokenizerBase",
    messages: Sequence[Message],
    *,
    add_generation_prompt: bool,
    template_kwargs: Mapping[str, Any],
) -> str:
    """Text of a chat, on the day `DATE`; every message of a user or of the system is in it.

    Raises:
        ModelUnusable: if the template refuses a message, or leaves out a user's or the system's.
    """
    missing = ""
    for form in (_as_text, _as_parts):
        try:
            text = _rendered(tokenizer, [form(each) for each in messages], add_generation_prompt, template_kwargs)
        except _template_errors() as error:
            missing = missing or f"it says: {type(error).__name__}: {error}"
            continue
        left_out = [each["role"] for each in messages if each["role"] in ("user", "system") and not _holds(text, each)]
        if not left_out:
            return text
        missing = missing or f"the message of the {left_out[0]} is not in what it makes"
    system = any(each["role"] == "system" for each in messages)
    leave = ", or leave the system message (--system-prompt) away" if system else ""
    raise ModelUnusable(
        f"the chat template of {tokenizer.name_or_path} does not take a {'system and a ' if system else ''}user "
        f"message ({missing}); use --prompt-form completion{leave}"
    )


def refuse_unknown_kwargs(tokenizer: "PreTrainedTokenizerBase", template_kwargs: Mapping[str, Any]) -> None:
    """Raise `ModelUnusable` where a variable is not one that the chat template reads."""
    template = chat_template(tokenizer)
    ours = {"messages", "strftime_now", *signature(tokenizer.apply_chat_template).parameters}
    for name in template_kwargs:
        if name in ours or not re.search(rf"\b{re.escape(name)}\b", template):
            raise ModelUnusable(
                f"--chat-template-kwargs names {name!r}, which is no variable of the chat template of "
                f"{tokenizer.name_or_path}: it would change nothing; look into the template for what it reads"
            )


def turn_end(tokenizer: "PreTrainedTokenizerBase", template_kwargs: Mapping[str, Any]) -> str | None:
    """What the chat template puts behind an assistant's answer; None where it lets no answer be seen."""
    user, answer = {"role": "user", "content": "?"}, {"role": "assistant", "content": _PROBE}
    for messages in ([user, answer], [user, answer, user]):
        for form in (_as_text, _as_parts):
            try:
                text = _rendered(tokenizer, [form(each) for each in messages], False, template_kwargs)
            except _template_errors():
                continue
            if (found := text.casefold().rfind(_PROBE)) >= 0:
                return text[found + len(_PROBE) :]
    return None


def _rendered(
    tokenizer: "PreTrainedTokenizerBase",
    messages: Sequence[Message],
    add_generation_prompt: bool,
    template_kwargs: Mapping[str, Any],
) -> str:
    template = chat_template(tokenizer)
    text = tokenizer.apply_chat_template(
        [dict(each) for each in messages],
        chat_template=f"{_clock()}\n{template}" if _CLOCK.search(template) else template,
        tokenize=False,
        add_generation_prompt=add_generation_prompt,
        **template_kwargs,
    )
    return str(text)


def _clock() -> str:
    """A macro in the place of transformers' `strftime_now`, on whose day the prompt would depend."""
    told = {f"%{letter}": DATE.strftime(f"%{letter}") for letter in _DIRECTIVES}
    told |= {f"%-{letter}": text.lstrip("0") or "0" for letter in "dmjHIMSyUW" if (text := told[f"%{letter}"])}
    told |= {"%B": DATE.strftime("%B"), "%e": f"{DATE.day:2d}", "%F": DATE.isoformat(), "%D": DATE.strftime("%m/%d/%y")}
    replaced = "".join(f" | replace({name!r}, {text!r})" for name, text in told.items())
    return "{% macro strftime_now(format) %}{{ format" + replaced + " }}{% endmacro %}"


def _as_text(message: Message) -> Message:
    return message


def _as_parts(message: Message) -> Message:
    return {**message, "content": [{"type": "text", "text": message.get("content")}]}


def _holds(text: str, message: Message) -> bool:
    """Whether the message is in the text, whatever became of its white space."""
    content = message.get("content")
    return not isinstance(content, str) or "".join(content.split()) in "".join(text.split())


def _template_errors() -> tuple[type[Exception], ...]:
    from jinja2 import TemplateError

    return (TemplateError, *_REFUSED)
