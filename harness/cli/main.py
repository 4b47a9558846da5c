"""The command line: parses arguments, calls the command, and turns every outcome into an exit code.

Nothing heavy is imported here: `crucible --help` must answer at once.
"""

import argparse
import errno
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from codecrucible.harness.common.errors import (
    EXIT_FAILURE,
    EXIT_INTERRUPTED,
    EXIT_TERMINATED,
    EXIT_USAGE,
    HarnessError,
    Terminated,
)
from codecrucible.harness.runs.remote_url import RemoteRun, is_url
from codecrucible.harness.runs.shards import Shard, parse_shard

_ADDRESS = "HOST:PORT of its head, or auto for the one that this machine is part of"


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code of the command line `argv` (default: this process's)."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    options = argparse.Namespace(debug=False)
    try:
        with _ended_in_order_by_signals():
            parser().parse_args(arguments, options)
            options.argv = ("crucible", *arguments)
            _fetch_remote_runs(options)
            return int(options.command(options))
    except KeyboardInterrupt as stopped:
        print("interrupted; the same command goes on from here", file=sys.stderr)
        return EXIT_TERMINATED if isinstance(stopped, Terminated) else EXIT_INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read stdout has read enough
        return EXIT_FAILURE
    except Exception as error:  # noqa: BLE001  # the one place: whatever it was, it is no regression
        if options.debug:
            import traceback

            traceback.print_exc()  # not raised: an uncaught exception exits with 1, which means a regression
        return _tell(error)


@contextmanager
def _ended_in_order_by_signals() -> Iterator[None]:
    """SIGTERM, as a scheduler sends it, ends the command as Ctrl-C does: what is known is written first.

    SIGINT is heard also where the shell of a script, or of CI, started this process with `&`: such a shell has it
    ignored, which children inherit and Python leaves so, and the signal would do nothing at all.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's
        return

    ours = os.getpid()

    def end(*_: object) -> None:
        if os.getpid() == ours:
            raise Terminated
        signal.signal(signal.SIGTERM, signal.SIG_DFL)  # a child that was forked: it has nothing to write
        signal.raise_signal(signal.SIGTERM)

    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _fetch_remote_runs(options: argparse.Namespace) -> None:
    """Put the path of its copy in the place of each run that is elsewhere."""
    values = list(vars(options).values())
    if any(isinstance(each, RemoteRun) for value in values for each in (value if isinstance(value, list) else [value])):
        from codecrucible.harness.runs.remote import fetch_arguments

        fetch_arguments(options)


def _tell(error: Exception) -> int:
    """Print an error for a person and return its exit code."""
    from codecrucible.benchmarks import BenchmarkError
    from codecrucible.harness.common.terminal import complain
    from codecrucible.harness.models.errors import GeneratorsLost, ModelError, ServerFailed
    from codecrucible.sandbox import SandboxError

    if isinstance(error, HarnessError):
        code, text = error.exit_code, str(error)
    elif isinstance(error, OSError):
        code, text = EXIT_FAILURE, _of_the_system(error)
    elif isinstance(error, SandboxError | ServerFailed | GeneratorsLost):
        code, text = EXIT_FAILURE, str(error)
    elif isinstance(error, BenchmarkError | ModelError):
        code, text = EXIT_USAGE, str(error)
    else:
        code, text = EXIT_FAILURE, f"internal error: {type(error).__name__}: {error} (--debug shows where)"
    complain(text)
    return code


def _of_the_system(error: OSError) -> str:
    """What the operating system refused, and what to do where that is known."""
    what = f"{error.filename}: {error.strerror}" if error.filename else str(error)
    todo = {
        errno.ENOSPC: "free some space",
        errno.EDQUOT: "free some space",
        errno.EROFS: "name a folder that can be written to",
        errno.EMFILE: "allow more open files, as with `ulimit -n 4096`",
        errno.ENFILE: "allow the system more open files",
    }.get(error.errno or 0)
    return f"{what}. To go on, {todo} and give the same command again: what was written stays" if todo else what


def parser() -> argparse.ArgumentParser:
    """The parser of every command."""
    top = _Parser(
        prog="crucible",
        description="Sandboxed evaluation harness for code models: sample, execute in isolation, scan, score.",
        epilog="examples:\n"
        "  crucible run --model bundled:smollm2-135m-instruct --benchmark starter -n 5\n"
        "  crucible evaluate samples.jsonl --benchmark humaneval\n"
        "  crucible gate runs/base runs/candidate\n"
        "  crucible benchmarks check humaneval",
    )
    top.add_argument("--version", action=_Version)
    commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for add in (_run, _generate, _execute, _scan, _judge, _merge, _report, _view, _evaluate):
        add(commands)
    for add in (_compare, _gate, _leaderboard, _export, _baselines, _finetune, _benchmarks, _sandbox, _doctor):
        add(commands)
    return top


class _Version(argparse.Action):
    """Prints the version, which is looked up only then."""

    def __init__(self, option_strings: list[str], dest: str) -> None:
        super().__init__(option_strings, dest, nargs=0, help="show the version and exit")

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from codecrucible.harness.common.provenance import code_version

        print(f"codecrucible {code_version()}")
        parser.exit()


class _Parser(argparse.ArgumentParser):
    """A parser whose help keeps the examples' lines."""

    def __init__(self, **keywords: Any) -> None:
        keywords.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(**keywords)


if TYPE_CHECKING:
    _Commands: TypeAlias = argparse._SubParsersAction[Any]  # noqa: SLF001  # argparse has no other name for it


FORMATS = ("table", "markdown", "csv", "json", "latex", "html")
"""In which a command that makes tables prints them."""


def _command(
    commands: "_Commands", name: str, what: str, *examples: str, tables: bool = False
) -> argparse.ArgumentParser:
    epilog = "examples:\n" + "\n".join(f"  {example}" for example in examples)
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=what, description=what[0].upper() + what[1:] + ".", epilog=epilog
    )
    if not tables:
        command.add_argument("--json", action="store_true", help="print the result as JSON on stdout")
    else:
        command.add_argument("--format", choices=FORMATS, default="table", help="of what is printed (default: table)")
        command.add_argument(
            "--json", action="store_const", dest="format", const="json", help="short for --format json"
        )
    command.add_argument("--quiet", action="store_true", help="show no progress")
    command.add_argument("--debug", action="store_true", help="show the traceback of an internal error")
    return command


