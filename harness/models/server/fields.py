"""Which fields of a request a server takes, found out from what it says when it refuses one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from codecrucible.harness.models.chat_settings import ChatSettings

PLAIN_SAMPLING: Mapping[str, float] = {"top_k": -1, "min_p": 0.0, "repetition_penalty": 1.0}
"""Settings beyond OpenAI's protocol, switched off. Left out, vLLM and SGLang take what the checkpoint's generation
config recommends: top_k 20, say."""

_CAN_GO = (*PLAIN_SAMPLING, "max_tokens", "stop", "seed", "temperature", "top_p")
_OWN_HOLD = (
    "its own hold, or those that the checkpoint recommends, and scores cannot be compared with those of other engines"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """What a server takes of a request; by default all of it.

    Attributes:
        refused: Fields that are left out; "max_tokens" goes as `max_completion_tokens` then.
        most_stops: Stop strings that it takes, None if any number.
    """

    refused: frozenset[str] = frozenset()
    most_stops: int | None = None

    def of(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """What is left of the body of a request."""
        kept = {name: value for name, value in body.items() if name not in self.refused}
        if "max_tokens" in self.refused:
            kept["max_completion_tokens"] = body["max_tokens"]
        stops = body.get("stop", [])[: self.most_stops]
        return {name: value for name, value in kept.items() if name != "stop"} | ({"stop": stops} if stops else {})

    def after(self, refusal: str, body: Mapping[str, Any]) -> "Fields | None":
        """What may be taken, by a refusal of `body`: the field that it names first goes; None if it names none."""
        places = {name: place for name in _CAN_GO if name in body and (place := _place(name, refusal)) is not None}
        if not places and "top_p" in body and _place("temperature", refusal) is not None:
            places = {"top_p": 0}  # where both are fixed, some name the one for the other
        if not places:
            return None
        named = min(places, key=lambda name: places[name])
        if named != "stop":
            return replace(self, refused=self.refused | {named})
        numbers = [int(number) for number in re.findall(r"\d+", refusal[places["stop"] :])]
        return replace(self, most_stops=next((each for each in numbers if 0 < each < len(body["stop"])), 0))

    def cautions(self) -> tuple[str, ...]:
        """What a reader of the scores should know of what is left out."""
        plain = [name for name in PLAIN_SAMPLING if name in self.refused]
        drawn = [name for name in ("temperature", "top_p") if name in self.refused]
        return tuple(
            caution
            for holds, caution in (
                (plain, f"the server takes no {_either(plain)}: {_OWN_HOLD}"),
                (drawn, f"the server takes no {_either(drawn)}: its own hold, whatever the run's settings say"),
                ("seed" in self.refused, "the server takes no seed: the same command would get other samples"),
                (
                    "max_tokens" in self.refused,
                    "the server takes max_completion_tokens for max_tokens: what it thinks counts in the limit",
                ),
                (
                    self.most_stops is not None,
                    f"the server takes at most {self.most_stops} stop strings: at the others, completions are cut here",
                ),
            )
            if holds
        )


def fields_that_ask(chat: ChatSettings) -> list[dict[str, Any]]:
    """Fields of a request that pass on what is asked of a chat, each way in which servers take them."""
    budget = chat.reasoning_budget
    # vLLM's name for it, and llama.cpp's.
    fields = {} if budget is None else {"thinking_token_budget": budget, "reasoning_budget_tokens": budget}
    kwargs = dict(chat.template_kwargs)
    effort = {name: value for name, value in kwargs.items() if name == "reasoning_effort"}
    if not kwargs:
        return [fields]
    every = fields | effort | {"chat_template_kwargs": kwargs}
    return [every, fields | effort] if kwargs == effort else [every]


def _place(name: str, text: str) -> int | None:
    """Where a text names a field; None if it does not."""
    found = re.search(rf"(?<![a-z_]){name}(?![a-z_])", text.lower())
    return found.start() if found else None


def _either(names: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
