"""A whole program made of code that defines the entry point itself, so that MultiPL-E's tests can follow it.

The tests continue a completion: in eight languages they begin with the brace of the function that the prompt has
opened, in Ada with its `end`, and in three of the eight they stand in the prompt's class. A whole program has closed
these. So its class is left open, and an empty function is opened for the tests to close. What prompt and tests
say anyway, such as the package clause, the imports or `main`, is not said twice.
"""

import re
from bisect import bisect_left

from codecrucible.benchmarks.answers.answer_language import AnswerLanguage, Shape
from codecrucible.benchmarks.answers.braces import Braces, braces
from codecrucible.benchmarks.answers.program import Program, assembled
from codecrucible.benchmarks.problem import Problem

_PROMPT_COMMENT = re.compile(r'^[ \t]*(?://|/\*|#(?:[ \t]|$)|--|;|\(\*|""")', re.MULTILINE)
_CLASS = re.compile(
    r"^[ \t]*+(?:[\w@]++[ \t]++){0,5}?(?:class|object|record)[ \t]++(?P<name>\w++)[^{};]{0,300}+\{", re.MULTILINE
)
_NAMESPACE = re.compile(r"^[ \t]*+namespace[ \t]++[\w.]++\s*+\{", re.MULTILINE)
_IMPORT = re.compile(r"^(?:import|using)[ \t]+[\w.*{}, \t]+;?[ \t]*$\n?", re.MULTILINE)
_TYPE = re.compile(r"^(?:union|struct|(?:indirect )?enum|extension)\b[^{}\n]*\{", re.MULTILINE)
_USE = re.compile(r"^use [\w:]+::(?P<name>\w+);\n", re.MULTILINE)
_GO_IMPORT = re.compile(
    r'^import[ \t]*(?:\((?P<several>[^()]*+)\)|(?P<one>[^\n"`]*+["`][^\n"`]*+["`]))[^\n]*\n?', re.MULTILINE
)
_GO_SPEC = re.compile(r"""(?:(?P<alias>[\w.]+)[ \t]+)?["`](?P<path>[^\n"`]+)["`]""")
_ELIXIR_MODULE = re.compile(r"^defmodule[ \t]+(?P<name>[\w.]+)[ \t]+do\b[^\n]*\n", re.MULTILINE)
_ELIXIR_CANDIDATE = re.compile(r"^[ \t]*def[ \t]+candidate\b[^\n]*\n", re.MULTILINE)
_ADA_END = re.compile(r"^end[ \t]+Placeholder[ \t]*;", re.MULTILINE | re.IGNORECASE)
_ADA_SPEC = re.compile(r"^[ \t]*package[ \t]+Placeholder[ \t]+is\b", re.MULTILINE | re.IGNORECASE)
_ADA_BODY = re.compile(r"^[ \t]*package[ \t]+body[ \t]+Placeholder[ \t]+is\b", re.MULTILINE | re.IGNORECASE)
_ADA_CONTEXT = re.compile(r"^(?:with|use|pragma)\b[^;]{0,500}+;[^\n]*\n?", re.MULTILINE | re.IGNORECASE)


def whole_program(problem: Problem, code: str, language: AnswerLanguage, *, signature: int) -> Program:
    """Program of `code`, which defines the entry point.

    Args:
        problem: That the code answers.
        code: The model's.
        language: Language of both.
        signature: Where the definition of the entry point starts in the prompt.
    """
    if language.dropped:
        code = re.sub(language.dropped, "", code, flags=language.flags)
    preamble = problem.prompt[:signature]
    match language.shape:
        case Shape.FUNCTIONS:
            return _functions(problem, code, language, preamble)
        case Shape.GO_FILE:
            return _go_file(problem, code, language, preamble)
        case Shape.CLASS:
            return _class(problem, code, language, preamble)
        case Shape.ELIXIR_MODULE:
            return _elixir_module(problem, code, preamble)
        case Shape.ADA_PACKAGE:
            return _ada_package(problem, code, preamble)


