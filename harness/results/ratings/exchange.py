"""Items for raters who are asked elsewhere, in Label Studio's and Argilla's JSON, and their answers from there.

What is covered: what is exported names no run; the key, which does, is a file of its own that raters must not see.
What is not: their servers. Both read and write these files by their own commands (docs/ratings.md).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import quoteattr

from codecrucible.harness.common.codec import from_json, loads, to_json
from codecrucible.harness.common.errors import BadRecord, UsageError
from codecrucible.harness.results.ratings.answers import SIDES, TIE, Answer, AnsweredSample
from codecrucible.harness.results.ratings.items import Item, RatingPlan
from codecrucible.reports.ratings import HIGHEST, LOWEST, PREFERENCE


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySample:
    """A sample behind a program of an item."""

    run_id: str
    sample_index: int
    program_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyItem:
    """What an exported item stands for; `samples` from left to right."""

    item_id: str
    problem_id: str
    samples: tuple[KeySample, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What answers that come back are read by.

    Attributes:
        questions: What is asked about each program.
        items: All that were exported.
    """

    questions: tuple[str, ...]
    items: tuple[KeyItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came back.

    Attributes:
        answers: Whole answers.
        incomplete: Answers that lack a question, and are left out.
    """

    answers: tuple[Answer, ...]
    incomplete: int


def key_of(plan: RatingPlan, questions: Sequence[str]) -> Key:
    """The key of a plan's items."""
    items = tuple(
        KeyItem(
            item_id=item.item_id,
            problem_id=item.problem.problem_id,
            samples=tuple(
                KeySample(
                    run_id=each.run_id,
                    sample_index=each.sample.sample_index,
                    program_sha256=each.sample.program_sha256,
                )
                for each in item.samples
            ),
        )
        for item in plan.items
    )
    return Key(questions=tuple(questions), items=items)


def exported(form: str, plan: RatingPlan, questions: Sequence[str]) -> dict[str, str]:
    """Content of the files that are exported, by what stands behind the name of the first.

    Raises:
        UsageError: the form is none.
    """
    if form not in _FORMS:
        raise UsageError(f"{form!r} is no form of ratings; take one of {', '.join(_FORMS)}")
    files = _FORMS[form].write(plan, questions)
    return files | {".key": json.dumps(to_json(key_of(plan, questions)), indent=1) + "\n"}


def imported(form: str, text: str, key_text: str, *, where: str) -> Imported:
    """The answers in a file that came back.

    Args:
        form: Name of its form.
        text: The file.
        key_text: The key that was written with what was exported.
        where: Name of the file, for messages.

    Raises:
        UsageError: the form is none.
        BadRecord: the file is damaged, or of other items than the key.
    """
    if form not in _FORMS:
        raise UsageError(f"{form!r} is no form of ratings; take one of {', '.join(_FORMS)}")
    try:
        key = from_json(Key, loads(key_text), where=f"the key of {where}")
        tasks = loads(text)
    except ValueError as error:
        raise BadRecord(f"{where}: not JSON: {error}") from None
    items = {item.item_id: item for item in key.items}
    answers, incomplete = [], 0
    for place, task in enumerate(tasks if isinstance(tasks, list) else [tasks]):
        at = f"{where}[{place}]"
        try:
            item_id, given = _FORMS[form].read(task)
            found = [(items[item_id], each) for each in given]
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise BadRecord(f"{at}: no item of the key with answers in the form {form}: {error!r}") from None
        for item, each in found:
            if set(each.values) >= set(_names(key.questions, len(item.samples))):
                answers.append(_answer(item, each, key.questions, where=at))
            else:
                incomplete += 1
    return Imported(answers=tuple(answers), incomplete=incomplete)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """What one rater answered to one item: values by name, such as `readability_a`."""

    rater: str
    values: Mapping[str, Any]
    rated_utc: str = ""


def _names(questions: Sequence[str], programs: int) -> list[str]:
    """Names of all that is asked about an item."""
    asked = [f"{name}_{side}" for name in questions for side in SIDES[:programs]]
    return [*asked, PREFERENCE] if programs > 1 else asked


def _answer(item: KeyItem, given: _Given, questions: Sequence[str], *, where: str) -> Answer:
    try:
        return Answer(
            item_id=item.item_id,
            rater=given.rater,
            problem_id=item.problem_id,
            samples=tuple(
                AnsweredSample(
                    run_id=each.run_id,
                    sample_index=each.sample_index,
                    program_sha256=each.program_sha256,
                    scores={name: _whole(given.values[f"{name}_{side}"]) for name in questions},
                )
                for side, each in zip(SIDES, item.samples, strict=False)
            ),
            preference=str(given.values[PREFERENCE]) if len(item.samples) > 1 else "",
            rated_utc=given.rated_utc,
        )
    except (TypeError, ValueError) as error:
        raise BadRecord(f"{where}: {error}") from None


def _whole(value: Any) -> int:
    """An answer, which no rounding makes of another number."""
    if isinstance(value, bool) or int(value) != value:
        raise ValueError(f"{value!r} is no whole number")
    return int(value)


def _fields(item: Item) -> dict[str, str]:
    programs = {f"program_{side}": each.sample.program for side, each in zip(SIDES, item.samples, strict=False)}
    return {"problem": item.problem.problem_id, "task": item.problem.prompt, **programs}


def _to_label_studio(plan: RatingPlan, questions: Sequence[str]) -> dict[str, str]:
    tasks = [{"data": {"item": item.item_id, **_fields(item)}} for item in plan.items]
    return {"": json.dumps(tasks, indent=1) + "\n", ".xml": _label_studio_config(questions, len(plan.items[0].samples))}


def _label_studio_config(questions: Sequence[str], programs: int) -> str:
    """The labelling interface: programs side by side, and below them what is asked."""
    lines = [
        "<View>",
        '  <Header value="$problem"/>',
        '  <Text name="task" value="$task"/>',
        '  <View style="display: flex; gap: 1em">',
    ]
    lines += [
        f'    <View style="flex: 1; min-width: 0; white-space: pre-wrap; font-family: monospace">'
        f'<Header value="Program {side.upper()}"/><Text name="program_{side}" value="$program_{side}"/></View>'
        for side in SIDES[:programs]
    ]
    lines.append("  </View>")
    for name in questions:
        for side in SIDES[:programs]:
            title = quoteattr(f"{name} of {side.upper()}, {LOWEST} (worst) to {HIGHEST} (best)")
            lines.append(f"  <Header value={title}/>")
            lines.append(
                f'  <Rating name="{name}_{side}" toName="program_{side}" maxRating="{HIGHEST}" required="true"/>'
            )
    if programs > 1:
        choices = "".join(f'<Choice value="{each}"/>' for each in (*SIDES, TIE))
        opened = f'<Choices name="{PREFERENCE}" toName="program_a" choice="single-radio" required="true">'
        lines += ['  <Header value="Which is better?"/>', f"  {opened}{choices}</Choices>"]
    return "\n".join([*lines, "</View>", ""])


def _from_label_studio(task: Mapping[str, Any]) -> tuple[str, list[_Given]]:
    given = []
    for annotation in task["annotations"]:
        if annotation.get("was_cancelled"):
            continue
        values = {}
        for result in annotation["result"]:
            value = result["value"]
            values[result["from_name"]] = value["rating"] if "rating" in value else value["choices"][0]
        who = annotation["completed_by"]
        rater = str(who.get("email") or who["id"]) if isinstance(who, dict) else str(who)
        given.append(_Given(rater=rater, values=values, rated_utc=str(annotation.get("updated_at", ""))))
    return str(task["data"]["item"]), given


def _to_argilla(plan: RatingPlan, questions: Sequence[str]) -> dict[str, str]:
    records = [
        {"id": item.item_id, "fields": _fields(item), "metadata": {}, "suggestions": {}, "responses": {}, "vectors": {}}
        for item in plan.items
    ]
    settings = _argilla_settings(questions, len(plan.items[0].samples))
    return {"": json.dumps(records, indent=1) + "\n", ".settings": json.dumps(settings, indent=1) + "\n"}


def _argilla_settings(questions: Sequence[str], programs: int) -> dict[str, Any]:
    names = ["problem", "task", *(f"program_{side}" for side in SIDES[:programs])]
    fields = [
        {"name": name, "title": name, "required": True, "settings": {"type": "text", "use_markdown": False}}
        for name in names
    ]
    scale = [{"value": each} for each in range(LOWEST, HIGHEST + 1)]
    asked: list[dict[str, Any]] = [
        {
            "name": f"{name}_{side}",
            "title": f"{name} of {side.upper()}, {LOWEST} (worst) to {HIGHEST} (best)",
            "required": True,
            "settings": {"type": "rating", "options": scale},
        }
        for name in questions
        for side in SIDES[:programs]
    ]
    if programs > 1:
        choices = [{"value": each, "text": each, "description": None} for each in (*SIDES, TIE)]
        asked.append(
            {
                "name": PREFERENCE,
                "title": "Which is better?",
                "required": True,
                "settings": {"type": "label_selection", "options": choices, "visible_options": None},
            }
        )
    return {"fields": fields, "questions": asked, "vectors": [], "metadata": [], "guidelines": None}


def _from_argilla(record: Mapping[str, Any]) -> tuple[str, list[_Given]]:
    by_rater: dict[str, dict[str, Any]] = {}
    for name, responses in record["responses"].items():
        for response in responses:
            by_rater.setdefault(str(response["user_id"]), {})[name] = response["value"]
    return str(record["id"]), [_Given(rater=rater, values=values) for rater, values in by_rater.items()]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """How items are written for others, and how what they answered is read."""

    write: Callable[[RatingPlan, Sequence[str]], dict[str, str]]
    read: Callable[[Mapping[str, Any]], tuple[str, list[_Given]]]


_FORMS: Mapping[str, _Form] = {
    "label-studio": _Form(write=_to_label_studio, read=_from_label_studio),
    "argilla": _Form(write=_to_argilla, read=_from_argilla),
}
