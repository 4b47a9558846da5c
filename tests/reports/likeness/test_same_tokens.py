"""Whether a function is the reference: comments, layout, annotations and, in one of two ways, names do not count."""

import pytest

from codecrucible.reports.likeness.same_tokens import MOST_CHARACTERS, function_tokens

REFERENCE = '''
def helper(y):
    return y


def scaled(x: int, factor: int = 2) -> int:
    """Scale x."""
    total = 0
    for each in range(x):
        total += helper(each) * factor  # so
    return total
'''


@pytest.mark.parametrize(
    ("change", "kept", "canonical"),
    [
        (lambda text: text, True, True),
        (lambda text: text.replace("  # so", "").replace("total = 0", "total=0\n"), True, True),
        (lambda text: text.replace('    """Scale x."""\n', "").replace(": int", "").replace(" -> int", ""), True, True),
        (lambda text: text.replace("    ", "\t"), True, True),
        (lambda text: text.replace("total", "result").replace("factor", "by"), False, True),
        (lambda text: text.replace("scaled", "other"), None, None),
        (lambda text: text.replace("helper(each) * factor", "factor * helper(each)"), False, False),
        (lambda text: text.replace("range", "iter"), False, False),
        (lambda text: text + "\n\ndef scaled(x):\n    return x\n", False, False),
        (lambda text: text + '"""', None, None),
        (lambda text: text + "#" * MOST_CHARACTERS, None, None),
    ],
)
def test_what_counts_and_what_does_not(change, kept, canonical):
    reference, found = function_tokens(REFERENCE, "scaled"), function_tokens(change(REFERENCE), "scaled")
    if kept is None:
        assert found is None
    else:
        assert (found.kept == reference.kept, found.canonical == reference.canonical) == (kept, canonical)


def test_names_of_one_program_are_not_exchanged():
    one, other = (function_tokens(f"def f(a, b):\n    return {text}\n", "f") for text in ("a - b", "b - a"))
    assert one.canonical != other.canonical


def test_what_stands_behind_a_dot_keeps_its_name():
    one, other = (function_tokens(f"def f(a):\n    return a.{name}()\n", "f") for name in ("upper", "lower"))
    assert one.canonical != other.canonical


@pytest.mark.parametrize("text", ["", "def f", "def f(", "def f():", "(" * 50_000, "def f():\n" + " (" * 10_000])
def test_any_text_is_answered(text):
    found = function_tokens(text, "f")
    assert found is None or isinstance(found.kept, tuple)
