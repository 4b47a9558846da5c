"""Syntax trees as CodeBLEU reads them: tokens and subtrees of a source, in bounded time and memory.

The trees are copied into plain objects once. The package's walks ask a node for its type and its children many times,
and each answer of the parser's own nodes is made anew.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from codebleu.utils import AVAILABLE_LANGS, get_tree_sitter_language
from tree_sitter import Language, Node, Parser

LARGEST_SOURCE_BYTES = 64 * 1024
DEEPEST_TREE = 400  # the extractors recurse once a level, within an interpreter limit of 1,000
# The extractors walk a loop's body twice, so that each level of loops doubles the steps in it, and their time grows
# with the square of the steps; an ordinary file of 64 KiB takes 12,000 to 18,000.
MOST_DATAFLOW_STEPS = 30_000
FEW_LOOPS = 6  # of a tree with at most as many nodes as `DEEPEST_TREE`, which are fewer steps even within each other
LOOP = re.compile("(enhanced_for|foreach|for_each|for|while|while_let|until|loop)(_statement|_expression|_modifier)?")
ONE_TOKEN = ("string_literal", "string", "character_literal")  # what the package takes for a token, with its parts
BRACKET = re.compile("[()]")

Origins = dict[int, tuple[str, frozenset[int]]]
"""Relation and sources of a leaf, by the leaves' numbers."""


class NotMeasurable(Exception):
    """A source that has no score; the message is the reason."""


