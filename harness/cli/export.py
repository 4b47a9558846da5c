"""What `crucible export` does, once its arguments are parsed."""

from argparse import Namespace

from codecrucible.harness.common.codec import dumps
from codecrucible.harness.common.errors import EXIT_DONE, NothingToDo
from codecrucible.harness.common.files import write_atomically
from codecrucible.harness.common.terminal import complain
from codecrucible.harness.results.export.formats import FORMATS
from codecrucible.harness.results.export.run import ExportedRun
from codecrucible.harness.runs.folder import RunFolder
from codecrucible.reports import for_terminal


def export(options: Namespace) -> int:
    """Write runs in another's format; each of several in a folder of its own."""
    written = []
    for path in options.folders:
        folder = RunFolder(path)
        run = ExportedRun.of(folder)
        if not run.judged:
            raise NothingToDo(f"{path} has no judged sample: run `crucible execute {path}` first")
        if run.report.unjudged:
            complain(f"{path}: {run.report.unjudged} samples without a verdict are left out")
        home = options.out / folder.manifest.run_id if len(options.folders) > 1 else options.out
        for name, content in FORMATS[options.format](run).items():
            file = home / name
            file.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, str):
                write_atomically(file, content)
            else:
                file.write_bytes(content)
            written.append(str(file))
    if options.json:
        print(dumps({"format": options.format, "files": written}))
    else:
        print(*(for_terminal(name, longest=1000) for name in written), sep="\n")
    return EXIT_DONE
