"""What is asked of a model in a chat beside the message: of its template, of a system message, of its thoughts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from codecrucible.harness.models.errors import ModelUnusable


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSettings:
    """How a chat is put to a model. The defaults leave it to the chat template.

    Attributes:
        template_kwargs: Variables of the chat template, such as {"enable_thinking": False}.
        system_prompt: A system message before the user's; "" for none.
        reasoning_budget: Tokens after which a thought is closed; None: no limit.

    Raises:
        ValueError: if the budget is negative.
    """

    template_kwargs: Mapping[str, Any] = field(default_factory=dict)
    system_prompt: str = ""
    reasoning_budget: int | None = None

    def __post_init__(self) -> None:
        if self.reasoning_budget is not None and self.reasoning_budget < 0:
            raise ValueError(f"a reasoning budget of {self.reasoning_budget}; give 0 tokens or more")

    @property
    def asked(self) -> dict[str, Any]:
        """What is not at its default, by name: part of a run's identity."""
        named = {
            "chat_template_kwargs": dict(self.template_kwargs),
            "system_prompt": self.system_prompt,
            "reasoning_budget": self.reasoning_budget,
        }
        return {name: value for name, value in named.items() if value not in ({}, "", None)}

    def messages(self, content: str) -> list[dict[str, str]]:
        """The chat that asks `content`."""
        system = [{"role": "system", "content": self.system_prompt}] if self.system_prompt else []
        return [*system, {"role": "user", "content": content}]


PLAIN_CHAT = ChatSettings()
"""Nothing is asked beside the message."""


def refuse_outside_of_chat(chat: ChatSettings) -> None:
    """Raise `ModelUnusable` where something is asked of a chat, for a model that is asked to continue prompts."""
    if chat.asked:
        named = ", ".join(f"--{name.replace('_', '-')}" for name in chat.asked)
        raise ModelUnusable(
            f"{named}: only a chat has that, and prompts are sent as they stand; give --prompt-form chat, or omit it"
        )
