"""What `crucible rate` does, once its arguments are parsed."""

import sys
from argparse import Namespace
from contextlib import suppress

from codecrucible.harness.cli.output import print_json
from codecrucible.harness.common.errors import EXIT_DONE
from codecrucible.harness.results.ratings.answers import AnswerBook
from codecrucible.harness.results.ratings.items import RatingPlan, rating_plan
from codecrucible.harness.results.ratings.server import RatingServer
from codecrucible.harness.runs.folder import RunFolder


def rate(options: Namespace) -> int:
    """Serve the items to a rater until Ctrl-C, or bring them elsewhere and back."""
    folders = [RunFolder(path) for path in options.folders]
    plan = rating_plan(folders, seed=options.seed, rater=options.rater)
    if not options.quiet:
        _tell_what_is_left_out(plan)
    with AnswerBook(options.out, plan, rater=options.rater, questions=options.questions) as book:
        with RatingServer(book, options.port) as server:
            print(server.url, flush=True)
            print(f"{book.done} of {len(plan.items)} rated; serving until Ctrl-C", file=sys.stderr)
            with suppress(KeyboardInterrupt):
                server.serve_forever()
        print(f"{book.done} of {len(plan.items)} rated, in {options.out}; the same command resumes", file=sys.stderr)
        if options.json:
            print_json({"file": str(options.out), "done": book.done, "total": len(plan.items)})
    return EXIT_DONE


def _tell_what_is_left_out(plan: RatingPlan) -> None:
    for reason, count in plan.left_out.items():
        print(f"{count} problems are left out: {reason}", file=sys.stderr)
