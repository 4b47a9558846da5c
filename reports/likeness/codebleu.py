"""CodeBLEU of a program against a reference, made from the parts of the `codebleu` package.

The package's own sum is not used, because it reports things that were not measured as if they had been. What differs:

- A data flow score of 0 counts as 0, not as 1; a reference without data flow has no such component, and the other
  three are averaged instead.
- The sources of a value are listed in the order of the text, not in the order of a hash table: the score is the same
  in every process, and renaming the variables does not change the data flow.
- Tokens are the leaves of the syntax tree, not what `str.split` leaves between blanks; a string is one token.
- Comments and docstrings are taken out with the syntax tree, so that it also works on a program that does not parse.
- The order of the n-grams is at most the reference's length, and the weighted recall takes neither the brevity
  penalty nor the rounding up to 1 that the package gives it: a source compared with itself scores 1 however short.
- Columns are counted in bytes throughout, so that text after a non-ASCII character is not cut in the wrong place.
- A candidate without code scores 0. What cannot be compared in bounded time and memory has no score, and a reason.

What does not differ: the four components and their equal weights, n-gram smoothing, the syntax match (subtrees of the
reference that occur in the candidate) and the rules by which data flow is read from the tree.

Which strings are compared is the caller's business. The harness compares whole functions: prompt + reference with the
program that was executed, and passes "" for a completion without code. The score of a run is the mean over problems
of the mean over samples.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib.metadata import PackageNotFoundError, version
from math import exp, fsum, log
from pathlib import Path
from typing import Any

import codebleu
from codebleu import bleu, dataflow_match, weighted_ngram_match
from codebleu.parser import index_to_code_token, tree_to_token_index
from codebleu.utils import AVAILABLE_LANGS, get_tree_sitter_language
from tree_sitter import Language, Node, Parser

from codecrucible.reports.likeness.work_pool import WorkPool

LARGEST_SOURCE_BYTES = 64 * 1024
DEEPEST_TREE = 400  # the extractors recurse once a level, within an interpreter limit of 1,000
# The extractors walk a loop's body twice, so that each level of loops doubles the steps in it, and their time grows
# with the square of the steps; an ordinary file of 64 KiB takes 12,000 to 18,000.
MOST_DATAFLOW_STEPS = 30_000
LONGEST_NGRAM = 4
LOOP = re.compile("(enhanced_for|foreach|for_each|for|while|while_let|until|loop)(_statement|_expression|_modifier)?")

Flow = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeBleu:
    """CodeBLEU of one pair and its components, each in [0, 1].

    Attributes:
        value: Mean of the components that are not None; None if the pair could not be measured.
        ngram: BLEU over tokens.
        weighted_ngram: Recall of n-grams, in which a keyword weighs five times as much as another token.
        syntax: Share of the reference's subtrees that occur in the candidate.
        dataflow: Share of the reference's data flows that occur in the candidate; None if it has none.
        reason: Why `value` is None, else "".
    """

    value: float | None
    ngram: float | None = None
    weighted_ngram: float | None = None
    syntax: float | None = None
    dataflow: float | None = None
    reason: str = ""


Weights = tuple[float, float, float, float]
EQUAL_WEIGHTS: Weights = (0.25, 0.25, 0.25, 0.25)
"""Of n-grams, weighted n-grams, syntax and data flow."""


def code_bleu(reference: str, candidate: str, language: str = "python", weights: Weights = EQUAL_WEIGHTS) -> CodeBleu:
    r"""CodeBLEU of `candidate` against `reference`; its value is None, with the reason, where it cannot be measured.

    Args:
        reference: Source of a right program.
        candidate: Source to compare, any text; at most 64 KiB are measured.
        language: Name of the language in lower case, as the `codebleu` package spells it.
        weights: Of the four components, in the order of `CodeBleu`; what has no component has no weight either.

    Source:
        Ren et al. 2020, arXiv:2009.10297; components from https://github.com/k4black/codebleu, version 0.7.0.

    >>> code_bleu("def f(x):\n    return x + 1\n", "def f(y):\n    return y + 1  # renamed\n").dataflow
    1.0
    >>> code_bleu("def f(x):\n    return x + 1\n", "").value
    0.0
    """
    try:
        right = read_reference(reference, language)
        tree = parse(candidate, language, "candidate")
    except NotMeasurable as cause:
        return CodeBleu(value=None, reason=str(cause))
    tokens = tokens_of(tree)
    if not tokens:
        return combined(0.0, 0.0, 0.0, 0.0 if right.flows else None, weights=weights)
    found = right.subtree_set.intersection(subtrees_of(tree.root))
    return combined(
        _ngram_match(right, tokens),
        _weighted_ngram_match(right, tokens),
        sum(subtree in found for subtree in right.subtrees) / len(right.subtrees),
        (right.flows & flows_of(tree, language)).total() / right.flows.total() if right.flows else None,
        weights=weights,
    )


def code_bleu_many(
    pairs: Sequence[tuple[str, str]],
    *,
    language: str = "python",
    weights: Weights = EQUAL_WEIGHTS,
    pool: WorkPool | None = None,
) -> list[CodeBleu]:
    """CodeBLEU of every (reference, candidate) pair, in the order of `pairs`; equal pairs are measured once.

    Args:
        pairs: Any number of (reference, candidate).
        language: As in `code_bleu`.
        weights: As in `code_bleu`.
        pool: Measures the distinct pairs; None measures them in this process.
    """
    distinct = list(dict.fromkeys(pairs))
    score = partial(_score_pair, language=language, weights=weights)
    by_pair = dict(zip(distinct, pool.map(score, distinct) if pool else map(score, distinct), strict=True))
    return [by_pair[pair] for pair in pairs]


def code_bleu_method(language: str = "python") -> str:
    """One line that names what decides the numbers; scores with different lines must not be compared."""
    grammar = f"tree-sitter-{language.replace('_', '-')}"
    try:
        parts = [f"{name} {version(name)}" for name in ("codebleu", "tree-sitter", grammar)]
    except PackageNotFoundError:
        return f"none: {grammar} is not installed"
    return f"{', '.join(parts)}; syntax-tree tokens, no comments or docstrings, true zeros, ordered data flow"


def code_bleu_absence(language: str) -> str:
    """Why nothing in `language` can have a CodeBLEU here, "" if something can."""
    try:
        _grammar(language)
    except NotMeasurable as cause:
        return str(cause)
    return ""


def code_without_prose(text: str, language: str) -> str:
    """`text` without its comments and docstrings; as it is where there is no grammar for `language`."""
    source = text.encode("utf-8", "surrogatepass")
    try:
        root = Parser(_grammar(language)).parse(source).root_node
    except NotMeasurable:
        return text
    return _without_prose(source, root).decode("utf-8", "surrogatepass")


class NotMeasurable(Exception):
    """A source that has no score; the message is the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A source without comments and docstrings, and its syntax tree."""

    source: bytes
    root: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What the comparison needs of a right program."""

    tokens: list[str]
    weights: dict[str, int]
    subtrees: list[str]
    subtree_set: frozenset[str]
    flows: Counter[Flow]


