"""The page on which a rater sees programs side by side and answers questions on them.

What is covered: it asks its server for an item at a time; prompts and programs are shown as text alone.
What is not: who wrote a program. Nothing of that is sent.
"""

from collections.abc import Sequence

from codecrucible.reports.page.document import document

_SCRIPTS = ("common.js", "code.js", "rate.js")
_BODY = """<header class="top"><b>codecrucible</b> <span id="progress" role="status"></span>
<button type="button" id="undo" title="take back the last answer ( u )">Undo</button>
<button type="button" id="theme" title="light or dark"><span aria-hidden="true">◐</span>
<span class="unseen">light or dark</span></button></header>
<main id="main"></main>
<div id="said" role="status" class="unseen"></div>
"""


def rating_page(questions: Sequence[str]) -> str:
    """The page, whole.

    Args:
        questions: What is asked about each program.
    """
    made = document(
        {"questions": list(questions), "candidates": [], "runs": []},
        body=_BODY,
        scripts=_SCRIPTS,
        styles=("rate.css",),
        connects=True,
    )
    return f"{made}</body>\n</html>\n"
