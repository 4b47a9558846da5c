"""The data flows of a source, by the rules of the `codebleu` package."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from codebleu import dataflow_match

from codecrucible.reports.likeness.python_flows import PythonFlows, UnclearFlow
from codecrucible.reports.likeness.syntax import Origins, Tree

Flow = tuple[str, str, tuple[str, ...]]


def flows_of(tree: Tree, language: str) -> Counter[Flow]:
    """Data flows as (variable, relation, variables it comes from), the variables numbered by first appearance."""
    texts = tree.texts
    try:
        origins = _origins(tree, language)
    except (AttributeError, LookupError, TypeError):
        return Counter()  # the extractors assume a tree without errors
    linked = {position for position, (_, sources) in origins.items() if sources}
    linked.update(*(sources for _, sources in origins.values()))
    flows = [
        # Sources in the order of the text: the package's order changes with PYTHONHASHSEED.
        (texts[at], at, origins[at][0], list(dict.fromkeys(texts[source] for source in sorted(origins[at][1]))), ())
        for at in sorted(origins)
        if at in linked
    ]
    numbered = dataflow_match.normalize_dataflow(flows)  # type: ignore[no-untyped-call]
    return Counter((variable, relation, tuple(sources)) for variable, relation, sources in numbered)


def _origins(tree: Tree, language: str) -> Origins:
    if language == "python":
        flows = PythonFlows()
        try:
            flows.visit(tree.root, {})
        except UnclearFlow:
            return origins_by_package(tree, language)
        return flows.origins
    return origins_by_package(tree, language)


def origins_by_package(tree: Tree, language: str) -> Origins:
    """What the package's extractor finds.

    Raises:
        AttributeError: the tree has an error.
        LookupError: the same.
        TypeError: the same.
    """
    extract: Callable[..., Any] = dataflow_match.dfg_function[language]
    tokens = {(leaf.start_point, leaf.end_point): (place, leaf.text) for place, leaf in enumerate(tree.leaves)}
    edges, _ = extract(tree.root, tokens, {})
    origins: Origins = {}
    for _, position, relation, _, sources in sorted(edges, key=lambda edge: edge[1]):
        known = origins[position][1] if position in origins else frozenset()
        origins[position] = relation, known.union(sources)
    return origins