def _score_pair(pair: tuple[str, str], language: str, weights: Weights) -> CodeBleu:
    return code_bleu(*pair, language, weights)


def combined(
    ngram: float, weighted_ngram: float, syntax: float, dataflow: float | None, *, weights: Weights
) -> CodeBleu:
    """The four components and their weighted mean; a data flow that is None has no weight."""
    parts = zip((ngram, weighted_ngram, syntax, dataflow), weights, strict=True)
    measured = [(part, weight) for part, weight in parts if part is not None]
    total = fsum(weight for _, weight in measured)
    return CodeBleu(
        value=fsum(part * weight for part, weight in measured) / total if total else None,
        ngram=ngram,
        weighted_ngram=weighted_ngram,
        syntax=syntax,
        dataflow=dataflow,
        reason="" if total else "no component that was measured has a weight",
    )


@lru_cache(maxsize=1024)
def read_reference(source: str, language: str) -> Reference:
    """Everything that the comparison needs of a reference, computed once for all the samples of a problem."""
    tree = parse(source, language, "reference")
    tokens = tokens_of(tree)
    if not tokens:
        raise NotMeasurable("the reference holds no code")
    keywords = _keywords(language)
    subtrees = list(subtrees_of(tree.root))
    return Reference(
        tokens=tokens,
        # In the ratio of the package's 1 and 0.2; whole numbers, since it takes a total below 1 for a total of 1.
        weights={token: 5 if token in keywords else 1 for token in tokens},
        subtrees=subtrees,
        subtree_set=frozenset(subtrees),
        flows=flows_of(tree, language),
    )


@lru_cache(maxsize=16)
def _grammar(language: str) -> Language:
    if language not in AVAILABLE_LANGS:
        raise NotMeasurable(f"CodeBLEU does not know the language {language!r}")
    try:
        return get_tree_sitter_language(language)
    except ImportError:
        raise NotMeasurable(
            f"the tree-sitter grammar for {language} is not installed: pip install 'codecrucible[codebleu-languages]'"
        ) from None


@lru_cache(maxsize=16)
def _keywords(language: str) -> frozenset[str]:
    path = Path(codebleu.__file__).parent / "keywords" / f"{language}.txt"
    return frozenset(path.read_text(encoding="utf-8").split())


def parse(text: str, language: str, role: str) -> Tree:
    """Syntax tree of `text` without comments and docstrings, known to be small enough to work on."""
    # A lone surrogate becomes three bytes that are no UTF-8, which the parser takes for an error like any other.
    source = text.encode("utf-8", "surrogatepass")
    if len(source) > LARGEST_SOURCE_BYTES:
        raise NotMeasurable(f"the {role} has {len(source)} bytes, more than {LARGEST_SOURCE_BYTES}")
    parser = Parser(_grammar(language))
    root = parser.parse(source).root_node
    code = _without_prose(source, root)
    if len(code) < len(source):
        root = parser.parse(code).root_node
    _refuse_if_too_complex(root, role)
    return Tree(source=code, root=root)