def without_main(code: str, language: AnswerLanguage, name: str) -> str:
    """`code` without each function that `language.main` matches."""
    if not language.main:
        return code
    blocks = braces(code, name).blocks
    opening = [start for start, _ in blocks]
    kept, at = [], 0
    for header in re.finditer(language.main, code, flags=language.flags):
        if header.start() < at:  # inside of one that is left out
            continue
        kept.append(code[at : header.start()])
        at = _end_of_function(code, header.end(), blocks, bisect_left(opening, header.end()))
    return "".join(kept) + code[at:]


def closing(problem: Problem, language: AnswerLanguage, *, unclosed: int) -> str:
    """What goes between code with so many `unclosed` braces and the tests, for these to close a function."""
    return f"\n{language.opened}" if unclosed == 0 and problem.tests.lstrip().startswith("}") else ""


def _end_of_function(code: str, header_end: int, blocks: tuple[tuple[int, int], ...], block: int) -> int:
    """Where the function ends whose header ends at `header_end`; `block` is the next one after that."""
    near = code.find("\n", code.find("\n", header_end) + 1)  # the body begins on this line or on the next
    if block < len(blocks):
        start, end = blocks[block]
        if (near < 0 or start < near) and ";" not in code[header_end:start]:
            header_end = end
    end = code.find("\n", header_end)
    return len(code) if end < 0 else end + 1


def _functions(problem: Problem, code: str, language: AnswerLanguage, preamble: str) -> Program:
    code = without_main(code, language, problem.language)
    if problem.language == "haskell":
        code = _with_type(problem, code, language)
    after = closing(problem, language, unclosed=len(braces(code, problem.language).unclosed))
    return assembled(problem, _not_said_again(_before_comment(preamble), code, problem.language), code, after)


def _with_type(problem: Problem, code: str, language: AnswerLanguage) -> str:
    """Haskell `code` with the prompt's type of the entry point, if it gives none: the inferred one may be another."""
    signature = re.compile(rf"^{re.escape(problem.entry_point)}[ \t]*::[^\n]*\n", re.MULTILINE)
    said, definition = signature.search(problem.prompt), language.defines(re.escape(problem.entry_point)).search(code)
    if signature.search(code) or not said or not definition:
        return code
    return code[: definition.start()] + said[0] + code[definition.start() :]


def _before_comment(preamble: str) -> str:
    """`preamble` up to the comment that says what the entry point does."""
    comment = _PROMPT_COMMENT.search(preamble)
    return preamble[: comment.start()] if comment else preamble


def _not_said_again(preamble: str, code: str, language: str) -> str:
    """`preamble` without the types and the imports of one name that `code` has too."""
    for used in reversed(list(_USE.finditer(preamble))):
        if re.search(rf"^[ \t]*use\b[^;]{{0,500}}\b{used['name']}\b", code, re.MULTILINE):
            preamble = preamble[: used.start()] + preamble[used.end() :]
    said = "".join(code.split())
    ends = dict(braces(preamble, language).blocks)
    for header in reversed(list(_TYPE.finditer(preamble))):
        end = ends.get(header.end() - 1)
        if end is not None and "".join(header[0].split()) in said:
            preamble = preamble[: header.start()] + preamble[end + 1 :].removeprefix(";")
    return preamble


def _go_file(problem: Problem, code: str, language: AnswerLanguage, preamble: str) -> Program:
    code = without_main(code, language, problem.language)
    found = [
        spec for one in _GO_IMPORT.finditer(code) for spec in _GO_SPEC.finditer(one["several"] or one["one"] or "")
    ]
    code = _GO_IMPORT.sub("", code)
    preamble = _before_comment(preamble)
    # Go compiles no import that is not used, as one of the tests left out, and none that is given twice.
    specs = {spec[0]: spec for spec in found if _go_uses(code, spec) and f'"{spec["path"]}"' not in preamble}
    imports = "".join(f"import {spec}\n" for spec in specs)
    program = assembled(problem, preamble, code)
    if not imports or program.empty:
        return program
    return assembled(problem, preamble, f"{imports}\n{code}")


