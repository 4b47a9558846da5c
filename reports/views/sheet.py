"""A table of text, and how it is shown on a terminal, in Markdown and in LaTeX.

Whoever makes a sheet puts names and ids into it as they came; every way of showing it makes every cell harmless.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from io import StringIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from codecrucible.reports.views.safe_text import for_latex, for_markdown, for_terminal

NOT_MEASURED = "\N{EN DASH}"
LONGEST_CELL = 48  # characters of a terminal
SHORTEST_LABEL = 18  # of what is longer, on a narrow terminal
ARTICLE_WIDTH = 92  # characters of a table's size in a column of LaTeX's `article`


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table.

    Attributes:
        title: A line above it.
        headings: One a column.
        rows: Cells; each row is as long as `headings`.
        labels: Leading columns that hold text; the others hold numbers.
        notes: Sentences below it.
    """

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    labels: int = 1
    notes: tuple[str, ...] = ()


def print_sheets(sheets: Sequence[Sheet], console: Console) -> None:
    """Print the sheets one below the other; nothing is folded, so that no cell can begin a line.

    A sheet that is wider than the console is printed in parts, each with the labels, so that no number is cut off.
    """
    for sheet in sheets:
        _print_line(sheet.title, console, style="bold")
        for table in _tables(sheet, console.width) if sheet.rows else ():
            console.print(table)
        for note in sheet.notes:
            _print_line(note, console, style="dim")
        console.print()


def _tables(sheet: Sheet, width: int) -> Iterator[Table]:
    """The sheet in as many tables as it takes, with labels that leave half of the console to the numbers."""
    longest_label = min(LONGEST_CELL, max(SHORTEST_LABEL, width // 2 // max(1, sheet.labels)))
    for columns in _parts(sheet, lambda columns: _width(_table(sheet, columns, longest_label)) <= width):
        yield _table(sheet, columns, longest_label)


def _parts(sheet: Sheet, fits: Callable[[Sequence[int]], bool]) -> Iterator[tuple[int, ...]]:
    """Columns of the sheet's parts, which have the labels and as many of the others as fit, one at least."""
    labels, taken = range(sheet.labels), list[int]()
    for place in range(sheet.labels, len(sheet.headings)):
        if taken and not fits((*labels, *taken, place)):
            yield (*labels, *taken)
            taken = []
        taken.append(place)
    yield (*labels, *taken)


def _width(table: Table) -> int:
    """Columns of a terminal that the table needs to be shown whole."""
    return Console(width=10_000, file=StringIO()).measure(table).maximum


def _table(sheet: Sheet, columns: Sequence[int], longest_label: int) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), collapse_padding=True)
    for place in columns:
        table.add_column(
            Text(for_terminal(sheet.headings[place])),
            justify="left" if place < sheet.labels else "right",
            no_wrap=True,
            overflow="ellipsis",
        )
    for row in sheet.rows:
        longest = [longest_label if place < sheet.labels else LONGEST_CELL for place in columns]
        table.add_row(*(Text(for_terminal(row[at], longest=most)) for at, most in zip(columns, longest, strict=True)))
    return table


def _print_line(text: str, console: Console, *, style: str) -> None:
    console.print(Text(for_terminal(text, longest=1000), style=style), soft_wrap=True)


def sheets_to_markdown(sheets: Sequence[Sheet]) -> str:
    """The sheets as Markdown, titles in bold."""
    blocks = []
    for sheet in sheets:
        blocks.append(f"**{for_markdown(sheet.title)}**")
        if sheet.rows:
            rule = [":--"] * sheet.labels + ["--:"] * (len(sheet.headings) - sheet.labels)
            cells = [[for_markdown(cell) for cell in row] for row in (sheet.headings, *sheet.rows)]
            blocks.append("\n".join("| " + " | ".join(row) + " |" for row in (cells[0], rule, *cells[1:])))
        blocks.extend(for_markdown(note, longest=1000) for note in sheet.notes)
    return "\n\n".join(blocks) + "\n"


def sheets_to_latex(sheets: Sequence[Sheet]) -> str:
    r"""The sheets as LaTeX tables for the package booktabs, to be put in with `\input`.

    One that is wider than an article is set in parts, each with the labels.
    """
    return "\n".join(_latex_table(sheet) for sheet in sheets if sheet.rows)


def _latex_table(sheet: Sheet) -> str:
    lines = [
        r"\begin{table}",
        r"  \centering\footnotesize\setlength{\tabcolsep}{3pt}",
        r"  \setlength{\abovetopsep}{1ex}",
        rf"  \caption{{{for_latex(sheet.title)}}}",
        *(_latex_part(sheet, columns) for columns in _parts(sheet, partial(_fits_an_article, sheet))),
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def _fits_an_article(sheet: Sheet, columns: Sequence[int]) -> bool:
    """Whether the columns are likely to fit; two characters are as wide as the space between two columns."""
    rows = (sheet.headings, *sheet.rows)
    longest = (max(len(for_terminal(row[at], longest=LONGEST_CELL)) for row in rows) for at in columns)
    return sum(each + 2 for each in longest) <= ARTICLE_WIDTH


def _latex_part(sheet: Sheet, columns: Sequence[int]) -> str:
    alignment = "".join("l" if at < sheet.labels else "r" for at in columns)
    heading, *rows = (
        _latex_row([row[at] for at in columns], labels=sheet.labels) for row in (sheet.headings, *sheet.rows)
    )
    lines = [
        rf"\begin{{tabular}}{{@{{}}{alignment}@{{}}}}",
        r"  \toprule",
        f"  {heading}",
        r"  \midrule",
        *(f"  {row}" for row in rows),
        r"  \bottomrule",
        r"\end{tabular}\par",
    ]
    return "\n".join(f"  {line}" for line in lines)


def _latex_row(cells: Sequence[str], *, labels: int) -> str:
    return " & ".join([*map(for_latex, cells[:labels]), *map(_latex_number, cells[labels:])]) + r" \\"


def _latex_number(cell: str) -> str:
    """A number with a minus where it has a hyphen, which is shorter."""
    return "--" if cell == NOT_MEASURED else re.sub(r"\{-\}(?=\d)", "$-$", for_latex(cell))


def percent(share: float | None) -> str:
    """A share for people, a dash if it was not measured."""
    return NOT_MEASURED if share is None else f"{100 * share:.1f} %"


def optional(value: float | None, show: Callable[[float], str]) -> str:
    """`show(value)`, a dash if there is no value."""
    return NOT_MEASURED if value is None else show(value)