def _nodes(root: Node) -> Iterator[tuple[Node, int, int]]:
    """Every node with its depth and the number of loops around it, without recursion."""
    waiting = [(root, 1, 0)]
    while waiting:
        node, depth, loops = waiting.pop()
        yield node, depth, loops
        inner = loops + (node.is_named and _is_loop(node.type))
        waiting.extend((child, depth + 1, inner) for child in node.children)


def _is_loop(node_type: str) -> bool:
    """Whether an extractor of some language may walk such a node twice."""
    return LOOP.fullmatch(node_type) is not None


def _refuse_if_too_complex(root: Node, role: str) -> None:
    """Keeps a hostile text from overflowing a stack or taking hours; held by the tests of such texts."""
    steps = 0
    for _, depth, loops in _nodes(root):
        if depth > DEEPEST_TREE:
            raise NotMeasurable(f"the {role} nests more than {DEEPEST_TREE} levels deep")
        steps += 1 << loops
        if steps > MOST_DATAFLOW_STEPS:
            raise NotMeasurable(f"the {role} takes more than {MOST_DATAFLOW_STEPS} steps to read its data flow")


def _without_prose(source: bytes, root: Node) -> bytes:
    """`source` without its comments and docstrings."""
    kept, position = [], 0
    for node in sorted((node for node, _, _ in _nodes(root) if _is_prose(node)), key=lambda node: node.start_byte):
        if node.start_byte >= position:  # a docstring may lie in a broken part that is gone already
            kept.append(source[position : node.start_byte])
            position = node.end_byte
    return b"".join((*kept, source[position:]))


def _is_prose(node: Node) -> bool:
    if node.type == "expression_statement" and node.named_child_count == 1:
        only = node.named_children[0]
        return only.type == "string" and (only.start_byte, only.end_byte) == (node.start_byte, node.end_byte)
    return node.is_named and node.type.endswith("comment")


def _texts(tree: Tree) -> tuple[list[Any], list[str]]:
    """Places and texts of the tree's leaves."""
    places: list[Any] = tree_to_token_index(tree.root)  # type: ignore[no-untyped-call]
    # The tree counts columns in bytes; in Latin-1 a byte is a character, and every text stays distinct.
    lines = tree.source.decode("latin-1").split("\n")
    return places, [index_to_code_token(place, lines) for place in places]  # type: ignore[no-untyped-call]


def tokens_of(tree: Tree) -> list[str]:
    """Leaves of the tree that hold text; a string is one."""
    return [text for text in _texts(tree)[1] if text.strip()]


def subtrees_of(root: Node) -> Iterator[str]:
    """S-expression of the tree and of each part of it that has children, as the package counts them."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield str(node)
        waiting.extend(child for child in node.children if child.children)


def flows_of(tree: Tree, language: str) -> Counter[Flow]:
    """Data flows as (variable, relation, variables it comes from), the variables numbered by first appearance."""
    places, texts = _texts(tree)
    tokens = {place: (position, text) for position, (place, text) in enumerate(zip(places, texts, strict=True))}
    extract: Callable[..., Any] = dataflow_match.dfg_function[language]
    try:
        edges, _ = extract(tree.root, tokens, {})
    except (AttributeError, LookupError, TypeError):
        return Counter()  # the extractors assume a tree without errors
    relations: dict[int, str] = {}
    origins: dict[int, set[int]] = {}
    for _, position, relation, _, sources in sorted(edges, key=lambda edge: edge[1]):
        relations[position] = relation
        origins.setdefault(position, set()).update(sources)
    linked = {position for position, sources in origins.items() if sources}.union(*origins.values())
    flows = [
        # Sources in the order of the text: the package's order changes with PYTHONHASHSEED.
        (texts[at], at, relation, list(dict.fromkeys(texts[source] for source in sorted(origins[at]))), ())
        for at, relation in relations.items()
        if at in linked
    ]
    numbered = dataflow_match.normalize_dataflow(flows)  # type: ignore[no-untyped-call]
    return Counter((variable, relation, tuple(sources)) for variable, relation, sources in numbered)


def _ngram_orders(right: Reference) -> range:
    return range(1, min(LONGEST_NGRAM, len(right.tokens)) + 1)


def _ngram_match(right: Reference, tokens: list[str]) -> float:
    orders = _ngram_orders(right)
    weights = (1 / len(orders),) * len(orders)
    return float(bleu.corpus_bleu([[right.tokens]], [tokens], weights=weights))  # type: ignore[no-untyped-call]


def _weighted_ngram_match(right: Reference, tokens: list[str]) -> float:
    reference = [(right.tokens, right.weights)]
    recalls = [
        weighted_ngram_match.modified_recall(reference, tokens, order)  # type: ignore[no-untyped-call]
        for order in _ngram_orders(right)
    ]
    if recalls[0][0] == 0:
        return 0.0
    smoothing = weighted_ngram_match.SmoothingFunction()  # type: ignore[no-untyped-call]
    smooth = smoothing.method1(recalls)  # type: ignore[no-untyped-call]
    return exp(fsum(log(found / wanted) for found, wanted in smooth) / len(smooth))