def _go_uses(code: str, spec: re.Match[str]) -> bool:
    name = spec["alias"] or spec["path"].rpartition("/")[2]
    return name in {"_", "."} or re.search(rf"\b{re.escape(name)}\.", code) is not None


def _class(problem: Problem, code: str, language: AnswerLanguage, preamble: str) -> Program:
    preamble = _before_comment(preamble)
    opened_class = _CLASS.search(preamble)
    imports = preamble[: opened_class.start()] if opened_class else preamble
    code = without_main(_without_namespace(code, problem.language), language, problem.language)
    own_imports = "".join(line for line in _IMPORT.findall(code) if line.strip() not in imports)
    code = _IMPORT.sub("", code)
    found = braces(code, problem.language)
    around = _class_around(problem, code, language, found)
    if around is None:
        before = imports + own_imports + preamble[len(imports) :]
        return assembled(problem, before, code, closing(problem, language, unclosed=len(found.unclosed)))
    header, end = around
    others = f"{code[: header.start()]}{code[end + 1 :]}".strip("\n")
    body = code[header.start() : end]
    if problem.language == "scala":  # whose `App` has a `main` of its own
        body = re.sub(r"\bextends[ \t]++App\b", "", body, count=1)
    whole = own_imports + (f"{others}\n{body}" if others else body)
    whole = re.sub(rf"\b{header['name']}\b", "Problem", whole)
    unclosed = len(braces(body, problem.language).unclosed) - 1  # the class itself stays open
    return assembled(problem, imports, whole, closing(problem, language, unclosed=unclosed))


def _class_around(
    problem: Problem, code: str, language: AnswerLanguage, found: Braces
) -> tuple[re.Match[str], int] | None:
    """Header of the outermost class that the entry point is defined in, and where that class ends."""
    definition = language.defines(re.escape(problem.entry_point)).search(code)
    at = definition.start() if definition else 0
    ends = dict(found.blocks) | dict.fromkeys(found.unclosed, len(code))
    for header in _CLASS.finditer(code):
        end = ends.get(header.end() - 1, -1)
        if header.start() <= at < end:
            return header, end
    return None


def _without_namespace(code: str, language: str) -> str:
    ends = dict(braces(code, language).blocks)
    found = _NAMESPACE.search(code)
    end = ends.get(found.end() - 1) if found else None
    if not found or end is None:
        return code
    return code[: found.start()] + code[found.end() : end] + code[end + 1 :]


def _elixir_module(problem: Problem, code: str, preamble: str) -> Program:
    candidate = _ELIXIR_CANDIDATE.search(preamble)
    said = candidate[0] if candidate else ""
    module = _ELIXIR_MODULE.search(code)
    if module is None:
        opened = _ELIXIR_MODULE.search(preamble)
        return assembled(problem, (opened[0] if opened else "") + said, code, "\nend\n")
    if _ELIXIR_CANDIDATE.search(code) is None:
        code = code[: module.end()] + said + code[module.end() :]
    return assembled(problem, "", re.sub(rf"\b{re.escape(module['name'])}\b", "HumanEval", code))


def _ada_package(problem: Problem, code: str, preamble: str) -> Program:
    # The tests say `end NAME;`. A procedure may share the name of a function, since their profiles differ.
    after = f"\n\n   procedure {problem.entry_point} is\n   begin\n      null;\n"
    body = _ADA_BODY.search(code)
    if body is None:
        context = "".join(_ADA_CONTEXT.findall(code))
        at = _ADA_BODY.search(preamble)
        split = at.start() if at else len(preamble)
        before = preamble[:split] + context + preamble[split:] if context else preamble
        return assembled(problem, before, _ADA_CONTEXT.sub("", code), after)
    ends = [end.start() for end in _ADA_END.finditer(code) if end.start() > body.start()]
    code = code[: ends[0]] if ends else code
    if _ADA_SPEC.search(code):
        return assembled(problem, "", code, after)
    spec_end = _ADA_END.search(preamble)
    return assembled(problem, preamble[: spec_end.end()] + "\n\n" if spec_end else preamble, code, after)
