"""Tests that are data: many calls in one message, compared by the referee as the answers come."""

import json
from dataclasses import replace

import pytest
from sandbox_jobs import DOUBLE_CALLS, HONEST, job

from codecrucible.sandbox import CallsCheck, Ending
from codecrucible.sandbox.image.calls import list_frame, prepare_calls
from codecrucible.sandbox.image.decoder import Decoder
from codecrucible.sandbox.image.values import TYPE_NAMES, TYPES, Encoder

docker = pytest.mark.docker


def calls(expected, *parts, entry_point="f"):
    """A check whose oracle has that body of `expected` and compares by `==`."""
    oracle = (
        "class Oracle:\n"
        "    def calls(self, inputs): return map(tuple, inputs)\n"
        f"    def expected(self, *arguments): {expected}\n"
        "    def comparison(self): return lambda answer, expected: answer == expected\n"
        "oracle = Oracle()\n"
    )
    return CallsCheck(oracle=oracle, parts=tuple(map(json.dumps, parts)), entry_point=entry_point)


@docker
def test_a_right_program_completes_every_part_and_answers_every_call(executor):
    execution = executor.run(job(HONEST, DOUBLE_CALLS))
    assert (execution.ending, execution.parts_completed, execution.calls) == (Ending.COMPLETED, 2, 89 + 300)


@docker
@pytest.mark.parametrize("wrong", [1, 2, 3, 64, 89, 90, 91, 389])
def test_the_first_wrong_answer_ends_it_and_the_parts_before_it_count(executor, wrong):
    program = (
        f"made = 0\ndef double(x):\n    global made\n    made += 1\n    return None if made == {wrong} else x * 2\n"
    )
    execution = executor.run(job(program, DOUBLE_CALLS))
    assert (execution.ending, execution.calls) == (Ending.ASSERTION, wrong)
    assert execution.parts_completed == (wrong > 89)


@docker
def test_an_exception_is_named_and_so_is_the_call_that_raised_it(executor):
    program = "def double(x):\n    return [0] * 2 if x == 40 / 0 else x\n"
    execution = executor.run(job(program, DOUBLE_CALLS))
    assert (execution.ending, execution.exception, execution.calls) == (Ending.RAISED, "ZeroDivisionError", 1)
    program = "def double(x):\n    return {}[x] if x == 40 else x * 2\n"
    execution = executor.run(job(program, DOUBLE_CALLS))
    assert (execution.ending, execution.exception, execution.calls) == (Ending.RAISED, "KeyError", 40)


@docker
def test_a_program_that_changes_its_arguments_does_not_change_those_of_the_next_call(executor):
    program = "def double(x):\n    if isinstance(x, list):\n        x += x\n        return x\n    return 2 * x\n"
    assert executor.run(job(program, DOUBLE_CALLS)).ending is Ending.COMPLETED


@docker
def test_answers_that_are_large_together_come_in_several_messages(executor):
    check = calls("return 'x' * arguments[0]", [[3_000_000 + number] for number in range(12)])
    execution = executor.run(job("def f(n):\n    return 'x' * n\n", check, memory_bytes=100 << 20))
    assert (execution.ending, execution.calls) == (Ending.COMPLETED, 12)


@docker
def test_arguments_that_are_large_come_in_several_messages(executor):
    check = calls("return len(arguments[0])", [["x" * number] for number in range(30_000, 30_100)])
    assert executor.run(job("def f(x):\n    return len(x)\n", check)).calls == 100


@docker
def test_little_is_done_after_a_wrong_answer(executor):
    """A wrong first answer ends it before a second call is made."""
    program = "def double(x):\n    while x > 1: pass\n    return None\n"
    assert executor.run(job(program, DOUBLE_CALLS, cpu_s=1.0)).ending is Ending.ASSERTION


@docker
def test_the_cpu_time_of_all_calls_is_limited_together(executor):
    program = (
        "import time\ndef double(x):\n    end = time.process_time() + 0.01\n    while time.process_time() < end: pass\n"
    )
    execution = executor.run(job(program + "    return x * 2\n", DOUBLE_CALLS, cpu_s=0.5))
    assert execution.ending is Ending.CPU_LIMIT
    assert 0 < execution.calls < 89


