"""After training: base and candidate on the same benchmarks, compared, with what the data card says of each."""

import argparse
import contextlib
import io
import json
from pathlib import Path
from typing import Any

from codecrucible.harness.common.errors import EXIT_DONE
from codecrucible.harness.finetune.encoding import read_data


def evaluate(options: argparse.Namespace) -> tuple[int, list[dict[str, Any]]]:
    """Run base and candidate as `crucible run` does, and compare them as `crucible compare` does.

    Args:
        options: Of `crucible finetune`. Run folders go to the folder ADAPTER-runs; the same call resumes them.

    Returns:
        Exit code, and for each benchmark the comparison, as JSON, and "contamination", what the data card has of it.
    """
    from codecrucible.benchmarks import selected_names

    found: list[dict[str, Any]] = []
    card = read_data(options.data).card
    for number, benchmark in enumerate(selected_names(options.evaluate)):
        folders = [
            options.out.with_name(f"{options.out.name}-runs") / f"{number}-{kind}" for kind in ("base", "candidate")
        ]
        for folder in folders:
            code, _ = _crucible(_run_arguments(options, benchmark, folder, adapted=folder is folders[1]))
            if code != EXIT_DONE:
                return code, found
        pair = ["compare", *map(str, folders)]
        code, text = _crucible([*pair, "--json"])
        contamination = _contamination(card, benchmark)
        if not options.json:
            _, table = _crucible(pair)
            print(f"\n{table.rstrip()}\n{_said(benchmark, contamination)}")
        found.append({"comparison": json.loads(text) if text else None, "contamination": contamination})
        if code != EXIT_DONE:
            return code, found
    return EXIT_DONE, found


def _run_arguments(options: argparse.Namespace, benchmark: str, folder: Path, *, adapted: bool) -> list[str]:
    given = {
        "--model": options.model,
        "--revision": options.revision,
        "--dtype": options.dtype,
        "--device": options.device,
        "--prompt-form": options.prompt_form,
        "--benchmark": benchmark,
        "-n": options.n,
        "--seed": options.seed,
        "--adapter": options.out if adapted else None,
        "--out": folder,
    }
    arguments = [text for name, value in given.items() if value is not None for text in (name, str(value))]
    return ["run", *arguments, *(["--quiet"] if options.quiet else [])]


def _crucible(arguments: list[str]) -> tuple[int, str]:
    """Exit code and stdout of a command."""
    from codecrucible.harness.cli.main import main

    with contextlib.redirect_stdout(io.StringIO()) as said:
        code = main(arguments)
    return code, said.getvalue()


def _contamination(card: Any, benchmark: str) -> dict[str, Any]:
    name = benchmark.partition("[")[0]
    hits = card.get("contamination", {}).get(name, {})
    return {"checked": name in card.get("decontaminated_against", []), "hits": hits.get("hits")}


def _said(benchmark: str, contamination: dict[str, Any]) -> str:
    if not contamination["checked"]:
        return f"The data was not held against {benchmark}: prepare it where that benchmark's data is."
    return f"The data was held against {benchmark}: {contamination['hits'] or 0} rows gave it away, and were dropped."