def _run(commands: "_Commands") -> None:
    command = _command(
        commands,
        "run",
        "sample, execute, scan and report; the same command again resumes",
        "crucible run --model bundled:smollm2-135m-instruct --benchmark starter -n 5 -k 1,5",
        "crucible run --model ./checkpoint --adapter ./lora --benchmark humaneval -n 20 -k 1,10",
        "crucible run --model openai:http://127.0.0.1:8000/v1#NAME --benchmark humaneval -n 20",
        "crucible run --model ./checkpoint --benchmark 'humaneval,multipl-e:humaneval-*' --out runs/candidate",
        "crucible run --model ./checkpoint --benchmark humaneval --shard 1/4 --out runs/candidate-1",
        "crucible run --model ./checkpoint --benchmark humaneval -n 20 --cluster auto",
    )
    _sampling_options(command)
    _factor_option(_limit_options(command))
    _cluster_option(command)
    _generators_option(command)
    command.set_defaults(command=_Lazy("run"))


def _generate(commands: "_Commands") -> None:
    command = _command(
        commands,
        "generate",
        "only sample completions into a run folder; needs no container engine",
        "crucible generate --model ./checkpoint --benchmark humaneval -n 20 --out runs/candidate",
        "crucible generate --model ./checkpoint --benchmark humaneval -n 20 --dry-run",
        "crucible generate --model ./checkpoint --benchmark humaneval -n 20 --cluster auto --generators 4",
    )
    command.add_argument(
        "--dry-run",
        action="store_true",
        help="show prompts as they are sent, a few completions, and the traps in them; write nothing",
    )
    _sampling_options(command)
    _factor_option(_limit_options(command))
    command.add_argument("--cluster", metavar="ADDRESS", help=f"load the model on a Ray cluster's GPUs: {_ADDRESS}")
    _generators_option(command)
    command.set_defaults(command=_Lazy("generate"))


