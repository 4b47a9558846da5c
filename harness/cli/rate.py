"""What `crucible rate` does, once its arguments are parsed."""

import sys
from argparse import Namespace
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from codecrucible.harness.cli.output import print_json
from codecrucible.harness.common.codec import dumps, to_json
from codecrucible.harness.common.errors import EXIT_DONE, UsageError
from codecrucible.harness.common.files import write_atomically
from codecrucible.harness.common.terminal import complain
from codecrucible.harness.results.ratings.answers import AnswerBook
from codecrucible.harness.results.ratings.exchange import exported, imported
from codecrucible.harness.results.ratings.items import RatingPlan, rating_plan
from codecrucible.harness.results.ratings.server import RatingServer
from codecrucible.harness.results.ratings.summary import rating_summary
from codecrucible.harness.runs.folder import RunFolder


def rate(options: Namespace) -> int:
    """Serve the items to a rater until Ctrl-C, or bring them elsewhere and back."""
    folders = [RunFolder(path) for path in options.folders]
    if options.import_:
        return _import(options, folders)
    plan = rating_plan(folders, seed=options.seed, rater="" if options.export else options.rater)
    if not options.quiet:
        for reason, count in plan.left_out.items():
            print(f"{count} problems are left out: {reason}", file=sys.stderr)
    return _export(options, plan) if options.export else _serve(options, plan)


def _serve(options: Namespace, plan: RatingPlan) -> int:
    with AnswerBook(options.out, plan, rater=options.rater, questions=options.questions) as book:
        with RatingServer(book, options.port) as server:
            print(server.url, file=sys.stderr if options.json else sys.stdout, flush=True)
            print(f"{book.done} of {len(plan.items)} rated; serving until Ctrl-C", file=sys.stderr)
            with suppress(KeyboardInterrupt):
                server.serve_forever()
        print(f"{book.done} of {len(plan.items)} rated, in {options.out}; the same command resumes", file=sys.stderr)
        if options.json:
            print_json({"file": str(options.out), "done": book.done, "total": len(plan.items)})
    return EXIT_DONE


def _export(options: Namespace, plan: RatingPlan) -> int:
    form, name = options.export
    names = []
    for behind, content in exported(form, plan, options.questions).items():
        write_atomically(Path(f"{name}{behind}"), content)
        names.append(f"{name}{behind}")
    _tell_files(options, names)
    print("raters must not see the key, whose name ends in .key", file=sys.stderr)
    return EXIT_DONE


def _import(options: Namespace, folders: Sequence[RunFolder]) -> int:
    form, name = options.import_
    if options.key is None:
        raise UsageError("--import needs --key, the file that --export wrote beside the items")
    if options.out.exists():
        raise UsageError(f"{options.out} is there already: give a new file as --out")
    text, key = (path.read_text(encoding="utf-8") for path in (Path(name), options.key))
    found = imported(form, text, key, where=name)
    if found.incomplete:
        complain(f"{found.incomplete} answers in {name} lack a question and are left out")
    write_atomically(options.out, "".join(dumps(to_json(answer)) + "\n" for answer in found.answers))
    try:
        rating_summary(folders, [options.out])
    except BaseException:
        options.out.unlink()  # what no report could count
        raise
    _tell_files(options, [str(options.out)])
    return EXIT_DONE


def _tell_files(options: Namespace, names: Sequence[str]) -> None:
    if options.json:
        print_json({"files": list(names)})
    else:
        print(*names, sep="\n")
