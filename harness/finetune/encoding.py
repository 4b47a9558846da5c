"""Rows of prepared data as token ids, put to the model exactly as `crucible run` puts a prompt to it."""

import ast
import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codecrucible.benchmarks import PromptForm
from codecrucible.harness.common.codec import loads
from codecrucible.harness.common.errors import BadRecord, NothingToDo, UsageError
from codecrucible.harness.finetune.preparation.data_folder import CARD, TRAIN, VALIDATION
from codecrucible.harness.finetune.preparation.pieces import pieces
from codecrucible.harness.finetune.preparation.rows import is_continued, tree_of
from codecrucible.harness.models.prompts import (
    answer_opening,
    answer_start,
    chat_message,
    conversation_ids,
    render_prompt,
    turn_end_ids,
)

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)

IGNORED = -100
"""The label of a token that no loss is taken of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """A folder that `crucible finetune prepare` wrote.

    Attributes:
        folder: Where it is.
        card: Its data card.
        sha256: Digest of its card, which names the digests of its files.
        train: Rows to train on.
        validation: Rows that are held out; may be empty.
    """

    folder: Path
    card: Mapping[str, Any]
    sha256: str
    train: Sequence[Mapping[str, Any]]
    validation: Sequence[Mapping[str, Any]]


def read_data(folder: Path) -> Data:
    """The data in `folder`.

    Raises:
        UsageError: if it is no such folder, or its files are not those of its card.
        BadRecord: if a line is no row.
        NothingToDo: if there is no row to train on.
    """
    try:
        text = (folder / CARD).read_bytes()
        card = loads(text)
        wanted = {name: card["files"][name]["sha256"] for name in (TRAIN, VALIDATION)}
        contents = {name: (folder / name).read_bytes() for name in wanted}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"cannot read the data in {folder} ({type(error).__name__}: {error}); give a folder that "
            "`crucible finetune prepare` wrote"
        ) from error
    for name, content in contents.items():
        found = hashlib.sha256(content).hexdigest()
        if found != wanted[name]:
            raise UsageError(
                f"{folder / name} has sha256 {found[:12]}, and its data card says {str(wanted[name])[:12]}: it was "
                "changed after it was checked; prepare it again"
            )
    train, validation = (_rows(contents[name], where=str(folder / name)) for name in (TRAIN, VALIDATION))
    if not train:
        raise NothingToDo(f"{folder / TRAIN} holds no row to train on; its README.md says what was dropped and why")
    return Data(folder=folder, card=card, sha256=hashlib.sha256(text).hexdigest(), train=train, validation=validation)


def with_replay(rows: Sequence[Any], replay: Sequence[Any], *, share: float, seed: int) -> list[Any]:
    """`rows` and so many of `replay`, drawn without repetition, that these are `share` of all, or all there are."""
    wanted = min(round(len(rows) * share / (1 - share)), len(replay))
    return [*rows, *random.Random(seed).sample(list(replay), wanted)]  # noqa: S311 - no secret


def encode(
    row: Mapping[str, Any], tokenizer: "PreTrainedTokenizerBase", form: PromptForm, *, where: str
) -> dict[str, list[int]]:
    """Token ids and labels of a row; a loss is taken of the answer and its end, or of the whole of a text.

    Args:
        row: With "prompt" and "completion", "messages", or "text".
        tokenizer: The model's.
        form: How a prompt is put to the model. In a chat, code that is continued is put as the benchmarks' problems
            are and answered whole, and any other prompt is the user's message.
        where: Place of the row, for messages.

    Raises:
        BadRecord: if it has none of the three forms, or holds a chat for a model without a chat template.
    """
    match dict(row):
        case {"prompt": str(prompt), "completion": str(completion)} if form is PromptForm.COMPLETION:
            asked = render_prompt(tokenizer, prompt, form=form).token_ids
        case {"prompt": str(prompt), "completion": str(completion)}:
            if is_continued(prompt, completion):
                completion, prompt = _whole_answer(prompt, completion), chat_message(prompt, "python")
            return _turn(tokenizer, [{"role": "user", "content": prompt}], completion)
        case {"messages": [*messages, {"role": "assistant", "content": str(completion)}]} if messages:
            if form is not PromptForm.CHAT:
                raise BadRecord(
                    f"{where}: a chat, and the model is asked without a chat template; give --prompt-form chat"
                )
            return _turn(tokenizer, messages, completion)
        case {"text": str(text)}:
            return _encoded((), [*_text_ids(tokenizer, text), *_end(tokenizer, PromptForm.COMPLETION)])
        case _:
            raise BadRecord(f"{where}: expected prompt and completion, messages that end with an answer, or text")
    if not asked:
        return _encoded((), [*_text_ids(tokenizer, completion), *_end(tokenizer, form)])
    answer = tokenizer(completion, add_special_tokens=False).input_ids
    return _encoded(asked, [*answer, *_end(tokenizer, form)])


def encode_within(
    row: Mapping[str, Any], tokenizer: "PreTrainedTokenizerBase", form: PromptForm, *, limit: int, where: str
) -> list[dict[str, list[int]]]:
    """The row as `encode` has it; a text of more than `limit` tokens in pieces that end where a definition does.

    Only the last piece has the end of a text, so that nothing teaches to stop before it. What cannot be cut is
    returned as it is, longer than `limit`.
    """
    whole = encode(row, tokenizer, form, where=where)
    if len(whole["input_ids"]) <= limit or "text" not in row:
        return [whole]
    *parts, last = pieces(row["text"], lambda part: len(_text_ids(tokenizer, part)) < limit)
    return [
        *(_encoded((), _text_ids(tokenizer, part)) for part in parts),
        encode({"text": last}, tokenizer, form, where=where),
    ]


def _whole_answer(prompt: str, continuation: str) -> str:
    r"""The answer that `chat_message` asks for: the function that `prompt` begins, whole, in a fence.

    >>> print(_whole_answer("def f(x):\n    'Double x.'\n", "    return 2 * x\n"))
    ```python
    def f(x):
        return 2 * x
    ```
    """
    return answer_start(_without_last_docstring(prompt)) + continuation.rstrip("\n") + "\n```"


def _without_last_docstring(prompt: str) -> str:
    """`prompt` up to the docstring that it ends with, if any: the question has it, and it is most of the tokens."""
    tree, lines = tree_of(prompt), prompt.rstrip("\n").split("\n")
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, _DOCUMENTED) and ast.get_docstring(node) is not None:
            docstring = node.body[0]
            on_its_own = not lines[docstring.lineno - 1][: docstring.col_offset].strip()
            if on_its_own and docstring.end_lineno == len(lines):
                return "\n".join(lines[: docstring.lineno - 1]) + "\n"
    return prompt


def _turn(tokenizer: "PreTrainedTokenizerBase", messages: list[dict[str, str]], answer: str) -> dict[str, list[int]]:
    """The last answer of a chat, with what the template puts before and behind it."""
    text = answer_opening(tokenizer, messages) + answer
    learned = [*tokenizer(text, add_special_tokens=False).input_ids, *_end(tokenizer, PromptForm.CHAT)]
    return _encoded(conversation_ids(tokenizer, messages), learned)


def _text_ids(tokenizer: "PreTrainedTokenizerBase", text: str) -> list[int]:
    return list(render_prompt(tokenizer, text, form=PromptForm.COMPLETION).token_ids)


def _encoded(asked: Sequence[int], learned: Sequence[int]) -> dict[str, list[int]]:
    ids = [*asked, *learned]
    return {"input_ids": ids, "attention_mask": [1] * len(ids), "labels": [IGNORED] * len(asked) + [*learned]}


def _end(tokenizer: "PreTrainedTokenizerBase", form: PromptForm) -> list[int]:
    turn = sorted(turn_end_ids(tokenizer)) if form is PromptForm.CHAT else []
    return turn or ([] if tokenizer.eos_token_id is None else [int(tokenizer.eos_token_id)])


def _rows(content: bytes, *, where: str) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = []
    for number, line in enumerate(content.splitlines(), start=1):
        try:
            row = loads(line)
        except ValueError as error:
            raise BadRecord(f"{where}:{number}: expected a JSON object: {error}") from error
        if not isinstance(row, dict):
            raise BadRecord(f"{where}:{number}: expected a JSON object, found {type(row).__name__}")
        rows.append(row)
    return rows