def _execute(commands: "_Commands") -> None:
    command = _command(
        commands,
        "execute",
        "execute the programs of a run folder that were not executed yet, and judge",
        "crucible execute runs/candidate",
        "crucible execute runs/candidate --cluster 10.0.0.1:6379",
    )
    _folder(command)
    _sync_option(command)
    _workers_option(command)
    _cluster_option(command)
    command.set_defaults(command=_Lazy("execute"))


def _scan(commands: "_Commands") -> None:
    command = _command(
        commands, "scan", "scan the programs of a run folder that were not scanned yet", "crucible scan runs/candidate"
    )
    _folder(command)
    _sync_option(command)
    command.set_defaults(command=_Lazy("scan"), workers=None, cluster=None)


def _view(commands: "_Commands") -> None:
    command = _command(
        commands,
        "view",
        "serve the page of some runs to a browser on this machine",
        "crucible view runs/candidate",
        "crucible view runs/base runs/candidate --port 8080",
    )
    command.add_argument("folders", nargs="+", type=_run_path, metavar="DIR", help="run folder")
    command.add_argument("--port", type=int, default=0, metavar="P", help="of 127.0.0.1 (default: a free one)")
    command.set_defaults(command=_Lazy("view", home="view"))


def _judge(commands: "_Commands") -> None:
    command = _command(
        commands,
        "judge",
        "derive the judgements of a run folder again, executing nothing",
        "crucible judge runs/candidate",
    )
    _folder(command)
    command.set_defaults(command=_Lazy("judge"))


def _merge(commands: "_Commands") -> None:
    command = _command(
        commands,
        "merge",
        "put the shards of a run together: all of them, each finished",
        "crucible merge runs/candidate-1 runs/candidate-2 --out runs/candidate",
        "crucible merge runs/candidate-* --out runs/candidate --json",
    )
    command.add_argument("shards", nargs="+", type=_run_path, metavar="SHARD", help="run folder made with --shard")
    command.add_argument("--out", type=Path, metavar="DIR", help="run folder (default: runs/RUN_ID)")
    command.set_defaults(command=_Lazy("merge"))


def _report(commands: "_Commands") -> None:
    command = _command(
        commands,
        "report",
        "write report.json of run folders and print their table",
        "crucible report runs/candidate",
        "crucible report runs/base runs/candidate --format markdown",
        "crucible report runs/base runs/candidate --html report.html",
        "crucible report runs/base runs/candidate --parquet samples.parquet",
        "crucible report runs/candidate --json",
        tables=True,
    )
    command.add_argument("folders", nargs="+", type=_run_path, metavar="DIR", help="run folder")
    command.add_argument("-k", type=_ks, metavar="K[,K]", help="k of pass@k (default: the run's own)")
    command.add_argument(
        "--similarity", action="store_true", help="also BLEU, chrF, exact match and edit similarity to the reference"
    )
    command.add_argument(
        "--codebleu",
        choices=("ours", "corpus", "package"),
        default="ours",
        help="mean of our scores, our components counted over all samples, or the codebleu package's number "
        "(default: ours, which report.json always has)",
    )
    command.add_argument("--report-to", choices=("mlflow", "wandb"), help="log scores, settings and files there")
    _page_option(command)
    command.add_argument("--parquet", type=Path, metavar="FILE", help="write one table with a row a sample, no texts")
    command.set_defaults(command=_Lazy("report"))


def _evaluate(commands: "_Commands") -> None:
    command = _command(
        commands,
        "evaluate",
        "score completions made elsewhere: JSONL, or the files of other harnesses",
        "crucible evaluate samples.jsonl --benchmark humaneval",
        "crucible evaluate samples.jsonl.gz --benchmark humaneval -k 1,10 --out runs/imported --json",
    )
    command.add_argument("samples", type=Path, metavar="SAMPLES", help="file, plain or gzipped, or folder")
    command.add_argument("--benchmark", required=True, metavar="B", help="see `crucible benchmarks`")
    _problems_options(command)
    command.add_argument("-k", type=_ks, metavar="K[,K]", help="k of pass@k (default: 1, and 10 where n allows)")
    _shard_option(command)
    _sync_option(command)
    command.add_argument("--out", type=Path, metavar="DIR", help="run folder (default: runs/RUN_ID)")
    command.add_argument(
        "--prompt-form",
        choices=("auto", "completion", "chat"),
        default="auto",
        help="completion: the text continues the prompt; chat: code is taken from the answer; auto: by each text",
    )
    _extraction_option(command)
    _factor_option(_limit_options(command))
    _cluster_option(command)
    command.set_defaults(command=_Lazy("evaluate"))


