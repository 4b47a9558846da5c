"""Hostile text is inert on a terminal, in Markdown and in a spreadsheet."""

import csv
import html
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codecrucible.reports.views.safe_text import for_csv, for_markdown, for_terminal

ANY_TEXT = st.text(alphabet=st.characters(codec=None), max_size=80)
HOSTILE = [
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "\x9b31m",
    "back\b\b\bspace\rstart",
    "right \u202eto left\u2066",
    "zero\u200bwidth\ufeff",
    "lone \udc80 surrogate",
    "two\nlines\u2028three",
    "nul\0tab\t",
    "tag \U000e0041",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_control_and_format_characters_are_shown_as_escapes(text):
    shown = for_terminal(text)
    assert "\\" in shown
    shown.encode("utf-8")
    assert {unicodedata.category(character) for character in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"} == set()


@given(ANY_TEXT)
def test_no_text_reaches_a_terminal_with_a_character_that_steers_it(text):
    for shown in (for_terminal(text), for_csv(text)):
        assert all(unicodedata.category(character)[0] != "C" for character in shown)
    assert "\n" not in for_terminal(text)


@given(ANY_TEXT)
def test_what_is_safe_already_stays_as_it_is(text):
    once = for_terminal(text)
    assert for_terminal(once) == once


def test_ordinary_text_is_untouched():
    for text in ("bundled:smollm2-135m-instruct", "HumanEval/25", "Größe 日本語 ≥ 3 é", "std::vector"):
        assert for_terminal(text) == text


@pytest.mark.parametrize("text", ["::error::boom", "  ::set-output name=x::y", "\xa0::stop-commands::t"])
def test_a_line_never_begins_with_a_command_to_a_build_server(text):
    assert not for_terminal(text).lstrip().startswith("::")
    assert "::" not in for_markdown(text)


def test_the_older_command_syntax_is_broken_up_too():
    assert "##[" not in for_terminal("x ##[error]boom")


def test_long_text_is_cut_with_a_mark():
    assert for_terminal("a" * 300) == "a" * 199 + "…"
    assert len(for_terminal("\0" * 10_000_000, longest=50)) == 50


@pytest.mark.parametrize(
    "text",
    [
        "a|b",
        "`code`",
        "<script>alert(1)</script>",
        "![x](https://evil.example/p.png)",
        "https://evil.example",
        "www.evil.example",
        "**bold** _it_ ~~no~~",
        "# heading",
        "a\n\n| new | row |",
        "$x$",
        "&lt;b&gt;",
    ],
)
def test_markdown_syntax_is_text(text):
    shown = for_markdown(text)
    assert not set("|`<>*[]~$\n") & set(shown)
    assert "://" not in shown
    assert "www." not in shown.lower()
    assert html.unescape(shown) == for_terminal(text)  # a reader sees what was written


def test_nobody_is_mentioned():
    assert for_markdown("@all") == "&#64;&#8203;all"


@given(ANY_TEXT)
def test_no_text_adds_a_cell_to_a_markdown_table(text):
    assert "|" not in for_markdown(text)
    assert "\n" not in for_markdown(text)


@pytest.mark.parametrize(
    "text", ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", " =1", "\N{FULLWIDTH EQUALS SIGN}1"]
)
def test_a_formula_is_kept_as_text(text):
    assert for_csv(text) == "'" + text


def test_a_tab_before_a_formula_does_not_hide_it():
    assert not for_csv("\t=1").startswith(("=", "\t"))


@given(ANY_TEXT)
def test_a_cell_survives_writing_and_reading(text):
    out = io.StringIO()
    csv.writer(out).writerow([for_csv(text), "next"])
    assert list(csv.reader(io.StringIO(out.getvalue(), newline=""))) == [[for_csv(text), "next"]]