class SyntaxNode:
    """A node of a syntax tree, under the names by which the package's extractors read it.

    Attributes:
        type: What it is in the grammar.
        children: All of them, in the order of the text.
        start_point: Offset in bytes. The package has row and column; the extractors only tell places apart by it.
        end_point: Offset in bytes.
        node: The parser's own.
        leaf: Whether it counts as one token, which a string does with all its parts.
        text: A leaf's, as in `Tree.texts`.
        place: Number of a leaf; of leaves without extent at one place, that of the last.
        word: Whether a leaf's text is more than its type says, as that of a name or a number is.
    """

    __slots__ = ("children", "end_point", "leaf", "node", "place", "start_point", "text", "type", "word")

    leaf: bool
    place: int
    text: str
    word: bool

    def __init__(self, node: Node) -> None:
        self.node = node
        self.type: str = node.type
        self.start_point: int = node.start_byte
        self.end_point: int = node.end_byte
        self.children: Sequence[SyntaxNode] = ()

    def child_by_field_name(self, name: str) -> "SyntaxNode | None":
        """The first child in that field, None if there is none."""
        found = self.node.child_by_field_name(name)
        if found is None:
            return None
        return next(child for child in self.children if child.node == found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A source without comments and docstrings, and its syntax tree.

    Attributes:
        source: The source.
        root: The tree's.
        nodes: All of the tree, each after its parts, in the order of the text.
        leaves: What holds text, in the order of the text; a string is one.
        texts: Those of the leaves, a character a byte, without line ends.
    """

    source: bytes
    root: SyntaxNode
    nodes: list[SyntaxNode]
    leaves: list[SyntaxNode]
    texts: list[str]


def code_without_prose(text: str, language: str) -> str:
    """`text` without its comments and docstrings; as it is where there is no grammar for `language`."""
    source = text.encode("utf-8", "surrogatepass")
    try:
        root = Parser(grammar(language)).parse(source).root_node
    except NotMeasurable:
        return text
    return _without_prose(source, root).decode("utf-8", "surrogatepass")


@lru_cache(maxsize=16)
def grammar(language: str) -> Language:
    """The grammar of `language`.

    Raises:
        NotMeasurable: there is none here.
    """
    if language not in AVAILABLE_LANGS:
        raise NotMeasurable(f"CodeBLEU does not know the language {language!r}")
    try:
        return get_tree_sitter_language(language)
    except ImportError:
        raise NotMeasurable(
            f"the tree-sitter grammar for {language} is not installed: pip install 'codecrucible[codebleu-languages]'"
        ) from None


def parse(text: str, language: str, role: str) -> Tree:
    """Syntax tree of `text` without comments and docstrings, known to be small enough to work on."""
    # A lone surrogate becomes three bytes that are no UTF-8, which the parser takes for an error like any other.
    source = text.encode("utf-8", "surrogatepass")
    if len(source) > LARGEST_SOURCE_BYTES:
        raise NotMeasurable(f"the {role} has {len(source)} bytes, more than {LARGEST_SOURCE_BYTES}")
    parser = Parser(grammar(language))
    root = parser.parse(source).root_node
    code = _without_prose(source, root)
    if len(code) < len(source):
        root = parser.parse(code).root_node
    nodes = _copied(root, role)
    leaves = [node for node in nodes if node.leaf]
    # The tree counts bytes; in Latin-1 a byte is a character, and every text stays distinct.
    texts = _name_leaves(leaves, code.decode("latin-1"))
    return Tree(source=code, root=nodes[-1], nodes=nodes, leaves=leaves, texts=texts)


def _copied(root: Node, role: str) -> list[SyntaxNode]:
    """The nodes of the tree in plain objects, each after its parts, in the order of the text.

    Raises:
        NotMeasurable: it would overflow a stack or take hours; held by the tests of such texts.
    """
    if root.descendant_count > DEEPEST_TREE:
        _refuse_large(root, role)
    copies: list[SyntaxNode] = []
    waiting, strings, loops = [SyntaxNode(root)], [], 0
    while waiting:
        node = waiting.pop()
        copies.append(node)
        children = node.node.children
        if children:
            node.children = list(map(SyntaxNode, children))
            waiting += node.children
            node.leaf = node.type in ONE_TOKEN
            if node.leaf:
                strings.append(node)
            loops += _is_loop(node.type)
        else:
            node.leaf = node.type != "comment"
    if loops > FEW_LOOPS:
        _refuse_large(root, role)
    for string in strings:
        _take_in(string)
    copies.reverse()
    return copies


def _refuse_large(root: Node, role: str) -> None:
    """Raise `NotMeasurable` if the tree is too deep, or has too many steps for the extractors."""
    waiting, steps = [(root, 1, 0)], 0
    while waiting:
        node, depth, loops = waiting.pop()
        if depth > DEEPEST_TREE:
            raise NotMeasurable(f"the {role} nests more than {DEEPEST_TREE} levels deep")
        steps += 1 << loops
        if steps > MOST_DATAFLOW_STEPS:
            raise NotMeasurable(f"the {role} takes more than {MOST_DATAFLOW_STEPS} steps to read its data flow")
        if children := node.children:
            loops += _is_loop(node.type) and node.is_named
            waiting.extend([(child, depth + 1, loops) for child in children])


def _take_in(string: SyntaxNode) -> None:
    """Have a string be one leaf with all its parts."""
    waiting = list(string.children)
    while waiting:
        part = waiting.pop()
        part.leaf = False
        waiting += part.children


@cache
def _is_loop(node_type: str) -> bool:
    """Whether an extractor of some language may walk such a node twice."""
    return LOOP.fullmatch(node_type) is not None


def _without_prose(source: bytes, root: Node) -> bytes:
    """`source` without its comments and docstrings."""
    kept, position = [], 0
    for node in sorted(_prose(root), key=lambda node: node.start_byte):
        if node.start_byte >= position:  # a docstring may lie in a broken part that is gone already
            kept.append(source[position : node.start_byte])
            position = node.end_byte
    return b"".join((*kept, source[position:]))


def _prose(root: Node) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        node_type = node.type
        if node_type == "expression_statement":
            if node.named_child_count == 1:
                only = node.named_children[0]
                if only.type == "string" and (only.start_byte, only.end_byte) == (node.start_byte, node.end_byte):
                    yield node
        elif node_type.endswith("comment") and node.is_named:
            yield node
        waiting.extend(node.children)


def _name_leaves(leaves: list[SyntaxNode], source: str) -> list[str]:
    """The texts of the leaves, each of which gets its own."""
    texts = []
    without_extent: dict[int, int] = {}
    for place, leaf in enumerate(leaves):
        start, end = leaf.start_point, leaf.end_point
        leaf.place, leaf.text = place, source[start:end].replace("\n", "")
        leaf.word = leaf.text != leaf.type
        texts.append(leaf.text)
        if start == end:
            without_extent[start] = place
    for leaf in leaves if without_extent else ():
        if leaf.start_point == leaf.end_point:
            leaf.place = without_extent[leaf.start_point]
    return texts


def tokens_of(tree: Tree) -> list[str]:
    """Leaves of the tree that hold text; a string is one."""
    return [text for text in tree.texts if text.strip()]


def subtrees_of(tree: Tree) -> list[str]:
    """S-expression of the tree and of each part of it that has children, as the package counts them."""
    nodes, root = tree.nodes, tree.root
    named = [node for node in nodes if node.node.is_named]
    whole = str(root.node)
    spans = _bracketed(whole)
    if len(spans) != len(named) or root.node.has_error:  # brackets that are no nodes: those of an error's text
        return [str(node.node) for node in nodes if node.children or node is root]
    found = [whole[start:end] for node, (start, end) in zip(named, spans, strict=True) if node.children or node is root]
    return found + [str(node.node) for node in nodes if node.children and not node.node.is_named]


def _bracketed(text: str) -> list[tuple[int, int]]:
    """From where to where each pair of brackets reaches, in the order in which they close."""
    spans: list[tuple[int, int]] = []
    opened: list[int] = []
    for bracket in BRACKET.finditer(text):
        at = bracket.start()
        if text[at] == "(":
            opened.append(at)
        elif opened:
            spans.append((opened.pop(), at + 1))
    return spans