def _compare(commands: "_Commands") -> None:
    command = _command(
        commands,
        "compare",
        "show every number of candidates beside the baseline's, paired by problem",
        "crucible compare runs/base runs/candidate",
        "crucible compare runs/base runs/step-100 runs/step-200 --format latex",
        "crucible compare runs/base runs/candidate --html compare.html",
        "crucible compare runs/base runs/candidate --json",
        tables=True,
    )
    _baseline(command)
    command.add_argument("candidates", nargs="+", type=_run_path, metavar="CANDIDATE", help="as BASELINE")
    _inference_options(command)
    _page_option(command)
    command.set_defaults(command=_Lazy("compare", home="compare"))


def _gate(commands: "_Commands") -> None:
    command = _command(
        commands,
        "gate",
        "decide whether a candidate is worse than its baseline: exit code 0 pass or inconclusive, 1 regression, "
        "3 inconclusive under --strict",
        "crucible gate runs/base runs/candidate",
        "crucible gate runs/base runs/candidate --strict --margin 0.02 --junit gate.xml --sarif findings.sarif",
        "crucible gate runs/base runs/candidate --json",
        tables=True,
    )
    _baseline(command)
    command.add_argument("candidate", type=_run_path, metavar="CANDIDATE", help="as BASELINE")
    rule = command.add_argument_group("rule")
    rule.add_argument("--alpha", type=float, default=0.05, metavar="A", help="chance of a false alarm (default: 0.05)")
    rule.add_argument(
        "--margin", type=float, default=0.03, metavar="M", help="loss that PASS rules out (default: 0.03, 3 points)"
    )
    rule.add_argument("--strict", action="store_true", help="exit with 3 when the result is INCONCLUSIVE")
    rule.add_argument(
        "--looks",
        type=_ks,
        default=(),
        metavar="N,N",
        help="samples a problem at which this candidate is gated, such as 5,10,15,20, declared before the first look",
    )
    _inference_options(command)
    command.add_argument("--junit", type=Path, metavar="FILE", help="write JUnit XML")
    command.add_argument("--sarif", type=Path, metavar="FILE", help="write the candidate's findings as SARIF 2.1.0")
    command.add_argument(
        "--codequality",
        type=Path,
        metavar="FILE",
        help="write the candidate's findings in GitLab's code quality format",
    )
    command.set_defaults(command=_Lazy("gate", home="compare"))


def _leaderboard(commands: "_Commands") -> None:
    command = _command(
        commands,
        "leaderboard",
        "rank many models: scores with intervals, the ranks that each may have, and the distance from a baseline",
        "crucible leaderboard runs/base runs/step-100 runs/step-200",
        "crucible leaderboard ours=runs/candidate theirs=runs/imported --baseline ours",
        "crucible leaderboard runs --html leaderboard.html --format markdown",
        "crucible leaderboard runs --json",
        tables=True,
    )
    command.add_argument(
        "runs",
        nargs="+",
        metavar="[NAME=]RUN",
        help="a run folder, or a folder that holds some; NAME stands for the model whose runs they are",
    )
    command.add_argument(
        "--baseline", metavar="RUN", help="the model that the others' differences are from: a run, or a name"
    )
    command.add_argument("--allow-mismatch", action="store_true", help="rank runs that differ in more than their model")
    command.add_argument("--html", type=Path, metavar="FILE", help="also write a page, which needs no network")
    command.set_defaults(command=_Lazy("rank", home="leaderboard"))


