"""Further rows made of one: the same code with other local names, and the same function asked for in steps."""

import ast
import builtins
import keyword
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from codecrucible.harness.finetune.preparation.rows import Row, parses

KINDS = ("rename", "docstring")
"""What a row can be made into."""

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)

_SEES_NAMES = frozenset({"locals", "globals", "vars", "dir", "eval", "exec", "inspect", "__dict__"})
"""Code with one of these may ask for a variable by its name."""

_WORDS = (
    *("item", "entry", "part", "piece", "mark", "spot", "level", "chunk", "token", "field", "cell", "unit", "stage"),
    *("probe", "chosen", "current", "nearby", "holder", "bucket", "store", "bundle", "series", "outcome", "amount"),
)
_WORD = re.compile(r"\w+")


def variants(row: Row, kinds: Sequence[str], *, seed: int) -> Iterator[tuple[str, Row]]:
    """Each kind that `row` could be made into, and what it became."""
    for kind in kinds:
        try:
            made = _renamed_row(row, seed) if kind == "rename" else _asked_in_steps(row)
        except RecursionError:  # of code that nobody wrote by hand
            continue
        if made is not None:
            yield kind, replace(made, origin=f"{row.origin} ({kind})")


def renamed(code: str, *, seed: int) -> str | None:
    """`code` with other names for what is local to its functions, and the same behaviour; None if no name is safe.

    A name is changed where every word like it in the function is that variable: none in a string, a comment, an
    attribute or a keyword. Parameters that a caller may give by name keep theirs. Functions with functions or classes
    in them are left as they are, and so is code that can ask for variables by name.
    """
    if not parses(code):
        return None
    tree = ast.parse(code)
    taken = set(_WORD.findall(code))
    if taken & _SEES_NAMES:
        return None
    fresh = _fresh_names(taken, random.Random(f"{seed}:{code}"))  # noqa: S311 - no secret
    lines = code.encode().splitlines(keepends=True)
    wanted = ast.parse(code)
    edits: list[tuple[ast.Name | ast.arg, str]] = []
    for function, twin in zip(_functions(tree), _functions(wanted), strict=True):
        names = {name: next(fresh) for name in _safe_names(function, tree, lines)}
        for node, same in zip(_uses(function), _uses(twin), strict=True):
            if _name(node) in names:
                edits.append((node, names[_name(node)]))
                _rename(same, names)
    if not edits:
        return None
    for node, name in sorted(edits, key=lambda edit: (edit[0].lineno, edit[0].col_offset), reverse=True):
        line, start = lines[node.lineno - 1], node.col_offset
        lines[node.lineno - 1] = line[:start] + name.encode() + line[start + len(_name(node).encode()) :]
    made = b"".join(lines).decode()
    return made if parses(made) and ast.dump(ast.parse(made)) == ast.dump(wanted) else None


def _renamed_row(row: Row, seed: int) -> Row | None:
    code = row.code()
    changed = None if code is None else renamed(code, seed=seed)
    if changed is None:
        return None
    made = row.with_code(changed)
    return made if made.code() == changed else None  # as far as the row's form allows


def _asked_in_steps(row: Row) -> Row | None:
    """The row's one function, to be written from its docstring as steps; None if it is not one with a docstring."""
    code = None if row.roles else row.code()
    if code is None or "".join(row.texts) != code or not parses(code):
        return None
    tree = ast.parse(code)
    functions = [node for node in tree.body if isinstance(node, _Function)]
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    alone = len(functions) == 1 and len(imports) + 1 == len(tree.body)
    text = (ast.get_docstring(functions[0]) if alone else None) or ""
    steps = [step for step in re.split(r"(?<=[.!?])\s+", " ".join(text.split(">>>")[0].split())) if step]
    if not steps:
        return None
    function = functions[0]
    inputs = ", ".join(node.arg for node in _parameters(function)) or "none"
    lines = [f"FUNCTION {function.name}", f"INPUT {inputs}"]
    lines += [f"STEP {number}: {step}" for number, step in enumerate(steps, start=1)]
    prompt = "Write this pseudocode as Python.\n\n" + "\n".join(lines) + "\n"
    return replace(row, texts=(prompt, f"```python\n{code.rstrip()}\n```"))


def _functions(tree: ast.Module) -> list[_Function]:
    """Functions and methods without functions or classes in them."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, _Function)
        and not any(isinstance(inner, _SCOPES) for part in node.body for inner in ast.walk(part))
    ]


def _uses(function: _Function) -> list[ast.Name | ast.arg]:
    """Where variables stand in a function: its parameters, and each name in its body."""
    names = [node for part in function.body for node in ast.walk(part) if isinstance(node, ast.Name)]
    return [*_parameters(function), *names]


def _parameters(function: _Function) -> list[ast.arg]:
    given = function.args
    more = [each for each in (given.vararg, given.kwarg) if each is not None]
    return [*given.posonlyargs, *given.args, *given.kwonlyargs, *more]


def _safe_names(function: _Function, tree: ast.Module, lines: Sequence[bytes]) -> list[str]:
    first = min([function.lineno, *(node.lineno for node in function.decorator_list)])
    words = _WORD.findall(b"".join(lines[first - 1 : function.end_lineno]).decode())
    uses = [_name(node) for node in _uses(function)]
    bound = {node.id for part in function.body for node in _own_names(part) if isinstance(node.ctx, ast.Store)}
    formatted = {node.id for part in function.body for node in _names_in_f_strings(part)}  # where places are unsure
    candidates = (bound - {node.arg for node in _parameters(function)}) | _private_parameters(function, tree)
    candidates -= formatted
    return sorted(
        name
        for name in candidates
        if not name.startswith("__") and name != "_" and words.count(name) == uses.count(name)
    )


def _own_names(node: ast.AST) -> Iterator[ast.Name]:
    """Names of a function's own scope, without what is bound in a comprehension or a lambda alone."""
    if isinstance(node, ast.Name):
        yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, _COMPREHENSIONS):
            yield from _own_names(child)


def _names_in_f_strings(part: ast.AST) -> Iterator[ast.Name]:
    for text in ast.walk(part):
        if isinstance(text, ast.JoinedStr):
            yield from (node for node in ast.walk(text) if isinstance(node, ast.Name))


def _private_parameters(function: _Function, tree: ast.Module) -> set[str]:
    """Parameters that no caller gives by name."""
    given = function.args
    names = {each.arg for each in (*given.posonlyargs, given.vararg, given.kwarg) if each is not None}
    if function.name.startswith("_") and function in tree.body and not function.name.endswith("__"):
        by_name = {word.arg for node in ast.walk(tree) if isinstance(node, ast.Call) for word in node.keywords}
        if None not in by_name:  # no call with **
            names |= {each.arg for each in given.args} - {name for name in by_name if name}
    return names


def _fresh_names(taken: set[str], random_: random.Random) -> Iterator[str]:
    words = random_.sample(_WORDS, len(_WORDS))
    number = 1
    while True:
        for word in words:
            name = word if number == 1 else f"{word}_{number}"
            if name not in taken and not keyword.iskeyword(name) and not hasattr(builtins, name):
                yield name
        number += 1


def _name(node: ast.Name | ast.arg) -> str:
    return node.id if isinstance(node, ast.Name) else node.arg


def _rename(node: ast.Name | ast.arg, names: Mapping[str, str]) -> None:
    if isinstance(node, ast.Name):
        node.id = names[node.id]
    else:
        node.arg = names[node.arg]
