"""The options of the commands that fine-tune, and that look after benchmarks, sandbox and machine."""

from pathlib import Path
from typing import TYPE_CHECKING

from codecrucible.harness.cli.command import Lazy, add_command
from codecrucible.harness.cli.options import (
    factor_option,
    limit_options,
    new_file,
    port_type,
    positive_type,
    problems_options,
)
from codecrucible.harness.common.limit_defaults import REFERENCE_LIMITS

if TYPE_CHECKING:
    from codecrucible.harness.cli.command import Commands


IMPORTED = ("mxeval", "humaneval-x", "apps", "codecontests", "evalplus", "multipl-e")
"""Formats of `crucible benchmarks import`; those of `benchmarks.CONVERTED`, which takes longer to import."""


def add_finetune(commands: "Commands") -> None:
    """Add `crucible finetune`."""
    from codecrucible.harness.cli.finetune import add_options

    command = add_command(
        commands,
        "finetune",
        "train a LoRA adapter on prepared data; run the same command again to resume",
        "crucible finetune prepare ./code --out data",
        "crucible finetune --model ./checkpoint --data data --out lora --evaluate starter,humaneval",
        "crucible finetune grpo --model ./checkpoint --problems practice --out lora",
        "crucible finetune merge lora --out merged",
    )
    add_options(command)


def add_improve(commands: "Commands") -> None:
    """Add `crucible improve`."""
    from codecrucible.harness.cli.improve import add_options

    command = add_command(
        commands,
        "improve",
        "train a model on its own samples that passed, round by round, and compare it with its base",
        "crucible improve --model ./checkpoint --problems practice --rounds 2 \\\n"
        "    --evaluate practice:held-out,starter --out improved",
    )
    add_options(command)


def add_benchmarks(commands: "Commands") -> None:
    """Add `crucible benchmarks`."""
    command = add_command(
        commands,
        "benchmarks",
        "list the benchmarks, or check one by running its reference solutions",
        "crucible benchmarks",
        "crucible benchmarks show humaneval",
        "crucible benchmarks check humaneval",
    )
    command.set_defaults(command=Lazy("list_benchmarks", home="benchmarks"))
    actions = command.add_subparsers(metavar="ACTION")
    shown = add_command(
        actions,
        "show",
        "show where a benchmark is from, and one of its problems: prompt, tests and reference",
        "crucible benchmarks show humaneval",
        "crucible benchmarks show 'mbpp[Mbpp/11]'",
    )
    shown.add_argument("benchmark", metavar="B", help="name; NAME[ID] shows another problem than the first")
    shown.add_argument("--allow-unpinned", action="store_true", help="as for `crucible run`")
    shown.set_defaults(command=Lazy("show_benchmark", home="benchmarks"))
    check = add_command(
        actions,
        "check",
        "run every reference solution (must pass) and a stub that returns nothing (must fail)",
        "crucible benchmarks check starter",
    )
    check.add_argument("benchmark", metavar="B[,B]", help="names or patterns, see `crucible benchmarks`")
    problems_options(check)
    limit_options(check, REFERENCE_LIMITS)  # a slow machine is no fault of the benchmark's
    check.set_defaults(command=Lazy("check_benchmarks", home="benchmarks"))

    _add_import(actions)


def _add_import(actions: "Commands") -> None:
    """Add `crucible benchmarks import`."""
    command = add_command(
        actions,
        "import",
        "convert a file in a format that others publish into a benchmark of your own",
        "crucible benchmarks import mbjsp.jsonl --format mxeval --out mbjsp",
        "crucible benchmarks check ./mbjsp",
    )
    command.add_argument("file", metavar="FILE", help="JSON lines, gzipped or not")
    command.add_argument("--format", required=True, choices=IMPORTED, help="format of its rows")
    command.add_argument("--out", required=True, metavar="FOLDER", help="where the problems and the record of it go")
    command.add_argument(
        "--language",
        default="python",
        choices=("python", "cpp", "java"),
        help="codecontests: what its programs are to be written in (default: python)",
    )
    command.set_defaults(command=Lazy("import_file", home="benchmarks"))


def add_sandbox(commands: "Commands") -> None:
    """Add `crucible sandbox`."""
    command = add_command(
        commands,
        "sandbox",
        "build, examine or clean up the sandbox",
        "crucible sandbox build",
        "crucible sandbox doctor",
        "crucible sandbox sbom",
        "crucible sandbox prune",
    )
    actions = command.add_subparsers(required=True, metavar="ACTION")
    for name, what in (
        ("build", "build the sandbox image, or find the one that fits; works without a registry on Debian"),
        ("doctor", "show what is isolated, with the evidence, and what is not covered"),
        ("sbom", "print what is in the images, as CycloneDX in JSON; nothing of them is executed"),
        ("prune", "remove containers of dead runs and images that no version uses any more"),
    ):
        takes_languages = name != "prune"
        examples = [f"crucible sandbox {name} --languages bash,javascript,cpp"] if takes_languages else []
        action = add_command(actions, name, what, f"crucible sandbox {name}", *examples)
        action.set_defaults(command=Lazy(name, home="sandbox"))
        if takes_languages:
            action.add_argument(
                "--languages",
                metavar="L,…",
                default="" if name == "doctor" else "python",
                help="the images that these languages need, `python-libraries`, or `all` (default: python)"
                if name != "doctor"
                else "also try a right and a wrong program of each of these languages, or of `all`",
            )
        if name == "build":
            action.add_argument(
                "--no-cache",
                action="store_true",
                help="build all again, with Debian's newest packages; new runs cannot be compared with older ones",
            )
        if not takes_languages:
            action.add_argument(
                "--all",
                action="store_true",
                help="remove every image that was built here, also those that this version uses",
            )


def add_doctor(commands: "Commands") -> None:
    """Add `crucible doctor`."""
    command = add_command(
        commands, "doctor", "check engine, image, models, data, GPU and a known answer", "crucible doctor"
    )
    command.add_argument("--verbose", action="store_true", help="show every check, not a line for each part")
    command.set_defaults(command=Lazy("doctor", home="doctor"))


def add_init(commands: "Commands") -> None:
    """Add `crucible init`."""
    command = add_command(
        commands,
        "init",
        "write a suite file, with comments, for `crucible run SUITE`, and the schema that editors check it by",
        "crucible init",
        "crucible init release.toml",
    )
    command.add_argument(
        "file", type=new_file, nargs="?", default=Path("suite.toml"), metavar="FILE", help="default: suite.toml"
    )
    command.set_defaults(command=Lazy("init", home="suite"))


def add_serve(commands: "Commands") -> None:
    """Add `crucible serve`."""
    command = add_command(
        commands,
        "serve",
        "judge answers that come over HTTP, for training with rewards; to this machine alone unless told otherwise",
        "crucible serve --benchmark mbpp:train --port 8080",
        "crucible serve --workers 16 --queue 4096",
    )
    command.add_argument("--benchmark", metavar="B[,B]", help="benchmarks whose problems can be named in a request")
    problems_options(command)
    command.add_argument("--host", default="127.0.0.1", metavar="H", help="address to listen on (default: 127.0.0.1)")
    command.add_argument("--port", type=port_type, default=0, metavar="P", help="port (default: a free one)")
    command.add_argument(
        "--queue",
        type=positive_type,
        default=1024,
        metavar="N",
        help="most programs that are executed or wait; a further request is answered with 429 (default: 1024)",
    )
    factor_option(limit_options(command))
    command.set_defaults(command=Lazy("serve", home="serve"))
