"""Options that several commands share, and the types of their arguments."""

import argparse
from datetime import date
from json import loads
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from codecrucible.harness.common.limit_defaults import CPU_FACTOR, WALL_PER_CPU
from codecrucible.harness.common.sampling import RUN_SAMPLING
from codecrucible.harness.runs.remote_url import RemoteRun, is_url
from codecrucible.harness.runs.shards import Shard, parse_shard
from codecrucible.sandbox.limits import Limits

PROMPT_FORMS = ("auto", "completion", "chat")
MODEL_FORMS = (*PROMPT_FORMS, "infill")
MAX_PORT = 65535
ADDRESS = "HOST:PORT of its head, or auto for the one that this machine is part of"


def extraction_option(command: "argparse._ActionsContainer") -> None:
    """How the program is found in what was returned."""
    command.add_argument(
        "--extraction",
        choices=("auto", "raw"),
        default="auto",
        help="auto: extract the program from the completion; raw: run prompt and completion unchanged",
    )


def shard_option(command: "argparse._ActionsContainer") -> None:
    """Which part of the problems."""
    command.add_argument(
        "--shard",
        type=shard_type,
        metavar="I/N",
        help="the I-th of N parts of the problems, in a folder of its own; `crucible merge` puts them together",
    )


def sampling_options(command: argparse.ArgumentParser, *, required: bool = True) -> None:
    """The model, and how it is sampled; without `required` a model and a benchmark can come from elsewhere."""
    _model_options(command, required=required)
    _drawing_options(command, required=required)
    command.add_argument(
        "--out",
        type=new_folder,
        metavar="DIR",
        help="run folder, or the folder that holds those of several benchmarks (default: runs/RUN_ID)",
    )


def _model_options(command: argparse.ArgumentParser, *, required: bool) -> None:
    """The model, how it is loaded, and how it is asked."""
    model = command.add_argument_group("model")
    model.add_argument(
        "--model", required=required, metavar="M", help="hub id, folder, GGUF file, bundled:NAME, or openai:URL#NAME"
    )
    model.add_argument(
        "--adapter",
        type=Path,
        action="append",
        metavar="DIR",
        help="folder or hub id of a PEFT adapter; give several to load the base once and make a run for each "
        "(none: the base alone)",
    )
    model.add_argument("--revision", metavar="REV", help="commit or tag on the hub")
    model.add_argument("--dtype", default="auto", metavar="TYPE", help="auto, float32, bfloat16 or float16")
    model.add_argument(
        "--device",
        default="auto",
        metavar="DEV",
        help="auto, cpu, cuda, cuda:1, ..., or balanced (spread over all GPUs)",
    )
    model.add_argument(
        "--engine",
        default="",
        metavar="E",
        help="start a server of vllm, sglang or llama.cpp for this checkpoint, and stop it after the run; "
        "vllm=PYTHON: take that Python's; auto: vllm if it is installed and there is a GPU",
    )
    bits = model.add_mutually_exclusive_group()
    for count in (4, 8):
        what = f"hold the weights of linear layers in {count} bits; recorded"
        bits.add_argument(f"--{count}bit", action="store_const", const=count, dest="bits", help=what)
    model.add_argument(
        "--prompt-form",
        choices=MODEL_FORMS,
        default="auto",
        help="auto: chat where the tokenizer, or the server, has a chat template; infill for benchmarks with a gap",
    )
    model.add_argument(
        "--chat-template-kwargs",
        type=json_object,
        default={},
        metavar="JSON",
        help='variables of the chat template, as {"enable_thinking": false} or {"reasoning_effort": "low"}',
    )
    model.add_argument("--system-prompt", default="", metavar="TEXT", help="a system message before the user's")
    model.add_argument(
        "--reasoning-budget",
        type=count_type,
        metavar="TOKENS",
        help="most tokens of thinking; then it is closed, and the answer follows",
    )
    extraction_option(model)
    model.add_argument(
        "--trust-remote-code",
        action="store_true",
        help="run the checkpoint's own Python code where it is loaded, outside of the sandbox; recorded",
    )
    model.add_argument(
        "--allow-pickle", action="store_true", help="load weights that exist only as pickle files; recorded"
    )


