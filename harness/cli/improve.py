"""`crucible improve`: a model learns from its own samples that passed, and is held against its base."""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from codecrucible.harness.cli.base_model import loading_of, model_options
from codecrucible.harness.cli.finetune import check_numbers, need_packages, recipe_of, recipe_options
from codecrucible.harness.cli.options import positive_type
from codecrucible.harness.cli.prepare import check_installed
from codecrucible.harness.common.errors import EXIT_DONE, EXIT_REGRESSION, UsageError
from codecrucible.harness.common.sampling import RUN_SAMPLING

if TYPE_CHECKING:
    from codecrucible.harness.finetune.improve import ImprovePlan, Round
    from codecrucible.reports import Comparison, GateResult

_TEMPERATURE, _MAX_NEW_TOKENS = 0.8, 256


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options of `crucible improve`."""
    command.add_argument("--out", type=Path, metavar="DIR", help="folder of all rounds; the same command resumes them")
    model_options(command)
    learning = command.add_argument_group("learning")
    learning.add_argument("--problems", metavar="B", help="benchmark to learn from: practice, mbpp:train, or your own")
    learning.add_argument("--rounds", type=positive_type, default=1, metavar="R", help="rounds (default: 1)")
    learning.add_argument(
        "-n", type=positive_type, default=4, metavar="N", help="samples per problem to learn from (default: 4)"
    )
    learning.add_argument(
        "--temperature",
        type=float,
        default=_TEMPERATURE,
        metavar="T",
        help=f"of these samples (default: {_TEMPERATURE})",
    )
    learning.add_argument(
        "--per-problem",
        type=positive_type,
        metavar="M",
        help="passing samples kept per problem and round (default: all)",
    )
    learning.add_argument(
        "--allow-control",
        action="store_true",
        help="also learn from samples whose verdict only a negative control confirms",
    )
    learning.add_argument(
        "--against", metavar="B[,B]", help="benchmarks to keep out of the data (default: all on this machine)"
    )
    trying = command.add_argument_group("evaluation")
    trying.add_argument("--evaluate", metavar="B[,B]", help="benchmarks that base and candidates are compared on")
    trying.add_argument(
        "--evaluate-n", type=positive_type, default=10, metavar="N", help="samples per problem there (default: 10)"
    )
    trying.add_argument(
        "--max-new-tokens",
        type=positive_type,
        default=_MAX_NEW_TOKENS,
        metavar="N",
        help=f"longest answer, everywhere (default: {_MAX_NEW_TOKENS})",
    )
    recipe_options(command)
    command.set_defaults(command=improve)


def improve(options: argparse.Namespace) -> int:
    """Exit code of `crucible improve`: that of the gate on the last round."""
    missing = [f"--{name}" for name in ("model", "problems", "evaluate", "out") if getattr(options, name) is None]
    if missing:
        raise UsageError(f"improving needs {', '.join(missing)}; see `crucible improve --help`")
    need_packages()
    check_installed(())
    check_numbers(options)
    from codecrucible.harness.common.terminal import complain
    from codecrucible.harness.finetune.improve import improve
    from codecrucible.harness.results.pairs import comparisons_of
    from codecrucible.reports import GateRule, GateState, decide
    from codecrucible.reports.comparison import with_holm

    plan = _plan(options)
    made = improve(plan, tell=lambda line: None if options.quiet else complain(line))
    by_round = [comparisons_of(each.pairs, inference="problems", by_language=False) for each in made]
    decision = decide(by_round[-1], GateRule())
    _show(plan, made, with_holm([each for comparisons in by_round for each in comparisons]), decision, options)
    return EXIT_REGRESSION if decision.state is GateState.REGRESSION else EXIT_DONE


def _plan(options: argparse.Namespace) -> "ImprovePlan":
    from codecrucible.benchmarks import load_benchmark, selected_names
    from codecrucible.harness.finetune.improve import ImprovePlan
    from codecrucible.harness.finetune.preparation.run_rows import RunRules

    sampling = replace(RUN_SAMPLING, seed=options.seed, max_new_tokens=options.max_new_tokens)
    return ImprovePlan(
        model=options.model,
        loading=loading_of(options),
        problems=load_benchmark(options.problems),
        benchmarks=tuple(load_benchmark(name) for name in selected_names(options.evaluate)),
        rounds=options.rounds,
        learning=replace(sampling, n=options.n, temperature=options.temperature),
        trying=replace(sampling, n=options.evaluate_n),
        run_rules=RunRules(per_problem=options.per_problem, order="diverse", control=options.allow_control),
        recipe=recipe_of(options),
        micro_batch=options.micro_batch,
        against=tuple(options.against.split(",")) if options.against else None,
        out=options.out,
        quiet=options.quiet,
        argv=options.argv,
    )


def _show(
    plan: "ImprovePlan",
    made: "Sequence[Round]",
    comparisons: "list[Comparison]",
    decision: "GateResult",
    options: argparse.Namespace,
) -> None:
    from codecrucible.harness.cli.compare import show_comparisons, warn_of_prompts
    from codecrucible.harness.cli.output import show_sentence, show_sheets
    from codecrucible.reports import to_json_text
    from codecrucible.reports.views.compare_view import comparison_json
    from codecrucible.reports.views.gate_view import gate_json, gate_sheets, headline
    from codecrucible.reports.views.sheet import Sheet

    rounds = [
        {"round": number, "samples": each.samples, "passed": each.passed, "rows": each.rows}
        for number, each in enumerate(made, start=1)
    ]
    for each in made:
        warn_of_prompts(each.pairs)
    if options.json:
        compared = [comparison_json(comparison) for comparison in comparisons]
        print(to_json_text({"rounds": rounds, "comparisons": compared, "gate": gate_json(decision)}), end="")
        return
    sheet = Sheet(
        title=f"rounds on {plan.problems.name}",
        headings=("round", "samples", "passed", "rows learnt from"),
        rows=tuple(tuple(map(str, row.values())) for row in rounds),
    )
    show_sheets([sheet])
    show_comparisons(comparisons, form="table")
    show_sheets(gate_sheets(decision))
    show_sentence(headline(decision))
