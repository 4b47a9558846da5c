"""Data flow of Python by the rules of the `codebleu` package's extractor, in a fraction of its time.

The package copies its states and sorts its edges at every node. Here a state is copied where a branch needs its own,
and only what the comparison takes of the edges is kept. A test holds the results against the package's. Other languages
are read by the package itself.
"""

from codecrucible.reports.likeness.syntax import Origins, SyntaxNode

COMES_FROM, COMPUTED_FROM = "comesFrom", "computedFrom"

States = dict[str, frozenset[int]]
"""By variable, the places that its value may come from."""


NOWHERE: frozenset[int] = frozenset()


class UnclearFlow(Exception):
    """A place has two relations, and which one counts is decided by the order of the package's edges."""


class PythonFlows:
    """Walks a tree once, loops twice.

    Attributes:
        origins: Relation and sources by the number of a leaf.
    """

    def __init__(self) -> None:
        self.origins: Origins = {}

    def visit(self, node: SyntaxNode, states: States) -> States:
        """The states after `node`; `states` may be changed. A level takes at most two frames of the stack.

        Raises:
            AttributeError: the tree has an error where a part should be.
            LookupError: a part of a string is assigned to a part of what is left of it, which the package fails over.
            UnclearFlow: see there.
        """
        if node.leaf:
            self._leaf(node, states)
            return states
        node_type, children = node.type, node.children
        _refuse_part_of_leaf(node)
        if node_type in ("assignment", "augmented_assignment", "for_in_clause"):
            if node_type != "for_in_clause" and node.child_by_field_name("right") is None:
                return states
            pairs = _in_comprehension(node) if node_type == "for_in_clause" else _assigned(node)
            for _, right in pairs:
                states = self.visit(right, states)
            self._assign(pairs, states)
        elif node_type == "if_statement":
            return self._if(node, states)
        elif node_type == "for_statement":
            return self._for(node, states)
        elif node_type == "default_parameter":
            return self._default(node, states)
        elif node_type == "while_statement":
            for child in (*children, *children):
                states = self.visit(child, states)
        else:
            clauses = [child for child in children if child.type == "for_in_clause"]
            for child in clauses:
                states = self.visit(child, states)
            for child in children:
                if child.leaf:
                    if child.word:
                        self._leaf(child, states)
                elif child.type != "for_in_clause":
                    states = self.visit(child, states)
        return states

    def _leaf(self, leaf: SyntaxNode, states: States) -> None:
        if leaf.word:
            place, text = leaf.place, leaf.text
            self._edge(place, COMES_FROM, states.get(text, NOWHERE))
            if text not in states and leaf.type == "identifier":
                states[text] = frozenset((place,))

    def _if(self, node: SyntaxNode, states: States) -> States:
        inner, ends, has_else = states.copy(), [], False
        for child in node.children:
            has_else = has_else or "else" in child.type
            if child.type in ("elif_clause", "else_clause"):
                ends.append(self.visit(child, states.copy()))
            else:
                inner = self.visit(child, inner)
        ends += [inner] if has_else else [inner, states]
        merged: States = {}
        for end in ends:
            for name, places in end.items():
                merged[name] = merged[name] | places if name in merged else places
        return merged

    def _for(self, node: SyntaxNode, states: States) -> States:
        for _ in range(2):
            pairs = _assigned(node)
            for _, right in pairs:
                states = self.visit(right, states)
            self._assign(pairs, states)
            if node.children[-1].type == "block":
                states = self.visit(node.children[-1], states)
        return states

    def _default(self, node: SyntaxNode, states: States) -> States:
        name, value = _part(node, "name"), node.child_by_field_name("value")
        if value is not None:
            states = self.visit(value, states)
        sources = None if value is None else self._variables(value)
        for place, text in self._variables(name):
            if sources is None or sources:
                self._edge(place, COMES_FROM, frozenset(source for source, _ in sources or ()))
            states[text] = frozenset((place,))
        return states

    def _assign(self, pairs: list[tuple[SyntaxNode, SyntaxNode]], states: States) -> None:
        for left, right in pairs:
            sources = frozenset(place for place, _ in self._variables(right))
            for place, text in self._variables(left):
                self._edge(place, COMPUTED_FROM, sources)
                states[text] = frozenset((place,))

    def _variables(self, root: SyntaxNode) -> list[tuple[int, str]]:
        """Number and text of the leaves that are no words of the language."""
        found, waiting = [], [root]
        while waiting:
            node = waiting.pop()
            if node.leaf:
                if node.word:
                    found.append((node.place, node.text))
            else:
                _refuse_part_of_leaf(node)
                waiting.extend(reversed(node.children))
        return found

    def _edge(self, place: int, relation: str, sources: frozenset[int]) -> None:
        known = self.origins.get(place)
        if known is None:
            self.origins[place] = relation, sources
        elif known[0] != relation:
            raise UnclearFlow
        elif not sources <= known[1]:
            self.origins[place] = relation, known[1] | sources


def _refuse_part_of_leaf(node: SyntaxNode) -> None:
    if not node.children and node.type != "comment":
        raise LookupError(f"{node.type} is no token")


def _part(node: SyntaxNode, field: str) -> SyntaxNode:
    part = node.child_by_field_name(field)
    if part is None:
        raise AttributeError(f"{node.type} has no {field}")
    return part


def _in_comprehension(node: SyntaxNode) -> list[tuple[SyntaxNode, SyntaxNode]]:
    return [(_part(node, "left"), node.children[-1])]


def _assigned(node: SyntaxNode) -> list[tuple[SyntaxNode, SyntaxNode]]:
    """What is assigned to what: one to one where both sides have as many parts, else all to all."""
    left, right = _part(node, "left"), _part(node, "right")
    lefts = [child for child in left.children if child.type != ","]
    rights = [child for child in right.children if child.type != ","]
    if not lefts or len(lefts) != len(rights):
        return [(left, right)]
    return list(zip(lefts, rights, strict=True))
