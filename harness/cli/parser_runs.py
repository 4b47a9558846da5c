"""The options of the commands that make a run, or carry one further."""

from pathlib import Path
from typing import TYPE_CHECKING

from codecrucible.harness.cli.command import Lazy, add_command
from codecrucible.harness.cli.options import (
    ADDRESS,
    PROMPT_FORMS,
    cluster_option,
    cutoff_option,
    extraction_option,
    factor_option,
    folder_argument,
    generators_option,
    ks_type,
    limit_options,
    new_folder,
    positive_type,
    problems_options,
    run_path,
    sampling_options,
    shard_option,
    sync_option,
    workers_option,
)
from codecrucible.harness.common.limit_defaults import EFFICIENCY_ROUNDS

if TYPE_CHECKING:
    from codecrucible.harness.cli.command import Commands


def add_run(commands: "Commands") -> None:
    """Add `crucible run`."""
    command = add_command(
        commands,
        "run",
        "sample, execute, scan and report; run the same command again to resume",
        "crucible run --model bundled:smollm2-135m-instruct --benchmark starter -n 5 -k 1,5",
        "crucible run --model ./checkpoint --adapter ./lora --benchmark humaneval -n 20 -k 1,10",
        "crucible run --model openai:http://127.0.0.1:8000/v1#NAME --benchmark humaneval -n 20",
        "crucible run --model ./checkpoint --benchmark 'humaneval,multipl-e:humaneval-*' --out runs/candidate",
        "crucible run --model ./checkpoint --benchmark humaneval --shard 1/4 --out runs/candidate-1",
        "crucible run --model ./checkpoint --benchmark humaneval -n 20 --cluster auto",
        "crucible run suite.toml --dry-run",
    )
    command.add_argument(
        "suite",
        nargs="?",
        metavar="SUITE",
        help="file of models, settings and a gate's rule, all of which is carried out; `crucible init` writes one",
    )
    command.add_argument("--dry-run", action="store_true", help="show which runs there would be, and run nothing")
    sampling_options(command, required=False)
    factor_option(limit_options(command))
    cluster_option(command)
    generators_option(command)
    command.set_defaults(command=Lazy("run"))


def add_generate(commands: "Commands") -> None:
    """Add `crucible generate`."""
    command = add_command(
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
    sampling_options(command)
    factor_option(limit_options(command))
    command.add_argument("--cluster", metavar="ADDRESS", help=f"load the model on a Ray cluster's GPUs: {ADDRESS}")
    generators_option(command)
    command.set_defaults(command=Lazy("generate"))


def add_execute(commands: "Commands") -> None:
    """Add `crucible execute`."""
    command = add_command(
        commands,
        "execute",
        "execute the programs of a run folder that were not executed yet, and judge",
        "crucible execute runs/candidate",
        "crucible execute runs/candidate --cluster 10.0.0.1:6379",
    )
    folder_argument(command)
    sync_option(command)
    workers_option(command)
    cluster_option(command)
    command.set_defaults(command=Lazy("execute", home="steps"))


def add_scan(commands: "Commands") -> None:
    """Add `crucible scan`."""
    command = add_command(
        commands, "scan", "scan the programs of a run folder that were not scanned yet", "crucible scan runs/candidate"
    )
    folder_argument(command)
    sync_option(command)
    command.set_defaults(command=Lazy("scan", home="steps"))


def add_judge(commands: "Commands") -> None:
    """Add `crucible judge`."""
    command = add_command(
        commands,
        "judge",
        "derive the judgements of a run folder again, executing nothing",
        "crucible judge runs/candidate",
    )
    folder_argument(command)
    command.set_defaults(command=Lazy("judge", home="steps"))


def add_efficiency(commands: "Commands") -> None:
    """Add `crucible efficiency`."""
    command = add_command(
        commands,
        "efficiency",
        "measure CPU time and memory of the passing programs of a run folder on stress inputs, beside the reference's",
        "crucible efficiency runs/candidate",
        "crucible efficiency runs/candidate --rounds 9",
        "crucible efficiency runs/candidate --json",
    )
    folder_argument(command)
    command.add_argument(
        "--rounds",
        type=positive_type,
        default=EFFICIENCY_ROUNDS,
        metavar="N",
        help=f"runs of each program, and of the reference beside it (default: {EFFICIENCY_ROUNDS})",
    )
    command.add_argument(
        "--slow", type=positive_type, default=10, metavar="N", help="samples that are shown as slow (default: 10)"
    )
    sync_option(command)
    workers_option(command)
    command.set_defaults(command=Lazy("efficiency", home="steps"))


def add_merge(commands: "Commands") -> None:
    """Add `crucible merge`."""
    command = add_command(
        commands,
        "merge",
        "put the shards of a run together: all of them, each finished",
        "crucible merge runs/candidate-1 runs/candidate-2 --out runs/candidate",
        "crucible merge runs/candidate-* --out runs/candidate --json",
    )
    command.add_argument("shards", nargs="+", type=run_path, metavar="SHARD", help="run folder made with --shard")
    command.add_argument("--out", type=new_folder, metavar="DIR", help="run folder (default: runs/RUN_ID)")
    command.set_defaults(command=Lazy("merge", home="steps"))


def add_evaluate(commands: "Commands") -> None:
    """Add `crucible evaluate`."""
    command = add_command(
        commands,
        "evaluate",
        "score completions made elsewhere: JSONL, or the files of other harnesses",
        "crucible evaluate samples.jsonl --benchmark humaneval",
        "crucible evaluate samples.jsonl --benchmark humaneval --name checkpoint-1200",
        "crucible evaluate samples.jsonl.gz --benchmark humaneval -k 1,10 --out runs/imported --json",
    )
    command.add_argument("samples", type=Path, metavar="SAMPLES", help="file, plain or gzipped, or folder")
    command.add_argument("--benchmark", required=True, metavar="B", help="see `crucible benchmarks`")
    command.add_argument("--name", default="", help="name of the model in the tables (default: the file's name)")
    problems_options(command)
    cutoff_option(command, "recorded")
    command.add_argument("-k", type=ks_type, metavar="K[,K]", help="k of pass@k (default: 1, and 10 where n allows)")
    shard_option(command)
    sync_option(command)
    command.add_argument("--out", type=new_folder, metavar="DIR", help="run folder (default: runs/RUN_ID)")
    command.add_argument(
        "--prompt-form",
        choices=PROMPT_FORMS,
        default="auto",
        help="completion: the text continues the prompt; chat: code is taken from the answer; auto: by each text",
    )
    extraction_option(command)
    factor_option(limit_options(command))
    cluster_option(command)
    command.set_defaults(command=Lazy("evaluate"))
