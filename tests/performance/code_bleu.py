"""Prints JSON: CodeBLEU of ours beside the `codebleu` package's: pairs per CPU second, and where the scores are equal.

Pairs are HumanEval's functions without comments and docstrings, so that both sides see the same text: each with itself
and with `--candidates` others. The package is called a pair at a time, as its page shows. The speeds are of CPU time,
in turns, the package with its own tokens (`str.split`); the ratio is the median of the rounds'. For the scores it gets
our tokens.

Equal are components within 1e-9. Data flow differs because the package lists the sources of a value in the order of a
hash table; what else does is in `reports/likeness/codebleu.py`, and does not come up with whole functions.

    python tests/performance/code_bleu.py --candidates 10 --rounds 5
"""

import argparse
import json
import logging
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

from codebleu import calc_codebleu

from codecrucible.benchmarks.sources.humaneval import load_humaneval
from codecrucible.reports import code_bleu, code_bleu_many, code_bleu_method
from codecrucible.reports.likeness.codebleu import CodeBleu
from codecrucible.reports.likeness.syntax import parse, tokens_of

PARTS = {
    "ngram": "ngram_match_score",
    "weighted_ngram": "weighted_ngram_match_score",
    "syntax": "syntax_match_score",
    "dataflow": "dataflow_match_score",
}
Pair = tuple[str, str]


def theirs(pair: Pair, tokenizer: Callable[[str], list[str]] | None = None) -> dict[str, float]:
    """The package's components."""
    reference, candidate = pair
    found: dict[str, float] = calc_codebleu([reference], [candidate], "python", tokenizer=tokenizer)
    return found


def tokens(source: str) -> list[str]:
    """Leaves of the syntax tree."""
    return tokens_of(parse(source, "python", "candidate"))


def seconds(work: Callable[[], object]) -> float:
    """CPU time of `work`, all of which is in this process."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def equal(pairs: Sequence[Pair], ours: Sequence[CodeBleu], others: Sequence[dict[str, float]]) -> dict[str, Any]:
    """Share of the pairs whose components are the same on both sides, of those that ours measured."""
    told: dict[str, Any] = {}
    for part, name in PARTS.items():
        measured = [(getattr(one, part), other[name]) for one, other in zip(ours, others, strict=True)]
        known = [(one, other) for one, other in measured if one is not None]
        same = sum(abs(one - other) < 1e-9 for one, other in known)
        told[part] = {"pairs": len(known), "equal": round(same / len(known), 4)}
    told["without_a_data_flow_in_the_reference"] = sum(one.dataflow is None for one in ours)
    told["data_flow_of_0_that_the_package_counts_as_1"] = sum(one.dataflow == 0 for one in ours)
    selves = [place for place, (reference, candidate) in enumerate(pairs) if reference == candidate]
    told["a_function_with_itself_is_1"] = {
        "ours": sum(ours[place].value == 1 for place in selves) / len(selves),
        "theirs": sum(abs(others[place]["codebleu"] - 1) < 1e-9 for place in selves) / len(selves),
    }
    return told


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--candidates", type=int, default=10, help="others for each function, at most 163")
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()
    logging.disable(logging.WARNING)  # the package warns of every reference without data flow
    functions = [
        parse(problem.prompt + problem.reference, "python", "reference").source.decode()
        for problem in load_humaneval().problems
    ]
    pairs = [
        (reference, functions[(place + step) % len(functions)])
        for place, reference in enumerate(functions)
        for step in range(chosen.candidates + 1)
    ]
    code_bleu(*pairs[0])
    rounds = []
    for _ in range(chosen.rounds):
        ours = seconds(lambda: code_bleu_many(pairs))
        rounds.append((len(pairs) / ours, len(pairs) / seconds(lambda: [theirs(pair) for pair in pairs])))
    result = {
        "pairs": len(pairs),
        "ours_pairs_per_s": round(statistics.median(one for one, _ in rounds)),
        "theirs_pairs_per_s": round(statistics.median(other for _, other in rounds)),
        "ratio": round(statistics.median(one / other for one, other in rounds), 2),
        "components": equal(pairs, code_bleu_many(pairs), [theirs(pair, tokens) for pair in pairs]),
        "method": code_bleu_method(),
    }
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
