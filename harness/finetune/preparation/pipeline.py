"""The steps of the preparation in their order: rows of sources go in, and those to train on are kept in a file.

Rows stream through in batches. What grows with them is the index of what was seen, a few numbers a row for the split,
and the file of the rows that are kept.
"""

import json
import os
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Self

from codecrucible.harness.finetune.preparation.augmentation import variants
from codecrucible.harness.finetune.preparation.decontamination import Decontamination, Hit
from codecrucible.harness.finetune.preparation.duplicates import ExactIndex, NearIndex
from codecrucible.harness.finetune.preparation.leaks import PrivateKey, without_leaks
from codecrucible.harness.finetune.preparation.linting import formatted, pylint_error_lines, ruff_error_lines
from codecrucible.harness.finetune.preparation.rows import Row, parses
from codecrucible.harness.finetune.preparation.sources import Unreadable
from codecrucible.harness.finetune.preparation.steps import Step

PERMISSIVE = (
    *("MIT", "MIT-0", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "0BSD", "Unlicense", "CC0-1.0", "Zlib"),
    *("BSL-1.0", "PSF-2.0", "Python-2.0", "CC-BY-4.0"),
)
"""SPDX ids of the licences that rows may have by default."""

NEAR = 0.9
"""Jaccard similarity from which a row repeats another."""

ALIKE = 0.7
"""Jaccard similarity from which two rows are not divided by the split."""

MOST_ERROR_LINES = 0.05
"""Share of a row's lines that may have errors."""

LONG_CHARACTERS = 6_000
"""Characters from which a text may have more than the 2,048 tokens of a training row; it is split then."""