def _drawing_options(command: argparse.ArgumentParser, *, required: bool) -> None:
    """The benchmark, and how completions are drawn."""
    sampling = command.add_argument_group("sampling")
    sampling.add_argument(
        "--benchmark", required=required, metavar="B[,B]", help="names or patterns, see `crucible benchmarks`"
    )
    problems_options(sampling)
    cutoff_option(sampling, "recorded")
    sampling.add_argument(
        "-n",
        type=positive_type,
        default=RUN_SAMPLING.n,
        metavar="N",
        help=f"samples per problem (default: {RUN_SAMPLING.n}); a larger number in the same --out adds samples",
    )
    sampling.add_argument("-k", type=ks_type, metavar="K[,K]", help="k of pass@k (default: 1, and 10 where n allows)")
    for name, of, letter, what in (
        ("temperature", float, "T", "0 is greedy "),
        ("top_p", float, "P", ""),
        ("top_k", int, "K", "0 is off "),
        ("max_new_tokens", positive_type, "N", ""),
        ("seed", int, "S", ""),
    ):
        default = getattr(RUN_SAMPLING, name)
        option = f"--{name.replace('_', '-')}"
        sampling.add_argument(option, type=of, default=default, metavar=letter, help=f"{what}(default: {default})")
    sampling.add_argument(
        "--batch-size", type=positive_type, metavar="N", help="rows per batch, or requests to a server at one time"
    )
    sampling.add_argument(
        "--perplexity",
        action="store_true",
        help="also measure how likely the reference solutions are under the model; does not change the samples",
    )
    shard_option(sampling)
    sync_option(sampling)


def problems_options(command: "argparse._ActionsContainer") -> None:
    """Which problems of the benchmark."""
    command.add_argument("--limit", type=positive_type, metavar="N", help="the first N problems only: B[:N]")
    command.add_argument(
        "--problems", metavar="ID[,ID]", help="these problems only: B[ID,ID]; @FILE reads ids, one per line"
    )
    for option, what in (("since", "later"), ("until", "earlier")):
        command.add_argument(
            f"--{option}",
            type=day_type,
            metavar="DAY",
            help=f"only problems of this day or {what}, where they have dates",
        )
    command.add_argument(
        "--allow-unpinned",
        action="store_true",
        help="take files in CRUCIBLE_DATA that are not the published ones, their digests in the benchmarks' names",
    )
    command.add_argument(
        "--strict", action="store_true", help="refuse a benchmark file of your own if any of its lines holds no problem"
    )


def cutoff_option(command: "argparse._ActionsContainer", more: str) -> None:
    """Where the model's training data ends."""
    command.add_argument(
        "--cutoff",
        type=day_type,
        metavar="DAY",
        help=f"last day of the model's training data, for pass@1 before and after it ({more})",
    )


def by_option(command: "argparse._ActionsContainer", where: str) -> None:
    """The kind of group that scores are shown by."""
    command.add_argument(
        "--by",
        metavar="KIND",
        help=f"show the scores of groups {where}: language, or what the benchmark groups its problems by, such as "
        "difficulty; an unknown kind is answered with a list of the known ones",
    )


def against_option(command: argparse.ArgumentParser) -> None:
    """The group that the others are held against."""
    command.add_argument(
        "--against",
        default="",
        metavar="GROUP",
        help="with --by: also each group's difference to this one over the source problems that they share, and the "
        "ratio of the worst group to the best",
    )


def limit_options(command: argparse.ArgumentParser, defaults: Limits = Limits()) -> "argparse._ArgumentGroup":  # noqa: B008  # frozen
    """The limits of each execution; the group that further ones go into."""
    limits = command.add_argument_group("limits of each execution")
    limits.add_argument("--cpu-limit", type=float, metavar="S", help=f"CPU seconds (default: {defaults.cpu_s:g})")
    limits.add_argument(
        "--wall-limit",
        type=float,
        metavar="S",
        help=f"seconds on the clock (default: {defaults.wall_s:g}, or {WALL_PER_CPU:g} per CPU second)",
    )
    workers_option(limits)
    return limits


def workers_option(command: "argparse._ActionsContainer") -> None:
    """How many containers."""
    command.add_argument("--workers", type=positive_type, metavar="N", help="containers (default: one per core)")


def cluster_option(command: argparse.ArgumentParser) -> None:
    """Which cluster executes."""
    command.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help=f"execute on the nodes of a Ray cluster that have the resource `sandbox`: {ADDRESS}; --workers is then "
        "of each node",
    )


def generators_option(command: argparse.ArgumentParser) -> None:
    """How many copies of the model on a cluster."""
    command.add_argument(
        "--generators",
        type=count_type,
        metavar="N",
        help="number of model replicas on --cluster (default: one per GPU of the cluster; 0: load the model in this "
        "process, as where the cluster has no GPU)",
    )


def factor_option(limits: "argparse._ArgumentGroup") -> None:
    """What a reference's CPU seconds are multiplied by."""
    limits.add_argument(
        "--cpu-factor",
        type=float,
        metavar="F",
        help="give a problem F times the CPU seconds that its reference solution needs on this machine where that is "
        f"above --cpu-limit (default: {CPU_FACTOR:g}; 0: never)",
    )


