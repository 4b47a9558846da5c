"""What is said to a person besides results and progress, and how wide a table is."""

import sys

from codecrucible.reports.views.safe_text import for_terminal

PIPED_WIDTH = 140  # columns of a table that goes to a file
_LONGEST_LINE = 2000


def complain(text: str) -> None:
    """Print `text` on stderr after the command's name; what it quotes of untrusted text does no harm."""
    safe = "\n".join(for_terminal(line, longest=_LONGEST_LINE) for line in text.splitlines())
    print(f"crucible: {safe}", file=sys.stderr)
