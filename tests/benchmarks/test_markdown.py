import pytest
from hypothesis import given
from hypothesis import strategies as st

from codecrucible.benchmarks.answers.markdown import lines_of, stretches


def blocks(text):
    return [stretch.text for stretch in stretches(text) if stretch.fenced]


@pytest.mark.parametrize(
    "text",
    [
        "```\na = 1\nb = 2\n```",
        "```python\na = 1\nb = 2\n```\n",
        "```Python3\na = 1\nb = 2\n```\nDone.",
        "```py title=x.py\na = 1\nb = 2\n```",
        "``` {.python .numberLines}\na = 1\nb = 2\n```",
        "~~~python\na = 1\nb = 2\n~~~",
        "````\na = 1\nb = 2\n````",
        "```python\na = 1\nb = 2\n`````",
        "Sure!\n\n```python\na = 1\nb = 2\n```\n\nThis works.",
        "Answer: ```python\na = 1\nb = 2\n```",
        "1. Do this:\n\n   ```python\n   a = 1\n   b = 2\n   ```\n2. Done",
        "- ```python\n  a = 1\n  b = 2\n  ```",
        "- Code:\n\t```python\n\ta = 1\n\tb = 2\n\t```",
        "10. ```python\na = 1\nb = 2\n```",
        "   ```python\na = 1\nb = 2\n   ```",
        "```python\na = 1\nb = 2\n``` That is all.",
        "```python\na = 1\nb = 2\n",
    ],
)
def test_a_fenced_block_is_found_without_its_fence_and_indentation(text):
    assert blocks(text) == ["a = 1\nb = 2\n"]


def test_code_at_column_0_in_the_fence_of_a_list_keeps_its_indentation():
    assert blocks("10. ```python\nif a:\n    b()\n```") == ["if a:\n    b()\n"]


@pytest.mark.parametrize("text", ["", "no code", "use `x` and ``y``", "```x = 1``` inline", "a ~~~ b", "x = ~~~y"])
def test_text_without_a_fence_has_one_stretch(text):
    assert [(stretch.fenced, stretch.text) for stretch in stretches(text)] == [(False, text)]


def test_an_answer_cut_off_after_its_opening_fence_has_an_empty_block():
    assert blocks("Sure:\n```python") == [""]


def test_a_fence_in_an_indented_docstring_is_part_of_the_code():
    code = 'def f():\n    """Doc.\n\n    ```\n    f()\n    ```\n    """\n'
    assert blocks(f"```python\n{code}```\n") == [code]


@pytest.mark.parametrize("head", ["def f():", "async def f():", "class F:", "def f(\n    a,\n):"])
def test_a_fence_in_the_docstring_of_code_without_a_fence_opens_nothing(head):
    code = f'{head}\n    """Doc. ```\n    f()\n    ```\n\n    ~~~\n    """\n'
    assert blocks(code) == []
    assert blocks(f"{code}\n```\nf()\n```") == ["f()\n"]


def test_a_fence_of_the_other_kind_or_with_fewer_marks_is_part_of_the_code():
    assert blocks("````md\n```\nx\n~~~~\n```\n````") == ["```\nx\n~~~~\n```\n"]


def test_a_block_that_was_not_closed_ends_where_the_next_one_opens():
    assert blocks("```python\na\n```python\nb\n```\n") == ["a\n", "b\n"]


def test_several_blocks_keep_their_order_and_the_prose_between_them():
    found = list(stretches("p\n```\na\n```\nq\n~~~\nb\n~~~\nr"))
    assert "".join(s.text for s in found) == "p\na\nq\nb\nr"
    assert [s.fenced for s in found] == [False, True, False, True, False]


def test_text_before_a_fence_on_its_line_is_kept():
    assert [s.text for s in stretches("    return 1```\nThat is it.")] == ["    return 1\n", "That is it."]


def test_carriage_returns_hide_no_fence():
    assert blocks("Hi\r\n```python\r\na = 1\r\n```\r\nBye") == ["a = 1\r\n"]


def test_only_a_newline_ends_a_line():
    assert lines_of("a\x0cb\u2028c\rd\ne") == ["a\x0cb\u2028c\rd\n", "e"]


MARKDOWN = st.lists(
    st.sampled_from(["```", "~~~", "````", "python", "\n", "    ", "\t", "- ", "1. ", "def f():", "x = 1", "\r\n", " "])
).map("".join)


@given(MARKDOWN | st.text())
def test_every_text_has_stretches_that_begin_outside_of_a_fence(text):
    found = list(stretches(text))

    assert not found[0].fenced
    assert sum(len(stretch.text) for stretch in found) <= len(text) + text.count("```")
