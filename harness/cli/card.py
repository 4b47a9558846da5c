"""What `crucible card` does, once its arguments are parsed."""

from argparse import Namespace

from codecrucible.harness.common.errors import EXIT_DONE, UsageError
from codecrucible.harness.common.files import write_atomically
from codecrucible.harness.results.card import WRITERS, card_of, card_to_json
from codecrucible.harness.runs.folder import RunFolder
from codecrucible.reports import for_terminal


def card(options: Namespace) -> int:
    """Write the evaluation card of some runs in each form that is asked for."""
    if unknown := [path for path in options.out if path.suffix not in WRITERS]:
        raise UsageError(f"{unknown[0]}: a card is a file whose name ends in {', '.join(WRITERS)}")
    folders = [RunFolder(path) for path in options.folders]
    made = card_of(folders, options.ratings, audits=options.audit, argv=options.argv)
    for path in options.out:
        write_atomically(path, WRITERS[path.suffix](made))
    if options.json:
        print(card_to_json(made), end="")
    else:
        print(*(for_terminal(str(path), longest=1000) for path in options.out), sep="\n")
    return EXIT_DONE
