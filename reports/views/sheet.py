"""A table of text, and how it is shown on a terminal, in Markdown, in LaTeX and in HTML; rows of values as CSV.

Whoever makes a sheet puts names and ids into it as they came; every way of showing it makes every cell harmless.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from io import StringIO
from itertools import chain
from typing import Any

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from codecrucible.reports.report_types import Score
from codecrucible.reports.views.safe_text import for_csv, for_folding, for_html, for_latex, for_markdown, for_terminal

NOT_MEASURED = "\N{EN DASH}"
LONGEST_CELL = 48  # characters of a terminal
SHORTEST_LABEL = 18  # of what is longer, on a narrow terminal
NARROWEST_FOLD = 18  # of a column whose cells are folded
LONGEST_FOLD = 160  # characters of a line that is folded
LONGEST_LINE = 2000  # characters of a title, note or warning on a terminal
ARTICLE_WIDTH = 92  # characters of a table's size in a column of LaTeX's `article`

Cell = str | tuple[str, ...]
"""Text of one line, or several lines, which stand below one another on a terminal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table.

    Attributes:
        title: A line above it.
        headings: One a column. Outside a terminal, a label of several lines is as many columns.
        rows: Cells; each row is as long as `headings`.
        labels: Leading columns that hold text; the others hold numbers.
        notes: Sentences below it.
        warnings: Sentences that must not be overlooked: after everything on a terminal, first of all elsewhere.
        folded: Places of the columns of names or sentences, which a terminal folds; the others are cut off.
        styles: Style of each row on a terminal, see rich; () for none.
        dropped: Places of the columns that a narrow terminal omits, in the order in which they go.
    """

    title: str
    headings: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    labels: int = 1
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    folded: tuple[int, ...] = ()
    styles: tuple[str, ...] = ()
    dropped: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Flat:
    """A sheet whose cells have one line each; see `Sheet` for what it is made of."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    labels: int


def _flattened(sheet: Sheet) -> _Flat:
    """The sheet for a place where a cell is one line: the lines of labels are cells, side by side."""

    def flat(cells: Sequence[Cell]) -> tuple[str, ...]:
        labels = ((each,) if isinstance(each, str) else each for each in cells[: sheet.labels])
        return (*chain.from_iterable(labels), *map(_in_one_line, cells[sheet.labels :]))

    headings = flat(sheet.headings)
    labels = len(headings) - len(sheet.headings) + sheet.labels
    return _Flat(headings=headings, rows=tuple(map(flat, sheet.rows)), labels=labels)


def page_table(sheet: Sheet) -> dict[str, Any]:
    """The sheet for a page, whose cells have one line each."""
    flat = _flattened(sheet)
    return {
        "title": sheet.title,
        "headings": flat.headings,
        "rows": flat.rows,
        "labels": flat.labels,
        "notes": sheet.notes,
    }


def _in_one_line(cell: Cell) -> str:
    """The lines of a cell side by side, a second one that begins with a number in brackets."""
    if isinstance(cell, str):
        return cell
    first, *others = cell
    return " ".join([first, *(f"({each})" if each.lstrip("+-")[:1].isdigit() else each for each in others)])


def print_sheets(sheets: Sequence[Sheet], console: Console) -> None:
    """Print the sheets one below the other, and then all their warnings.

    A sheet that is wider than the console loses the columns that it can omit, which is said below it, and is
    printed in parts, each with the labels, where that is not enough: no number is cut off.
    What may be folded is made safe for it: a line may begin with any part of it.
    """
    for sheet in sheets:
        print_line(sheet.title, console, style="bold")
        kept = _kept(sheet, console.width)
        for table in _tables(sheet, kept, console.width) if sheet.rows else ():
            console.print(table)
        gone = [_in_one_line(sheet.headings[place]) for place in range(len(sheet.headings)) if place not in kept]
        for note in (*([f"Not shown on a terminal this narrow: {', '.join(gone)}."] if gone else []), *sheet.notes):
            print_line(note, console, style="dim")
        console.print()
    for warning in chain.from_iterable(sheet.warnings for sheet in sheets):
        print_line(warning, console, style="bold white on red")


def _kept(sheet: Sheet, width: int) -> tuple[int, ...]:
    """The columns that are shown: all, or as few less as make the sheet fit."""
    kept, widths = tuple(range(len(sheet.headings))), _widths(sheet, width)
    for place in sheet.dropped if sheet.rows else ():
        if _width(kept, widths) <= width:
            break
        kept = tuple(each for each in kept if each != place)
    return kept