def _export(commands: "_Commands") -> None:
    command = _command(
        commands,
        "export",
        "write runs in the files of other harnesses, of the Hugging Face hub, or of inspect's viewer",
        "crucible export lm-eval runs/candidate --out exported",
        "crucible export huggingface runs/candidate --out ./checkpoint",
    )
    formats = ("human-eval", "evalplus", "bigcode", "lm-eval", "huggingface", "inspect")
    command.add_argument("format", choices=formats, metavar="FORMAT", help=", ".join(formats))
    command.add_argument("folders", nargs="+", type=_run_path, metavar="DIR", help="run folder")
    command.add_argument(
        "--out",
        required=True,
        type=Path,
        metavar="DIR",
        help="folder to write into; files of the same name are replaced",
    )
    command.set_defaults(command=_Lazy("export", home="export"))


def _baselines(commands: "_Commands") -> None:
    command = _command(
        commands,
        "baseline",
        "give a run a name that `compare` and `gate` take for BASELINE, or list the names",
        "crucible baseline set main runs/base",
        "crucible gate main runs/candidate",
        "crucible baseline list",
    )
    actions = command.add_subparsers(required=True, metavar="ACTION")
    give = _command(actions, "set", "let a name stand for a run", "crucible baseline set main runs/base")
    give.add_argument("name", metavar="NAME")
    _folder(give)
    give.set_defaults(command=_Lazy("name_baseline", home="compare"))
    show = _command(actions, "list", "list the baselines that have a name", "crucible baseline list")
    show.set_defaults(command=_Lazy("list_baselines", home="compare"))


def _finetune(commands: "_Commands") -> None:
    from codecrucible.harness.cli.finetune import add_options

    command = _command(
        commands,
        "finetune",
        "train a LoRA adapter on prepared data; the same command again resumes",
        "crucible finetune prepare ./code --out data",
        "crucible finetune --model ./checkpoint --data data --out lora --evaluate starter,humaneval",
        "crucible finetune merge lora --out merged",
    )
    add_options(command)


def _benchmarks(commands: "_Commands") -> None:
    command = _command(
        commands,
        "benchmarks",
        "list the benchmarks, or check one by running its reference solutions",
        "crucible benchmarks",
        "crucible benchmarks check humaneval",
    )
    command.set_defaults(command=_Lazy("list_benchmarks"))
    actions = command.add_subparsers(metavar="ACTION")
    check = _command(
        actions,
        "check",
        "run every reference solution (must pass) and a stub that returns nothing (must fail)",
        "crucible benchmarks check starter",
    )
    check.add_argument("benchmark", metavar="B[,B]", help="names or patterns, see `crucible benchmarks`")
    _problems_options(check)
    _limit_options(check, cpu_s=60, wall_s=180)  # a slow machine is no fault of the benchmark's
    check.set_defaults(command=_Lazy("check_benchmarks"))