@docker
def test_an_answer_that_cannot_be_compared_is_wrong(executor):
    oracle = DOUBLE_CALLS.oracle.replace("answer == expected", "answer < expected + 1")
    execution = executor.run(job("def double(x):\n    return None\n", replace(DOUBLE_CALLS, oracle=oracle)))
    assert (execution.ending, execution.calls) == (Ending.ASSERTION, 1)


@docker
@pytest.mark.parametrize(
    ("check", "note"),
    [
        (replace(DOUBLE_CALLS, oracle="oracle ="), "the tests do not compile: invalid syntax"),
        (replace(DOUBLE_CALLS, parts=("[[1]]", "no JSON")), "the tests do not compile: "),
        (calls("return 1 / 0", [[1]], entry_point="double"), "in the tests: division by zero"),
        (calls("return object()", [[1]], entry_point="double"), "in the tests: object is no data"),
    ],
)
def test_an_oracle_that_does_not_work_is_said_to_be_at_fault(executor, check, note):
    execution = executor.run(job(HONEST, check))
    assert execution.ending is Ending.RAISED
    assert execution.note.startswith(note)


@docker
@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("def double(x):\n    return x + x if x < 3 else 'three'\n", "(3) answered 'three', expected 6"),
        ("def double(x):\n    return [x] * 20000\n", " bytes, expected "),
        ("def double(x):\n    return x * 2 if x < 3 else x / 0\n", "(3)"),
    ],
)
def test_a_failure_says_which_call_it_was_what_was_answered_and_what_is_expected(executor, program, told):
    execution = executor.run(job(program, DOUBLE_CALLS))
    assert execution.ending in (Ending.ASSERTION, Ending.RAISED)
    assert told in execution.note
    assert len(execution.note) < 600


@docker
def test_tests_without_calls_are_not_passed(executor):
    execution = executor.run(job(HONEST, replace(DOUBLE_CALLS, parts=("[]", "[]"))))
    assert (execution.ending, execution.note) == (Ending.ASSERTION, "the tests never called the program")


@docker
def test_an_expected_value_is_compared_as_if_it_had_been_sent(executor):
    oracle = "import collections\nreturn collections.Counter(arguments[0])".replace("\n", "; ")
    program = "def f(text):\n    return {letter: text.count(letter) for letter in text}\n"
    assert executor.run(job(program, calls(oracle, [["abca"], [""]]))).ending is Ending.COMPLETED


def test_what_is_expected_is_computed_once_and_from_arguments_of_its_own():
    check = prepare_calls(
        "class Oracle:\n"
        "    made = 0\n"
        "    def calls(self, inputs): return map(tuple, inputs)\n"
        "    def expected(self, items): self.made += 1; items.append(self.made); return items\n"
        "    def comparison(self): return None\n"
        "oracle = Oracle()\n",
        ["[[[7]], [[8]]]", "[[[7]]]"],
    )
    ((first, second), (again,)) = check.parts
    assert [check.expected(each) for each in (first, second, again, first)] == [[7, 1], [8, 2], [7, 1], [7, 1]]


def test_large_expected_values_are_not_kept():
    check = prepare_calls(
        "class Oracle:\n"
        "    made = 0\n"
        "    def calls(self, inputs): return map(tuple, inputs)\n"
        "    def expected(self, size): self.made += 1; return [self.made, 'x' * size]\n"
        "    def comparison(self): return None\n"
        "oracle = Oracle()\n",
        ["[[1], [5000000]]"],
    )
    ((small, large),) = check.parts
    assert [check.expected(each)[0] for each in (small, large, small, large)] == [1, 2, 1, 3]


def test_values_that_are_encoded_already_make_a_list():
    encoder = Encoder(TYPE_NAMES, id)
    assert list_frame([encoder.encode(value) for value in ((1,), ("a", None))]) == encoder.encode([(1,), ("a", None)])
    assert Decoder(TYPES, id).decode(list_frame([])) == []
