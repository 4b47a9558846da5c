"""Other names for the function that is asked for and for its parameters, in prompt, tests and reference alike."""

import ast
import builtins
import re
import tokenize
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

from codecrucible.benchmarks.perturbed.prompt import UNREADABLE, Prompt, Token, Unchanged, is_free, prompt_of, tokens_of
from codecrucible.benchmarks.perturbed.prose import QUOTED
from codecrucible.benchmarks.problem import Problem

#: What stands for the first word of a function's name; where none does, "compute" goes before it.
FIRST_WORDS = {
    "check": "test",
    "concatenate": "join",
    "convert": "turn",
    "count": "number_of",
    "decode": "decipher",
    "encode": "encipher",
    "exchange": "swap",
    "filter": "select",
    "find": "locate",
    "fix": "repair",
    "get": "find",
    "has": "contains",
    "how": "count_how",
    "is": "check_if",
    "largest": "greatest",
    "make": "build",
    "max": "maximum",
    "min": "minimum",
    "parse": "read",
    "remove": "drop",
    "select": "choose",
    "separate": "split",
    "smallest": "least",
    "sort": "order",
}

_OFFERED = frozenset(dir(builtins))
#: English words that parameters are called by, too: in a docstring they say what they say, and stay. So does any word
#: of at least so many letters.
_ENGLISH = frozenset(
    {"a", "i", "set", "sub", "key", "word", "text", "list", "item", "grid", "date", "file", "name", "game"}
)
_LONG_WORD = 5


class Names(NamedTuple):
    """New names by the old ones: of the function, and of its parameters."""

    function: Mapping[str, str]
    parameters: Mapping[str, str]


def other_style(prompt: Prompt) -> Names:
    """Camel case for a function's name in snake case, and the other way round.

    Raises:
        Unchanged: its name is one word.
    """
    name = prompt.function.name
    parts = name.split("_")
    if len(parts) > 1 and all(part.isalnum() for part in parts):
        first, *rest = parts
        new = first + "".join(part[0].upper() + part[1:] for part in rest)
    else:
        new = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
    if new == name:
        raise Unchanged("a function whose name is one word")
    return Names({name: new}, {})


def plain_parameters(prompt: Prompt) -> Names:
    """`arg1`, `arg2` and so on for the function's parameters.

    Raises:
        Unchanged: it has none.
    """
    return Names({}, {name: f"arg{place}" for place, name in enumerate(_parameters(prompt), start=1)})


def names_of_twin(prompt: Prompt) -> Names:
    """Another name for the function that says the same, and `given_` in front of those of its parameters."""
    name = prompt.function.name
    first, underscore, rest = name.partition("_")
    other = FIRST_WORDS.get(first.lower())
    new = f"{other}{underscore}{rest}" if other else f"compute_{name}"
    return Names({name: new}, {each: f"given_{each}" for each in _parameters(prompt)})


def _parameters(prompt: Prompt) -> list[str]:
    """Names of the parameters in their order, but for those that stand for any number of arguments."""
    found = prompt.function.args
    names = [each.arg for each in (*found.posonlyargs, *found.args, *found.kwonlyargs) if each.arg != "self"]
    if not names:
        raise Unchanged("a function without parameters")
    return names


def renamed(problem: Problem, names_for: Callable[[Prompt], Names]) -> Problem:
    """The problem with other names in all of its sources.

    Raises:
        Unchanged: the function has no such names, or it cannot be shown that the program stays the same.
    """
    prompt = prompt_of(problem)
    names = names_for(prompt)
    sources = (problem.prompt + problem.reference, problem.tests, problem.setup)
    try:
        _refuse_unclear(sources, names)
        inner = _inside(prompt, names)
        program = _replaced(sources[0], names.function, inner, since=prompt.index(prompt.function.lineno, 0))
        tests, setup = (_replaced(source, names.function, {}) for source in sources[1:])
        head = _replaced(problem.prompt, names.function, inner, since=prompt.index(prompt.function.lineno, 0))
    except UNREADABLE:
        raise Unchanged("a source that cannot be read") from None
    entry_point = names.function.get(problem.entry_point, problem.entry_point)
    made = replace(
        problem,
        prompt=head,
        reference=program.removeprefix(head) if problem.reference else "",
        tests=tests,
        setup=setup,
        entry_point=entry_point,
    )
    return replace(made, prompt=_with_docstring(prompt_of(made), names))