BATCH = 256
_PYTHON = frozenset({"python", "python3", "py"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a row must be to be kept.

    Attributes:
        licences: SPDX ids that are allowed; rows that state none are kept.
        python: Version that the code must be of, or older.
        any_text: Whether rows that hold no Python are kept; they are not linted.
        ruff: Whether ruff's error rules are applied.
        pylint: Whether pylint's errors are looked for.
        normalise: Whether code is formatted.
        secrets: "redact", "drop" or "keep".
        augment: Names from `augmentation.KINDS`; each row that is kept gets a copy of each of these kinds beside it.
        seed: Random seed of the MinHash functions, of the split, and of new names.
    """

    licences: tuple[str, ...] = PERMISSIVE
    python: tuple[int, int] = (3, 11)
    any_text: bool = False
    ruff: bool = True
    pylint: bool = True
    normalise: bool = True
    secrets: str = "redact"
    augment: tuple[str, ...] = ()
    seed: int = 0


class Pipeline:
    """The steps over one file of kept rows; a context manager.

    Args:
        file: Where kept rows go, one a line as they will be trained on; must not exist.
        rules: What they must be.
        decontamination: What they must not give away.
    """

    def __init__(self, file: Path, *, rules: Rules, decontamination: Decontamination) -> None:
        self._rules = rules
        self._decontamination = decontamination
        self._file = file.open("x+b")
        self._starts = array("Q")
        self._groups: dict[str, int] = {}
        self._exact = ExactIndex()
        self._near = NearIndex(self.text_of, seed=rules.seed)
        self._allowed = frozenset(licence.lower() for licence in rules.licences)
        names = ["read", "licence", "language", "parse", "ruff", "pylint", "format", "secrets"]
        self.steps = {name: Step(name=name) for name in [*names, "exact", "near", "contamination"]}
        self.licences: Counter[str] = Counter()
        self.benchmarks = tuple(decontamination.names)
        self.hits: dict[tuple[str, str], dict[str, Any]] = {}
        self.contaminated_rows: Counter[str] = Counter()
        self.augmented: Counter[str] = Counter()
        self.long_texts = 0
        self._alike = array("q")
        self._same_group = array("q")

    @property
    def kept(self) -> int:
        """Rows kept so far."""
        return len(self._starts)

    def alike(self) -> Iterator[tuple[int, int]]:
        """Pairs of kept rows that are alike."""
        return zip(self._alike[::2], self._alike[1::2], strict=True)

    def same_group(self) -> Iterator[tuple[int, int]]:
        """Pairs of kept rows that link those of each folder or repository."""
        return zip(self._same_group[::2], self._same_group[1::2], strict=True)

    def run(self, records: Iterable[Row | Unreadable], *, done: Callable[[int], None]) -> None:
        """Put records through all steps, in their order; `done` is told the number of each batch."""
        for batch in _batches(records, BATCH):
            rows = self._readable(batch)
            for step in (self._licensed, self._in_python, self._parsing, self._without_errors, self._normalised):
                rows = step(rows)
            for row in rows:
                self._unique(row)
            done(len(batch))

    def text_of(self, number: int) -> str:
        """All text of a kept row."""
        record = self._record(number)
        texts = [each["content"] for each in record["messages"]] if "messages" in record else list(record.values())[:-1]
        return "\n".join(texts)

    def lines(self) -> Iterator[bytes]:
        """Kept rows as they are written."""
        self._file.flush()
        self._file.seek(0)
        yield from self._file

    def _record(self, number: int) -> dict[str, Any]:
        self._file.flush()
        start = self._starts[number]
        end = self._starts[number + 1] if number + 1 < len(self._starts) else self._file.tell()
        record: dict[str, Any] = json.loads(os.pread(self._file.fileno(), end - start, start))
        return record

    def _readable(self, batch: Sequence[Row | Unreadable]) -> list[Row]:
        step = self.steps["read"]
        step.entered += len(batch)
        for each in batch:
            if isinstance(each, Unreadable):
                step.drop(each.origin, each.reason)
        return [each for each in batch if isinstance(each, Row)]

    def _licensed(self, rows: Sequence[Row]) -> list[Row]:
        return self._filtered(
            "licence",
            rows,
            lambda row: (
                f"licence {', '.join(row.licences or ())} is not allowed"
                if row.licences is not None and not {licence.lower() for licence in row.licences} <= self._allowed
                else ""
            ),
        )

    def _in_python(self, rows: Sequence[Row]) -> list[Row]:
        return self._filtered(
            "language",
            rows,
            lambda row: (
                ""
                if self._rules.any_text or not row.language or row.language.lower() in _PYTHON
                else f"is in {row.language}"
            ),
        )

    def _parsing(self, rows: Sequence[Row]) -> list[Row]:
        version = ".".join(map(str, self._rules.python))

        def fault(row: Row) -> str:
            code = row.code()
            if code is None:
                return "" if self._rules.any_text else "holds no Python"
            if self._rules.any_text or parses(code, self._rules.python):
                return ""
            return f"does not parse as Python {version}"

        return self._filtered("parse", rows, fault)

    def _without_errors(self, rows: Sequence[Row]) -> list[Row]:
        for name, wanted, check in (
            ("ruff", self._rules.ruff, ruff_error_lines),
            ("pylint", self._rules.pylint, pylint_error_lines),
        ):
            if not wanted:
                continue
            codes = {number: code for number, row in enumerate(rows) if (code := self._code(row)) is not None}
            found = dict(zip(codes, check(list(codes.values()), python=self._rules.python), strict=True))
            faults = {number: _too_many(name, lines, codes[number]) for number, lines in found.items()}
            rows = [row for number, row in enumerate(rows) if self._enter(name, row, faults.get(number, ""))]
        return list(rows)

    def _normalised(self, rows: Sequence[Row]) -> list[Row]:
        step = self.steps["format"]
        step.entered += len(rows)
        if not self._rules.normalise:
            return list(rows)
        codes = {number: code for number, row in enumerate(rows) if (code := self._code(row)) is not None}
        changed = dict(zip(codes, formatted(list(codes.values()), python=self._rules.python), strict=True))
        made = list(rows)
        for number, code in changed.items():
            made[number] = rows[number].with_code(_closed(rows[number], code))
        step.changed += sum(before != after for before, after in zip(rows, made, strict=True))
        return made

    def _unique(self, row: Row) -> None:
        """Keep a row that has no secrets, repeats none, and gives no problem away."""
        clean = self._without_secrets(row)
        if clean is None:
            return
        text = clean.content
        if not self._enter("exact", clean, "" if self._exact.is_new(" ".join(text.split())) else "repeats a row"):
            return
        likenesses, keys = self._near.likenesses(text, at_least=ALIKE)
        nearest = max(likenesses, key=lambda each: each.jaccard, default=None)
        reason = ""
        if nearest is not None and nearest.jaccard >= NEAR:
            reason = f"is like {self._record(nearest.number)['origin']} (Jaccard {nearest.jaccard:.3f})"
        if not self._enter("near", clean, reason):
            return
        hits = self._decontamination.hits(text)
        self._note(clean, hits)
        reason = f"gives away {hits[0].benchmark} {hits[0].problem_id}: {hits[0].words}" if hits else ""
        if self._enter("contamination", clean, reason):
            number = self._keep(clean, [each.number for each in likenesses])
            self._near.add(number, keys)
            self._augment(clean, number)

    def _augment(self, row: Row, number: int) -> None:
        """Keep what a kept row can be made into, on the same side of the split."""
        for kind, made in variants(row, self._rules.augment, seed=self._rules.seed):
            if not self._decontamination.hits(made.content):
                self._keep(made, [number])
                self.augmented[kind] += 1

    def _without_secrets(self, row: Row) -> Row | None:
        step = self.steps["secrets"]
        step.entered += 1
        if self._rules.secrets == "keep":
            return row
        try:
            cleaned = [without_leaks(text) for text in row.texts]
        except PrivateKey:
            step.drop(row.origin, "holds a private key")  # without its text: a data card is published
            return None
        found = sum(number for _, number in cleaned)
        if found and self._rules.secrets == "drop":
            step.drop(row.origin, f"holds {found} secrets or e-mail addresses")
            return None
        step.changed += bool(found)
        return replace(row, texts=tuple(text for text, _ in cleaned))

    def _note(self, row: Row, hits: Sequence[Hit]) -> None:
        self.contaminated_rows.update({hit.benchmark for hit in hits})
        for hit in hits:
            first = {"rows": 0, "origin": row.origin[:200], "words": hit.words[:200]}
            self.hits.setdefault((hit.benchmark, hit.problem_id), first)["rows"] += 1

    def _keep(self, row: Row, alike: Iterable[int]) -> int:
        """The number of the row, which is now the last one."""
        number = len(self._starts)
        self._file.seek(0, os.SEEK_END)
        self._starts.append(self._file.tell())
        self._file.write(json.dumps(row.to_json(), ensure_ascii=False).encode() + b"\n")
        for other in alike:
            self._alike.extend((other, number))
        if row.group:
            self._same_group.extend((self._groups.setdefault(row.group, number), number))
        self.licences.update(row.licences or ("not stated",))
        self.long_texts += len(row.texts) == 1 and len(row.content) > LONG_CHARACTERS
        return number

    def _enter(self, name: str, row: Row, reason: str) -> bool:
        """Whether the row goes on behind a step."""
        step = self.steps[name]
        step.entered += 1
        if reason:
            step.drop(row.origin, reason, row.texts[-1])
        return not reason

    def _filtered(self, name: str, rows: Iterable[Row], fault: Callable[[Row], str]) -> list[Row]:
        return [row for row in rows if self._enter(name, row, fault(row))]

    def _code(self, row: Row) -> str | None:
        code = row.code()
        return code if code is not None and (not self._rules.any_text or parses(code, self._rules.python)) else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _too_many(linter: str, lines: int, code: str) -> str:
    """What is wrong with code in which a linter found errors on so many lines, "" if nothing."""
    if lines < 0:
        return f"{linter} could not check it"
    total = len(code.splitlines())
    return f"{linter} finds errors on {lines} of {total} lines" if lines > MOST_ERROR_LINES * total else ""


def _closed(row: Row, code: str) -> str:
    """Formatted code with no more line ends behind it than the row's had."""
    before = row.code() or ""
    return code if before.endswith("\n") else code.rstrip("\n")


def _batches(records: Iterable[Any], size: int) -> Iterator[list[Any]]:
    iterator = iter(records)
    while batch := list(islice(iterator, size)):
        yield batch