def _sandbox(commands: "_Commands") -> None:
    command = _command(
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
        action = _command(actions, name, what, f"crucible sandbox {name}", *examples)
        action.set_defaults(command=_Lazy(f"sandbox_{name}"))
        if takes_languages:
            action.add_argument(
                "--languages",
                metavar="L,…",
                default="" if name == "doctor" else "python",
                help="the images that these languages need, or `all` (default: python)"
                if name != "doctor"
                else "also try a right and a wrong program of each of these languages, or of `all`",
            )
        if name == "build":
            action.add_argument(
                "--no-cache",
                action="store_true",
                help="build anew, base and all, with Debian's newest packages; older runs are not compared with newer",
            )
        if not takes_languages:
            action.add_argument(
                "--all",
                action="store_true",
                help="remove every image that was built here, also those that this version uses",
            )


def _doctor(commands: "_Commands") -> None:
    command = _command(
        commands, "doctor", "check engine, image, models, data, GPU and a known answer", "crucible doctor"
    )
    command.set_defaults(command=_Lazy("doctor"))


def _extraction_option(command: "argparse._ActionsContainer") -> None:
    command.add_argument(
        "--extraction",
        choices=("auto", "raw"),
        default="auto",
        help="auto: the program is found in what was returned; raw: prompt and completion are run as they stand",
    )


def _shard_option(command: "argparse._ActionsContainer") -> None:
    command.add_argument(
        "--shard",
        type=_shard,
        metavar="I/N",
        help="the I-th of N parts of the problems, in a folder of its own; `crucible merge` puts them together",
    )


def _sampling_options(command: argparse.ArgumentParser) -> None:
    model = command.add_argument_group("model")
    model.add_argument(
        "--model", required=True, metavar="M", help="hub id, folder, GGUF file, bundled:NAME, or openai:URL#NAME"
    )
    model.add_argument(
        "--adapter",
        type=Path,
        action="append",
        metavar="DIR",
        help="folder or hub id of a PEFT adapter; several: one loading, runs of their own for each (none: the base)",
    )
    model.add_argument("--revision", metavar="REV", help="commit or tag on the hub")
    model.add_argument("--dtype", default="auto", metavar="TYPE", help="auto, float32, bfloat16 or float16")
    model.add_argument(
        "--device", default="auto", metavar="DEV", help="auto, cpu, cuda, cuda:1, ..., or balanced: over all GPUs"
    )
    bits = model.add_mutually_exclusive_group()
    for count in (4, 8):
        what = f"hold the weights of linear layers in {count} bits; recorded"
        bits.add_argument(f"--{count}bit", action="store_const", const=count, dest="bits", help=what)
    model.add_argument(
        "--prompt-form",
        choices=("auto", "completion", "chat"),
        default="auto",
        help="auto: chat where the tokenizer, or the server, has a chat template",
    )
    model.add_argument(
        "--chat-template-kwargs",
        type=_json_object,
        default={},
        metavar="JSON",
        help='variables of the chat template, as {"enable_thinking": false} or {"reasoning_effort": "low"}',
    )
    model.add_argument("--system-prompt", default="", metavar="TEXT", help="a system message before the user's")
    model.add_argument(
        "--reasoning-budget",
        type=_count,
        metavar="TOKENS",
        help="close a thought after so many tokens, so that an answer follows",
    )
    _extraction_option(model)
    model.add_argument(
        "--trust-remote-code",
        action="store_true",
        help="run the checkpoint's own Python code where it is loaded, outside of the sandbox; recorded",
    )
    model.add_argument(
        "--allow-pickle", action="store_true", help="read weights that are in pickle files alone; recorded"
    )
    sampling = command.add_argument_group("sampling")
    sampling.add_argument(
        "--benchmark", required=True, metavar="B[,B]", help="names or patterns, see `crucible benchmarks`"
    )
    _problems_options(sampling)
    sampling.add_argument(
        "-n",
        type=_positive,
        default=20,
        metavar="N",
        help="samples a problem (default: 20); more in the same --out go on from fewer",
    )
    sampling.add_argument("-k", type=_ks, metavar="K[,K]", help="k of pass@k (default: 1, and 10 where n allows)")
    sampling.add_argument("--temperature", type=float, default=0.2, metavar="T", help="0 is greedy (default: 0.2)")
    sampling.add_argument("--top-p", type=float, default=0.95, metavar="P", help="default: 0.95")
    sampling.add_argument("--top-k", type=int, default=0, metavar="K", help="0 is off, the default")
    sampling.add_argument("--max-new-tokens", type=_positive, default=512, metavar="N", help="default: 512")
    sampling.add_argument("--seed", type=int, default=0, metavar="S", help="default: 0")
    sampling.add_argument(
        "--batch-size", type=_positive, metavar="N", help="rows a batch, or requests to a server at one time"
    )
    sampling.add_argument(
        "--perplexity",
        action="store_true",
        help="also measure how likely the reference solutions are under the model; moves no sample",
    )
    _shard_option(sampling)
    _sync_option(sampling)
    command.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="run folder, or the folder that holds those of several benchmarks (default: runs/RUN_ID)",
    )


def _problems_options(command: "argparse._ActionsContainer") -> None:
    command.add_argument("--limit", type=_positive, metavar="N", help="the first N problems only: B[:N]")
    command.add_argument(
        "--problems", metavar="ID[,ID]", help="these problems only: B[ID,ID]; @FILE reads ids, one a line"
    )
    command.add_argument(
        "--allow-unpinned",
        action="store_true",
        help="take files in CRUCIBLE_DATA that are not the published ones, their digests in the benchmarks' names",
    )
    command.add_argument(
        "--strict", action="store_true", help="refuse a file of yours for one line in it that holds no problem"
    )


