"""The page on languages says what their declarations say."""

from pathlib import Path

from codecrucible.benchmarks.sources.multipl_e import TRANSLATIONS
from codecrucible.sandbox.languages import FAMILIES, LANGUAGES

PAGE = Path(__file__).parents[2] / "docs" / "languages.md"


def row(suffix, translation):
    """The line of the table for one translation."""
    language = LANGUAGES[translation.language]
    family = FAMILIES[language.family]
    failed = [f"exit status {status}" for status in language.assertion_exits]
    failed += [f"signal {number}" for number in language.assertion_signals]
    known = (*translation.dead, *translation.unpassable)
    dead = [sum(name.startswith(origin) for name in known) for origin in ("HumanEval", "mbpp")]
    judged = ("answers" if language.printer else "exit status", ", ".join(failed))
    if translation.changes is None:
        judged = ("the referee", "-")
    cells = [
        f"{translation.title} (`{suffix}`){'' if language.tested else ', not tested'}",
        " ".join(family.packages) or f"none: the public image `{family.base}`",
        f"`{' '.join(language.compile)}`" if language.compile else "-",
        f"`{' '.join(language.run)}`" if translation.changes else "-",
        *judged,
        f"{dead[0]} / {dead[1]}",
    ]
    return f"| {' | '.join(cells)} |"


def test_the_table_is_that_of_the_declarations():
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    told = [line for line in lines if line.startswith("| ") and "(`" in line]
    assert told == [row(suffix, translation) for suffix, translation in TRANSLATIONS.items()]