def _tables(sheet: Sheet, kept: Sequence[int], width: int) -> Iterator[Table]:
    """The columns of the sheet that are kept, in as many tables as it takes."""
    widths = _widths(sheet, width)
    for columns in _parts(sheet, lambda columns: _width(columns, widths) <= width, kept):
        yield _table(sheet, columns, _longest_label(sheet, width))


def _parts(
    sheet: Sheet | _Flat, fits: Callable[[Sequence[int]], bool], kept: Sequence[int] = ()
) -> Iterator[tuple[int, ...]]:
    """Columns of the sheet's parts, which have the labels and as many of the others as fit, one at least."""
    columns = kept or range(len(sheet.headings))
    labels, taken = [place for place in columns if place < sheet.labels], list[int]()
    for place in (place for place in columns if place >= sheet.labels):
        if taken and not fits((*labels, *taken, place)):
            yield (*labels, *taken)
            taken = []
        taken.append(place)
    yield (*labels, *taken)


def _longest_label(sheet: Sheet, width: int) -> int:
    """Characters of a label, of which all together leave half of the console to the numbers."""
    return min(LONGEST_CELL, max(SHORTEST_LABEL, width // 2 // max(1, sheet.labels)))


def _widths(sheet: Sheet, width: int) -> list[int]:
    """Cells that the text of each column takes, where it is folded the fewest."""

    def widest(place: int) -> int:
        if place in sheet.folded:
            return NARROWEST_FOLD
        longest = _longest_label(sheet, width) if place < sheet.labels else LONGEST_CELL
        texts = (_text(sheet.headings[place]), *(_text(row[place], longest=longest) for row in sheet.rows))
        return max(cell_len(line) for text in texts for line in text.plain.split("\n"))

    return [widest(place) for place in range(len(sheet.headings))]


def _width(columns: Sequence[int], widths: Sequence[int]) -> int:
    """Cells of a terminal that a table of these columns takes: two beside each, and two at its edges."""
    return sum(widths[place] + 2 for place in columns) + 2


def _table(sheet: Sheet, columns: Sequence[int], longest_label: int) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), collapse_padding=True)
    for place in columns:
        folded = place in sheet.folded
        table.add_column(
            _text(sheet.headings[place], folded=folded),
            justify="left" if place < sheet.labels or folded else "right",
            no_wrap=not folded,
            overflow="fold" if folded else "ellipsis",
            min_width=NARROWEST_FOLD if folded else None,
        )
    for number, row in enumerate(sheet.rows):
        longest = [longest_label if place < sheet.labels else LONGEST_CELL for place in columns]
        cells = (
            _text(row[at], longest=most, folded=at in sheet.folded) for at, most in zip(columns, longest, strict=True)
        )
        table.add_row(*cells, style=sheet.styles[number] if sheet.styles else None)
    return table


def _text(cell: Cell, *, longest: int = 200, folded: bool = False) -> Text:
    """A cell in which nothing is markup; of one with names, the first line is the one that is looked for."""
    lines = (cell,) if isinstance(cell, str) else cell
    if folded:
        shown = [for_folding(line, longest=LONGEST_FOLD) for line in lines]
        return Text("\n").join(Text(line, style="dim" if at else "bold") for at, line in enumerate(shown))
    return Text("\n".join(for_terminal(line, longest=longest) for line in lines))


def print_line(text: str, console: Console, *, style: str) -> None:
    """Print a sentence: on a terminal its lines end between words, and in a file it is one line."""
    console.print(Text(for_terminal(text, longest=LONGEST_LINE), style=style), soft_wrap=not console.is_terminal)


def sheets_to_markdown(sheets: Sequence[Sheet], *, title: str = "") -> str:
    """The sheets as Markdown, titles in bold; with a `title` a document, whose sheets have headings."""
    warnings = chain.from_iterable(sheet.warnings for sheet in sheets)
    blocks = [f"# {for_markdown(title)}"] if title else []
    blocks += [f"**{for_markdown(warning, longest=1000)}**" for warning in warnings]
    for sheet in sheets:
        blocks.append(f"## {for_markdown(sheet.title)}" if title else f"**{for_markdown(sheet.title)}**")
        if sheet.rows:
            flat = _flattened(sheet)
            rule = [":--"] * flat.labels + ["--:"] * (len(flat.headings) - flat.labels)
            cells = [[for_markdown(cell) for cell in row] for row in (flat.headings, *flat.rows)]
            blocks.append("\n".join("| " + " | ".join(row) + " |" for row in (cells[0], rule, *cells[1:])))
        blocks.extend(for_markdown(note, longest=1000) for note in sheet.notes)
    return "\n\n".join(blocks) + "\n"