def _limit_options(command: argparse.ArgumentParser, *, cpu_s: int = 5, wall_s: int = 15) -> "argparse._ArgumentGroup":
    limits = command.add_argument_group("limits of each execution")
    limits.add_argument("--cpu-limit", type=float, metavar="S", help=f"CPU seconds (default: {cpu_s})")
    limits.add_argument(
        "--wall-limit", type=float, metavar="S", help=f"seconds on the clock (default: {wall_s}, or 3 a CPU second)"
    )
    _workers_option(limits)
    return limits


def _workers_option(command: "argparse._ActionsContainer") -> None:
    command.add_argument("--workers", type=_positive, metavar="N", help="containers (default: one a core)")


def _cluster_option(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help=f"execute on the nodes of a Ray cluster that have the resource `sandbox`: {_ADDRESS}; --workers is then "
        "of each node",
    )


def _generators_option(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--generators",
        type=_count,
        metavar="N",
        help="load the model N times on the nodes of --cluster, each on a GPU where it has any, and share the batches "
        "out (default: once on each GPU of the cluster; 0: in this process, as where it has none)",
    )


def _factor_option(limits: "argparse._ArgumentGroup") -> None:
    limits.add_argument(
        "--cpu-factor",
        type=float,
        metavar="F",
        help="give a problem F times the CPU seconds that its reference solution needs on this machine where that is "
        "above --cpu-limit (default: 4; 0: never)",
    )


def _baseline(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "baseline", type=_run_path, metavar="BASELINE", help="run folder, folder that holds one a benchmark, or name"
    )


def _inference_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--inference",
        choices=("problems", "fixed-set"),
        default="problems",
        help="problems: what to expect on problems like these; fixed-set: on these very problems",
    )
    command.add_argument(
        "--allow-mismatch",
        action="store_true",
        help="compare runs that differ in dataset, prompt, sampling, extraction, limits or image",
    )


def _page_option(command: argparse.ArgumentParser) -> None:
    command.add_argument("--html", type=Path, metavar="FILE", help="write one page that holds every sample")


def _folder(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=_local_path, metavar="DIR", help="run folder")


def _local_path(text: str) -> Path:
    path = _run_path(text)
    if isinstance(path, RemoteRun):
        raise argparse.ArgumentTypeError(f"{text}: name a folder on this machine; --sync URL copies it")
    return path


def _run_path(text: str) -> Path | RemoteRun:
    if not text:  # as an unset variable of a CI script is; the path of nothing would be the current folder
        raise argparse.ArgumentTypeError("is empty; name a run folder")
    return RemoteRun(text) if is_url(text) else Path(text)


def _sync_option(command: "argparse._ActionsContainer") -> None:
    command.add_argument(
        "--sync",
        metavar="URL",
        help="copy the run folder into this one (s3://..., whatever fsspec knows), meanwhile and at the end; a run "
        "that is only there is fetched first",
    )


def _count(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text}: must be at least 0")
    return value


def _json_object(text: str) -> dict[str, Any]:
    from json import loads

    try:
        value = loads(text)
    except (ValueError, RecursionError) as error:
        raise argparse.ArgumentTypeError(f"{text}: not JSON: {error}") from None
    if not isinstance(value, dict):
        raise argparse.ArgumentTypeError(f'{text}: give a JSON object, such as {{"enable_thinking": false}}')
    return value


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text}: must be at least 1")
    return value


def _shard(text: str) -> Shard:
    try:
        return parse_shard(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _ks(text: str) -> tuple[int, ...]:
    return tuple(sorted({_positive(part) for part in text.split(",")}))


class _Lazy:
    """A command that is imported when it is called."""

    def __init__(self, name: str, *, home: str = "run") -> None:
        self._name, self._home = name, home

    def __call__(self, options: argparse.Namespace) -> int:
        return int(getattr(import_module(f"codecrucible.harness.cli.{self._home}"), self._name)(options))
