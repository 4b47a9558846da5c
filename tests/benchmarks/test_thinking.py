"""The answer is told from the thoughts around it; a thought that never ends is no answer, and no right code is lost."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codecrucible.benchmarks import Problem, PromptForm, Verdict, extract, form_of, judge_empty
from codecrucible.benchmarks.answers.thinking import MARKS, UNCLOSED, answer_of, opening_in, opening_of_all

DRAFT = "```python\ndef add(a, b):\n    return a - b\n```\n"
RIGHT = "def add(a, b):\n    return a + b\n"
ANSWER = f"Here it is:\n\n```python\n{RIGHT}```\n"
ADD = Problem(
    problem_id="own/add",
    prompt='def add(a, b):\n    """Sum."""\n',
    entry_point="add",
    setup="",
    tests="assert add(1, 2) == 3\n",
    reference="    return a + b\n",
    stub="    return None\n",
)

FINAL = "<|start|>assistant<|channel|>final<|message|>"
HARMONY = f"<|channel|>analysis<|message|>Maybe\n{DRAFT}no<|end|><|start|>assistant"
#: A thought with a draft in it, from its opening to its closing, as each kind of model writes it.
THOUGHTS = {opening: f"{opening}\nMaybe\n{DRAFT}no{closing}" for opening, closing in MARKS.items()} | {
    "opened and closed on one line": f"<think>{DRAFT}</think>",
    "with blanks before it": f"\n\n  <think>\n{DRAFT}\n</think>",
    "with the draft's fence left open": "<think>\n```python\ndef add(a, b):\n    return a - b\nno\n</think>",
    "with a fence at its end": f"<think>{DRAFT.strip()}</think>",
    "that names its own closing": f"<think>\nThe code splits at '</think>', or at `</think>`.\n{DRAFT}</think>",
    "twice": f"<think>\n{DRAFT}</think>\nMore:\n<think>\n{DRAFT}</think>",
    "behind a greeting": f"Let me see.\n<think>\n{DRAFT}</think>",
}


def program(completion, **how):
    return extract(ADD, completion, form=PromptForm.CHAT, **how)


@pytest.mark.parametrize("name", THOUGHTS)
@pytest.mark.parametrize("between", ["\n\n", "\n", "", f"```python\n{RIGHT}```\n"])
def test_the_program_is_taken_from_the_answer_and_not_from_the_thought(name, between):
    completion = f"{THOUGHTS[name]}{between}{ANSWER}"
    assert program(completion).source == RIGHT
    assert form_of(ADD, completion) is PromptForm.CHAT


@pytest.mark.parametrize("name", [name for name in THOUGHTS if name != "twice"])
def test_a_thought_that_never_ends_holds_no_answer(name):
    closed = THOUGHTS[name]
    closing = max((mark for mark in MARKS.values() if mark in closed), key=closed.rfind)
    cut = closed[: closed.rindex(closing)]
    made = program(cut)
    assert (made.source, made.empty, made.no_answer) == ("", True, UNCLOSED)
    assert form_of(ADD, cut) is PromptForm.CHAT


def test_a_thought_that_ends_before_nothing_is_empty_and_its_draft_is_no_answer():
    made = program(f"<think>\n{DRAFT}</think>\n")
    assert (made.source, made.no_answer) == ("", "")


def test_an_unclosed_thought_without_a_fence_is_none_either():
    assert program("<think>\ndef add(a, b):\n    return a + b\n").no_answer == UNCLOSED
    assert form_of(ADD, "<think>\ndef add(a, b):\n    return a + b\n") is PromptForm.CHAT


def test_an_answer_stands_when_a_later_thought_never_ends():
    assert program(f"{ANSWER}\n<think>\nIs that so?\n{DRAFT}").source == RIGHT


@pytest.mark.parametrize(
    "prompt", ["<|assistant|><think>", "<|assistant|>\n<think>\n", "x</think><|assistant|><think>\n\n"]
)
def test_where_the_prompt_opens_the_thought_only_what_follows_its_closing_is_an_answer(prompt):
    assert opening_in(prompt) == "<think>"
    assert program(f"Maybe\n{DRAFT}no\n</think>\n\n{ANSWER}", prompt=prompt).source == RIGHT
    assert program(f"Maybe\n{ANSWER}Wait", prompt=prompt).no_answer == UNCLOSED
    assert program(RIGHT, prompt=prompt).no_answer == UNCLOSED


@pytest.mark.parametrize("prompt", ["", "<|assistant|>", "<think>\n\n</think>\n\n", "Say <think> and\nadd", "<think>."])
def test_where_the_prompt_opens_no_thought_an_answer_without_marks_is_one(prompt):
    assert opening_in(prompt) == ""
    assert program(ANSWER, prompt=prompt).source == RIGHT


@pytest.mark.parametrize("closing", [closing for closing in MARKS.values() if "Here" not in closing])
def test_what_comes_before_a_closing_that_nothing_opens_is_a_thought(closing):
    for thought in (f"Maybe\n{DRAFT}no", "```python\ndef add(a, b):\n    return a - b\nno", f"{DRAFT}\n"):
        for between in ("\n", "\n\n"):
            assert program(f"{thought}{closing}{between}{ANSWER}").source == RIGHT


CODE_WITH_MARKS = [
    "def add(a, b):\n    return '<think>'\n",
    "def add(a, b):\n    return '</think>'\n",
    'def add(a, b):\n    return a.split("</think>")[-1].replace("<think>", "")\n',
    'def add(a, b):\n    return re.sub(r"<think>.*?</think>", "", a)\n',
    'def add(a, b):\n    """Drop it.\n\n<think>\nso\n</think>\n"""\n    return a\n',
    'MARK = """\n<think>\n"""\n\n\ndef add(a, b):\n    return MARK\n',
    'MARK = """\n</think>\n"""\n\n\ndef add(a, b):\n    return MARK\n',
    "def add(a, b):\n    return '[THINK]' + \"<|channel|>final<|message|>\" + '<channel|>'\n",
    "def add(a, b):  # </think> ends a thought\n    return a\n",
]


@pytest.mark.parametrize("code", CODE_WITH_MARKS)
@pytest.mark.parametrize(
    "wrap",
    [
        "```python\n{}```\n",
        "{}",
        "Sure:\n\n```python\n{}```\nIt drops all from <think> to </think> in a text.\n",
        "It drops `<think>`.\n```python\n{}```\n",
        "Here you go: ```python\n{}```\n",
        "<think>\nhm\n</think>\n\n```python\n{}```\n",
        "hm\n</think>\n\n```python\n{}```\n",
        "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>```python\n{}```",
    ],
)
def test_a_program_that_names_the_marks_is_not_lost(code, wrap):
    assert program(wrap.format(code)).code.strip() == code.strip()


def test_a_completion_is_never_changed_where_it_continues_a_prompt():
    for text in ("    return '<think>'\n", "<think>\n", "    return a</think>\n"):
        assert extract(ADD, text, form=PromptForm.COMPLETION).source == ADD.prompt + text


@pytest.mark.parametrize(
    ("completion", "due"),
    [
        (f"{HARMONY}<|channel|>final<|message|>{ANSWER}", RIGHT),
        (f"{HARMONY}<|channel|>final<|message|>{ANSWER}<|return|>", RIGHT),
        (f"<|start|>assistant{HARMONY}<|channel|>final<|message|>{ANSWER}<|end|>", RIGHT),
        (f"{HARMONY}<|channel|>commentary<|message|>{DRAFT}<|end|>{FINAL}{RIGHT}", RIGHT),
        (f"{HARMONY}<|channel|>final <|constrain|>text<|message|>{ANSWER}", RIGHT),
        (f"analysis<|message|>{DRAFT}<|end|><|start|>assistant<|channel|>final<|message|>{ANSWER}", RIGHT),
        (f"final<|message|>{ANSWER}", RIGHT),
        (f"<|channel|>final<|message|>{ANSWER}", RIGHT),
        (f"analysisWe need it.\n{DRAFT}assistantfinal{ANSWER}", RIGHT),
        (HARMONY, ""),
        (f"<|channel|>analysis<|message|>Maybe\n{DRAFT}", ""),
        (f"{HARMONY}<|channel|>fin", ""),
        (f"{HARMONY}<|channel|>commentary<|message|>{DRAFT}", ""),
        (f"analysisWe need it.\n{DRAFT}", ""),
    ],
)  # fmt: skip
def test_of_the_channels_only_the_final_one_is_the_answer(completion, due):
    made = program(completion)
    assert (made.source, made.no_answer) == (due, "" if due else UNCLOSED)


def test_a_channel_that_the_prompt_has_opened_is_read_on():
    prompt = "<|start|>assistant<|channel|>analysis<|message|>"
    assert (
        program(f"{DRAFT}<|end|><|start|>assistant<|channel|>final<|message|>{ANSWER}", prompt=prompt).source == RIGHT
    )
    assert program(ANSWER, prompt=prompt).no_answer == UNCLOSED


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("<response>", "</response>"), ("<|START_RESPONSE|>", "<|END_RESPONSE|>"), ("\n<response>\n", "\n</response>\n")],
)
def test_what_some_models_put_around_the_answer_is_no_code(opening, closing):
    assert program(f"<think>hm</think>{opening}{RIGHT}{closing}").source.strip() == RIGHT.strip()


def test_the_answer_of_a_server_that_was_cut_off_while_it_took_its_code_back_is_none():
    draft = f"Okay, a first try.\n{ANSWER}"
    for end in ("Wait, maybe", "\nHmm, that", "But wait, what if", "so\nActually, no", "Oh no, hold on", "wait"):
        assert program(draft + end, taken_back=True).no_answer == UNCLOSED
        assert program(draft + end).source == RIGHT
    for end in ("This adds them.", "It has to wait for", "Wait for both numbers to", "\n- Wait until", "", DRAFT[:20]):
        assert program(draft + end, taken_back=True).source == RIGHT
    assert program(f"<think>hm</think>{ANSWER}Wait, maybe", taken_back=True).source == RIGHT


def test_completions_tell_together_that_their_prompts_open_a_thought():
    closed, cut, plain = f"hm\n</think>\n{ANSWER}", f"hm\n{DRAFT}Wait", ANSWER
    assert opening_of_all([closed, cut]) == "<think>"
    assert opening_of_all([f"hm\n</seed:think>\n{ANSWER}", cut]) == "<seed:think>"
    assert opening_of_all([plain, cut]) == ""
    assert opening_of_all([closed, f"<think>\n{closed}"]) == ""
    assert opening_of_all([]) == ""
    assert opening_of_all([closed] + [plain] * 30) == ""  # a stray one
    assert (
        opening_of_all([plain, f"```python\n{CODE_WITH_MARKS[1]}```\n", f"```python\n{CODE_WITH_MARKS[2]}```\n"]) == ""
    )


def test_an_unclosed_thought_is_judged_empty_with_a_reason_of_its_own():
    judgement = judge_empty(UNCLOSED)
    assert (judgement.verdict, judgement.reason) == (Verdict.EMPTY, "unclosed_thought")
    assert "--reasoning-budget" in judgement.detail
    assert judge_empty().reason == "empty"


PIECES = st.sampled_from(
    [
        *MARKS,
        *MARKS.values(),
        "<|channel|>final<|message|>",
        "<|end|>",
        "```",
        "```python\n",
        '"""',
        "'",
        "\n",
        " ",
        "x",
        "\0",
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join), st.sampled_from(["", "<think>\n", "x"]))
def test_an_answer_is_part_of_its_completion_whatever_the_text(completion, prompt):
    answer = answer_of(completion, prompt=prompt)
    assert not (answer.unclosed and answer.text)
    assert len(answer.text) <= len(completion)
    assert set(answer.text) <= set(completion)


@given(st.text(st.characters(exclude_characters="<[◁`'\"H")))
def test_a_text_without_marks_is_its_answer(text):
    assert answer_of(text).text == text or text.lstrip().startswith(("analysis", "assistantanalysis"))


@pytest.mark.parametrize(
    "text",
    [
        "<think>" * 60_000,
        "</think>" * 60_000,
        "'</think>'" * 40_000,
        "\n" * 400_000,
        " " * 400_000 + "x",
        "<think>a</think>\n" * 20_000,
        '"""</think>\n' * 30_000,
        "```\n</think>\n" * 30_000,
        "<|channel|>final" * 30_000,
        "<|channel|>final<|message|><|end|>" + " " * 200_000 + "x",
        "</response>" + " \n" * 200_000 + "x",
        "- " * 200_000,
        ".\n" * 200_000 + "```\n```\n" + "..\n" * 100_000,
    ],
    ids=range(13),
)
def test_no_text_takes_long_to_read(text):
    started = time.process_time()
    answer_of(text, taken_back=True)
    opening_of_all([text])
    assert time.process_time() - started < 3