def sheets_to_html(sheets: Sequence[Sheet], *, title: str = "codecrucible") -> str:
    """The sheets as an HTML document, which runs no script and asks for nothing."""
    warnings = chain.from_iterable(sheet.warnings for sheet in sheets)
    head = _HTML_HEAD.format(title=for_html(title))
    lines = [head, *(f"<p><strong>{for_html(each, longest=1000)}</strong></p>" for each in warnings)]
    for number, sheet in enumerate(sheets):
        lines.append(f'<h2 id="sheet{number}">{for_html(sheet.title, longest=1000)}</h2>')
        if sheet.rows:
            flat = _flattened(sheet)
            named = f'<div role="region" tabindex="0" aria-labelledby="sheet{number}">'
            lines.append(f"{named}<table>\n<thead>{_html_row(flat.headings, flat.labels, 'th')}</thead>\n<tbody>")
            lines += [_html_row(row, flat.labels, "td") for row in flat.rows]
            lines.append("</tbody>\n</table></div>")
        lines += [f"<p>{for_html(note, longest=1000)}</p>" for note in sheet.notes]
    return "\n".join([*lines, "</main>\n</html>"]) + "\n"


def _html_row(cells: Sequence[str], labels: int, element: str) -> str:
    opened = (f"<{element}>" if at < labels else f'<{element} class="n">' for at in range(len(cells)))
    texts = (for_html(cell) for cell in cells)
    return "<tr>" + "".join(f"{tag}{text}</{element}>" for tag, text in zip(opened, texts, strict=True)) + "</tr>"


_HTML_HEAD = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font-family: sans-serif; overflow-wrap: anywhere }}
div {{ overflow-x: auto }}
table {{ border-collapse: collapse; overflow-wrap: break-word }}
th, td {{ padding: 0.2em 0.6em; text-align: left; border-bottom: 1px solid #ccc }}
.n {{ text-align: right; white-space: nowrap }}
</style>
<main>
<h1>{title}</h1>"""


def rows_to_csv(rows: Iterable[Mapping[str, Any]]) -> str:
    """Values as CSV, a column for every key of a row; what was not measured is an empty cell, and no text a formula."""
    lines = [{key: for_csv(each) if isinstance(each, str) else each for key, each in row.items()} for row in rows]
    out = StringIO()
    writer = csv.DictWriter(out, fieldnames=list(dict.fromkeys(chain.from_iterable(lines))), lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue()


def sheets_to_latex(sheets: Sequence[Sheet]) -> str:
    r"""The sheets as LaTeX tables for the package booktabs, to be put in with `\input`.

    One that is wider than an article is set in parts, each with the labels.
    """
    return "\n".join(_latex_table(sheet) for sheet in sheets if sheet.rows)


def _latex_table(sheet: Sheet) -> str:
    flat = _flattened(sheet)
    lines = [
        r"\begin{table}",
        r"  \centering\footnotesize\setlength{\tabcolsep}{3pt}",
        r"  \setlength{\abovetopsep}{1ex}",
        rf"  \caption{{{for_latex(sheet.title)}}}",
        *(_latex_part(flat, columns) for columns in _parts(flat, partial(_fits_an_article, flat))),
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def _fits_an_article(sheet: _Flat, columns: Sequence[int]) -> bool:
    """Whether the columns are likely to fit; two characters are as wide as the space between two columns."""
    rows = (sheet.headings, *sheet.rows)
    longest = (max(len(for_terminal(row[at], longest=LONGEST_CELL)) for row in rows) for at in columns)
    return sum(each + 2 for each in longest) <= ARTICLE_WIDTH


def _latex_part(sheet: _Flat, columns: Sequence[int]) -> str:
    alignment = "".join("l" if at < sheet.labels else "r" for at in columns)
    heading = _latex_row([sheet.headings[at] for at in columns], labels=len(columns))
    rows = (_latex_row([row[at] for at in columns], labels=sheet.labels) for row in sheet.rows)
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


def score_with_interval(score: Score) -> Cell:
    """A score in percent, and below it the ends of its interval if it has one."""
    if score.ci95 is None:
        return percent(score.value)
    low, high = score.ci95
    return percent(score.value), f"{100 * low:.1f} to {100 * high:.1f}"


def optional(value: float | None, show: Callable[[float], str]) -> str:
    """`show(value)`, a dash if there is no value."""
    return NOT_MEASURED if value is None else show(value)
