"""How a model is asked to fill a gap: by special tokens of its tokenizer around what stands before it and behind it.

What is covered: the tokens of Code Llama, StarCoder 1 and 2, SantaCoder, DeepSeek-Coder, Qwen2.5-Coder and Codestral,
each in the order that its makers publish. What is not: a model without such tokens, which has never seen a gap; and
servers, which do not show their tokenizers.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codecrucible.harness.models.errors import ModelUnusable
from codecrucible.harness.models.requests import RenderedPrompt

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

NO_INFILL = (
    "prompt form infill: a server does not show the tokenizer whose special tokens a gap needs; load the checkpoint "
    "itself (--model FOLDER or a hub id)"
)
"""Why a server is not asked."""

PREFIX, SUFFIX = "PREFIX", "SUFFIX"
_MARK = "☺"


@dataclass(frozen=True, slots=True, kw_only=True)
class InfillTokens:
    """What one family of models has.

    Attributes:
        family: Its name.
        parts: What is sent, in order: special tokens, and `PREFIX` and `SUFFIX` for the texts around the gap.
        ends: Special tokens that end a completion, beside the tokenizer's own and those of `parts`.
    """

    family: str
    parts: tuple[str, ...]
    ends: tuple[str, ...] = ()

    @property
    def tokens(self) -> tuple[str, ...]:
        """The special tokens among the parts."""
        return tuple(part for part in self.parts if part not in (PREFIX, SUFFIX))

    @property
    def template(self) -> str:
        """What is sent, as one text."""
        return "".join(self.parts)


FAMILIES = (
    InfillTokens(
        family="StarCoder",
        parts=("<fim_prefix>", PREFIX, "<fim_suffix>", SUFFIX, "<fim_middle>"),
        ends=("<|endoftext|>", "<file_sep>"),
    ),
    InfillTokens(
        family="SantaCoder",
        parts=("<fim-prefix>", PREFIX, "<fim-suffix>", SUFFIX, "<fim-middle>"),
        ends=("<|endoftext|>",),
    ),
    InfillTokens(
        family="Qwen2.5-Coder",
        parts=("<|fim_prefix|>", PREFIX, "<|fim_suffix|>", SUFFIX, "<|fim_middle|>"),
        ends=("<|endoftext|>", "<|fim_pad|>", "<|repo_name|>", "<|file_sep|>"),
    ),
    InfillTokens(
        family="DeepSeek-Coder",
        parts=(
            "<\uff5cfim\u2581begin\uff5c>",
            PREFIX,
            "<\uff5cfim\u2581hole\uff5c>",
            SUFFIX,
            "<\uff5cfim\u2581end\uff5c>",
        ),
        ends=("<\uff5cend\u2581of\u2581sentence\uff5c>", "<|EOT|>"),
    ),
    InfillTokens(
        family="Code Llama",
        parts=("\u2581<PRE>", PREFIX, "\u2581<SUF>", SUFFIX, "\u2581<MID>"),
        ends=("\u2581<EOT>",),
    ),
    InfillTokens(family="Codestral", parts=("[SUFFIX]", SUFFIX, "[PREFIX]", PREFIX)),
)
"""In the order in which they are looked for."""


def infill_tokens(tokenizer: "PreTrainedTokenizerBase") -> InfillTokens:
    """The family whose tokens the tokenizer has.

    Raises:
        ModelUnusable: if it has those of none.
    """
    for family in FAMILIES:
        if all(_id_of(tokenizer, token) is not None for token in family.tokens):
            return family
    known = ", ".join(f"{family.tokens[0]} ({family.family})" for family in FAMILIES)
    raise ModelUnusable(
        f"prompt form infill was asked for, but the tokenizer of {tokenizer.name_or_path} has no tokens for a gap, "
        f"such as {known}: the model has not learned to fill one; take a base model that has, or another benchmark"
    )


def render_infill(tokenizer: "PreTrainedTokenizerBase", prefix: str, suffix: str) -> RenderedPrompt:
    """What a model with this tokenizer is sent for the gap between the texts, its start token included.

    Raises:
        ModelUnusable: as `infill_tokens`.
    """
    family = infill_tokens(tokenizer)
    ids, text = _start(tokenizer), ""
    for part in family.parts:
        if part == PREFIX:
            ids += _ids(tokenizer, prefix)
            text += prefix
        elif part == SUFFIX:
            ids += _ids_within(tokenizer, suffix)
            text += suffix
        else:
            number = _id_of(tokenizer, part)
            assert number is not None  # noqa: S101 - as `infill_tokens` found
            ids.append(number)
            text += part
    return RenderedPrompt(text=text, token_ids=tuple(ids))


def infill_end_ids(tokenizer: "PreTrainedTokenizerBase") -> set[int]:
    """Tokens that end what fills a gap: those of its family's end, and those that open another gap."""
    family = infill_tokens(tokenizer)
    found = (_id_of(tokenizer, token) for token in (*family.ends, *family.tokens))
    return {number for number in found if number is not None}


def _id_of(tokenizer: "PreTrainedTokenizerBase", token: str) -> int | None:
    number: int | None = tokenizer.get_vocab().get(token)
    return number


def _ids(tokenizer: "PreTrainedTokenizerBase", text: str) -> list[int]:
    return list(tokenizer(text, add_special_tokens=False).input_ids)


def _ids_within(tokenizer: "PreTrainedTokenizerBase", text: str) -> list[int]:
    """Ids of a text that other text precedes: Llama's tokenizers put a space before one that begins."""
    first = _ids(tokenizer, "x")[:1]
    if not first or not str(tokenizer.convert_ids_to_tokens(first)[0]).startswith("\u2581"):
        return _ids(tokenizer, text)
    mark = _ids(tokenizer, _MARK)
    both = _ids(tokenizer, _MARK + text)
    return both[len(mark) :] if both[: len(mark)] == mark else _ids(tokenizer, text)


def _start(tokenizer: "PreTrainedTokenizerBase") -> list[int]:
    """The start token, if the tokenizer puts one before a text."""
    ids = list(tokenizer("x").input_ids)
    return ids[:1] if tokenizer.bos_token_id is not None and ids[:1] == [tokenizer.bos_token_id] else []