NAMED = "NAME=RUN gives it a name for the tables"


def baseline_argument(command: argparse.ArgumentParser) -> None:
    """The run that others are compared with."""
    command.add_argument(
        "baseline", metavar="BASELINE", help=f"run folder, folder of run folders, or baseline name; {NAMED}"
    )


def inference_options(command: argparse.ArgumentParser) -> None:
    """What a comparison is to say, and of which runs."""
    command.add_argument(
        "--inference",
        choices=("problems", "fixed-set"),
        default="problems",
        help="problems: conclude about problems like these; fixed-set: about these problems alone",
    )
    command.add_argument(
        "--allow-mismatch",
        action="store_true",
        help="compare runs that differ in dataset, prompt, sampling, extraction, limits or image",
    )


def page_option(command: argparse.ArgumentParser) -> None:
    """Where the page goes."""
    command.add_argument("--html", type=new_file, metavar="FILE", help="write one page that holds every sample")


def folder_argument(command: argparse.ArgumentParser) -> None:
    """The run folder."""
    command.add_argument("folder", type=local_path, metavar="DIR", help="run folder")


def sync_option(command: "argparse._ActionsContainer") -> None:
    """Where the run folder is copied."""
    command.add_argument(
        "--sync",
        metavar="URL",
        help="mirror the run folder to this URL (s3://... or any scheme of fsspec) during and after the run; resume "
        "from it where there is no local copy",
    )


def local_path(text: str) -> Path:
    """Path of a run on this machine."""
    path = run_path(text)
    if isinstance(path, RemoteRun):
        raise argparse.ArgumentTypeError(f"{text}: name a folder on this machine; --sync URL copies it")
    return path


def run_path(text: str) -> Path | RemoteRun:
    """Path or URL of a run."""
    if not text:  # as an unset variable of a CI script is; the path of nothing would be the current folder
        raise argparse.ArgumentTypeError("is empty; name a run folder")
    return RemoteRun(text) if is_url(text) else Path(text)


def new_file(text: str) -> Path:
    """Path of a file that is to be written, in a folder that is there."""
    path = Path(text)
    if not text or path.is_dir():
        raise argparse.ArgumentTypeError(f"{text or 'it'!s} is no name of a file; name a file to write")
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"{text}: cannot be written, there is no folder {path.parent}; make it first")
    _refuse_unwritable(path.parent, text)
    return path


def new_folder(text: str) -> Path:
    """Path of a folder that is there or is to be made."""
    path = Path(text)
    if not text:
        raise argparse.ArgumentTypeError("is empty; name a folder")
    if path.exists() and not path.is_dir():
        raise argparse.ArgumentTypeError(f"{text} is a file; name a folder")
    if not path.exists():
        _refuse_unwritable(next(each for each in path.absolute().parents if each.exists()), text)
    return path


def _refuse_unwritable(folder: Path, text: str) -> None:
    """Raise where no file can be made in `folder`: tried, since some folders refuse what their permissions allow."""
    try:
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise argparse.ArgumentTypeError(
            f"{text}: cannot be written, {folder} takes no new file ({error.strerror}); name another place"
        ) from None


def port_type(text: str) -> int:
    """Number of a TCP port, 0 for a free one."""
    if not text.isdecimal() or int(text) > MAX_PORT:
        raise argparse.ArgumentTypeError(f"{text}: give a port from 1 to {MAX_PORT}, or 0 for a free one")
    return int(text)


def count_type(text: str) -> int:
    """Whole number from 0."""
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text}: must be at least 0")
    return value


def json_object(text: str) -> dict[str, Any]:
    """Object from JSON."""
    try:
        value = loads(text)
    except (ValueError, RecursionError) as error:
        raise argparse.ArgumentTypeError(f"{text}: not JSON: {error}") from None
    if not isinstance(value, dict):
        raise argparse.ArgumentTypeError(f'{text}: give a JSON object, such as {{"enable_thinking": false}}')
    return value


def positive_type(text: str) -> int:
    """Whole number from 1."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text}: must be at least 1")
    return value


def shard_type(text: str) -> Shard:
    """Shard from I/N."""
    try:
        return parse_shard(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def day_type(text: str) -> str:
    """A day, as 2024-07-26."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text}: {error}; give a day as 2024-07-26") from None


def ks_type(text: str) -> tuple[int, ...]:
    """Whole numbers from 1, rising, from a list with commas."""
    try:
        return tuple(sorted({positive_type(part) for part in text.split(",")}))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text}: give whole numbers with commas, such as 1,10") from None
