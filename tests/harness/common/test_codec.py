"""Records go to JSON and come back; anything else is refused with its place."""

from dataclasses import dataclass, field

import pytest
from records_made import SAMPLE

from codecrucible.harness.common.codec import UNLESS_DEFAULT, dumps, from_json, to_json
from codecrucible.harness.common.errors import BadRecord
from codecrucible.harness.runs.records import ExecutionRecord, FindingsRecord, Sample
from codecrucible.sandbox import Ending, Execution, Finding, ScanState

FINDING = Finding(rule="B307", name="blacklist", severity="medium", confidence="high", cwe=78, line=2, message="eval")


def test_a_sample_with_nul_and_a_lone_surrogate_survives_the_round_trip():
    import json

    line = dumps(to_json(SAMPLE))
    assert line.isascii()
    assert from_json(Sample, json.loads(line), where="here") == SAMPLE


def test_nested_findings_survive_the_round_trip():
    record = FindingsRecord(
        problem_id="starter/0",
        program_sha256="1" * 64,
        prompt_lines=1,
        state=ScanState.FINDINGS,
        scanner="bandit 1",
        findings=(FINDING,),
        reason="",
    )
    assert from_json(FindingsRecord, to_json(record), where="here") == record


def test_the_facts_of_an_execution_stand_at_the_top_of_its_line():
    record = ExecutionRecord(
        problem_id="starter/0",
        program_sha256="1",
        job_sha256="2",
        observed=Execution(ending=Ending.COMPLETED, cpu_s=0.5),
    )
    value = to_json(record)
    assert value["ending"] == "completed"
    assert value["cpu_s"] == 0.5
    assert list(value)[:4] == ["problem_id", "program_sha256", "job_sha256", "ending"]
    assert from_json(ExecutionRecord, value, where="here") == record


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sample_index": "0"}, "field 'sample_index': expected int, found str '0'"),
        ({"sample_index": True}, "field 'sample_index': expected int, found bool True"),
        ({"completion": None}, "field 'completion': expected str, found NoneType None"),
        ({"colour": 1}, "unknown field 'colour'"),
    ],
)
def test_a_wrong_field_is_named_with_its_place(change, said):
    with pytest.raises(BadRecord, match=r"samples\.jsonl:7") as refused:
        from_json(Sample, to_json(SAMPLE) | change, where="samples.jsonl:7")
    assert said in str(refused.value)


def test_a_missing_field_is_named():
    value = to_json(SAMPLE)
    del value["program"]
    with pytest.raises(BadRecord, match="field 'program' is missing"):
        from_json(Sample, value, where="x:1")


@pytest.mark.parametrize("value", [[], "text", None, 3])
def test_what_is_not_an_object_is_refused(value):
    with pytest.raises(BadRecord, match="x:1: "):
        from_json(ExecutionRecord, value, where="x:1")


@dataclass(frozen=True, kw_only=True)
class Counted:
    n: int


@dataclass(frozen=True, kw_only=True)
class Drawn:
    n: int = 1
    temperature: float = 0.0
    seed: int = 0

    def __post_init__(self):
        if self.temperature < 0:
            raise ValueError(f"temperature is {self.temperature}; give 0 or more")


@dataclass(frozen=True, kw_only=True)
class Made:
    how: Counted | Drawn | None
    seconds: dict[str, float] = field(default_factory=dict, metadata=UNLESS_DEFAULT)
    note: str = field(default="", metadata=UNLESS_DEFAULT)


@pytest.mark.parametrize(
    ("value", "made"),
    [
        ({"n": 2}, Counted(n=2)),
        ({"n": 2, "temperature": 0.5, "seed": 1}, Drawn(n=2, temperature=0.5, seed=1)),
        ({"n": 2, "seed": 1}, Drawn(n=2, seed=1)),
        ({"seed": 1}, Drawn(seed=1)),
        (None, None),
    ],
)
def test_which_of_two_records_an_object_is_follows_from_its_fields(value, made):
    assert from_json(Made, {"how": value}, where="run.json") == Made(how=made)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"how": {"n": 2, "temperature": 0.5, "colour": 1}}, "field 'how': unknown field 'colour' .a Drawn has"),
        ({"how": {"n": "2"}}, "field 'how': field 'n': expected int, found str '2'"),
        ({"how": {"temperature": -1.0, "n": 1}}, "field 'how': temperature is -1.0; give 0 or more"),
        ({"how": []}, "field 'how': expected a JSON object, found list"),
        ({"how": None, "seconds": {"a": "b"}}, r"field 'seconds'\['a'\]: expected float, found str 'b'"),
    ],
)
def test_what_is_wrong_inside_of_a_record_is_named_with_its_place(value, said):
    with pytest.raises(BadRecord, match=f"^run.json: {said}"):
        from_json(Made, value, where="run.json")


def test_a_field_that_is_written_unless_it_is_at_its_default_is_read_either_way():
    plain, noted = Made(how=None), Made(how=None, note="x", seconds={"a": 1.0})
    assert to_json(plain) == {"how": None}
    assert to_json(noted) == {"how": None, "seconds": {"a": 1.0}, "note": "x"}
    for record in (plain, noted):
        assert from_json(Made, to_json(record), where="run.json") == record