def _inside(prompt: Prompt, names: Names) -> Mapping[str, str]:
    """New names of parameters, which hold from the function's first line on: a prompt ends with its function."""
    decorated = prompt.function.decorator_list
    if names.parameters and decorated:
        raise Unchanged("a function with decorators")
    return names.parameters


def _refuse_unclear(sources: tuple[str, ...], names: Names) -> None:
    """Raise `Unchanged` where a name could mean something else, or a new one is not free."""
    old, new = {*names.function, *names.parameters}, [*names.function.values(), *names.parameters.values()]
    taken = {token.string for source in sources for token in tokens_of(source) if token.type == tokenize.NAME}
    if not all(is_free(each, frozenset(taken | _OFFERED)) for each in new) or len(set(new)) < len(new):
        raise Unchanged("a new name that is taken")
    for node in (node for source in sources for node in ast.walk(ast.parse(source))):
        in_text = isinstance(node, ast.JoinedStr) and any(
            isinstance(each, ast.Name) and each.id in old for each in ast.walk(node)
        )
        as_keyword = isinstance(node, ast.keyword) and node.arg in old
        imported = isinstance(node, ast.alias) and old & {node.name, node.asname}
        if in_text or as_keyword or imported:
            raise Unchanged("a name in a format string, an import or a keyword argument")


def _replaced(source: str, everywhere: Mapping[str, str], inside: Mapping[str, str], since: int = 0) -> str:
    """`source` with each name changed that is no attribute; those of `inside` from an index on alone."""
    before: Token | None = None
    pieces, end = [], 0
    for token in tokens_of(source):
        new = everywhere.get(token.string) or (inside.get(token.string) if token.start >= since else None)
        attribute = before is not None and before.string == "."
        if token.type == tokenize.NAME and new and not attribute:
            pieces += [source[end : token.start], new]
            end = token.start + len(token.string)
        before = token
    return "".join([*pieces, source[end:]])


def _with_docstring(prompt: Prompt, names: Names) -> str:
    """The prompt's text with the new names in its docstring, where a word there is a name and not English.

    Raises:
        Unchanged: that cannot be told.
    """
    try:
        start, end = prompt.words
    except Unchanged:
        return prompt.text
    words = prompt.text[start:end]
    if any(old.lower() in ("a", "i") and re.search(rf"(?<!\w){old}(?!\w)", words) for old in names.parameters):
        raise Unchanged("a parameter whose name may be a word of the docstring")
    for old, new in (*names.function.items(), *names.parameters.items()):
        name = re.escape(old)
        if old in names.function and old.isalpha() and old.islower():  # a word, unless it is called
            pattern = rf"(?<![\w.\\]){name}(?=\()"
        elif old in names.parameters and _is_english(old):  # a word, unless it is quoted or has a value
            pattern = rf"(?<=[`]){name}(?=[`])|(?<=')(?<!\w'){name}(?=')|(?<![\w.\\]){name}(?= ?= ?[^=])"
        else:
            pattern = rf"(?<![\w.\\]){name}(?!\w)"
        words = _outside_of_texts(words, pattern, old, new)
    return prompt.with_words(words)


def _outside_of_texts(words: str, pattern: str, old: str, new: str) -> str:
    """`words` with `new` wherever the pattern of `old` fits, but for texts in quotes that hold more than the name."""
    texts = [match.span() for match in QUOTED.finditer(words) if match[0][1:-1] != old]
    return re.sub(
        pattern,
        lambda match: match[0] if any(start <= match.start() < end for start, end in texts) else new,
        words,
    )


def _is_english(name: str) -> bool:
    return name.lower() in _ENGLISH or (name.isalpha() and name.islower() and len(name) >= _LONG_WORD)
