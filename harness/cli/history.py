"""What `crucible history` does, once its arguments are parsed."""

from argparse import Namespace
from importlib.util import find_spec

from codecrucible.harness.cli.output import show_as
from codecrucible.harness.common.errors import EXIT_DONE, EXIT_REGRESSION, UsageError
from codecrucible.harness.common.terminal import complain
from codecrucible.harness.results.history import history as history_at
from codecrucible.reports import for_terminal
from codecrucible.reports.views.history_view import history_json, history_rows, history_sheets, plot_history
from codecrucible.reports.views.sheet import rows_to_csv

_PICTURES = (".svg", ".png")


def history(options: Namespace) -> int:
    """Show the history of a baseline; the exit code is 1 where its last run has drifted."""
    if options.plot and options.plot.suffix not in _PICTURES:
        raise UsageError(f"--plot {options.plot}: the file's name ends in {' or '.join(_PICTURES)}")
    if options.plot and not find_spec("matplotlib"):
        raise UsageError("--plot needs matplotlib: pip install 'codecrucible[finetune]'")
    histories, gone = history_at(options.name, allow_mismatch=options.allow_mismatch)
    for sentence in gone:
        complain(for_terminal(sentence, longest=1000))
    if options.plot:
        plot_history(options.name, histories, options.plot)
    show_as(
        options.format,
        as_json=lambda: {"name": options.name, "runs": history_json(histories)},
        as_csv=lambda: rows_to_csv(history_rows(histories)),
        sheets=lambda: history_sheets(options.name, histories),
    )
    drifted = any(moments[-1].drifted for moments in histories.values())
    return EXIT_REGRESSION if drifted else EXIT_DONE
