"""A run is read a problem at a time, whatever order its lines have, and as strictly as at once."""

import json
import random
from dataclasses import replace

import pytest
from records_made import MANIFEST, SAMPLE

from codecrucible.benchmarks import Verdict, load_benchmark
from codecrucible.harness.common.errors import BadRecord
from codecrucible.harness.results.report import make_report
from codecrucible.harness.runs.by_problem import ProblemLines, records_by_problem, samples_by_problem
from codecrucible.harness.runs.folder import RunFolder, RunWriter
from codecrucible.harness.runs.manifest import ImportedSampling
from codecrucible.harness.runs.records import FindingsRecord, JudgementRecord
from codecrucible.sandbox import ScanState

NAMES = ("a/0", 'b "quoted" \\ é \u2028', "c\ud800", "none made")
RUN = replace(MANIFEST, benchmark=replace(MANIFEST.benchmark, problem_ids=tuple(NAMES)), sampling=ImportedSampling(n=4))


@pytest.fixture
def shuffled(tmp_path):
    """A run folder whose lines are in no order, with the last judgement and scan of each being the one that counts."""
    samples = [replace(SAMPLE, problem_id=name, sample_index=index) for name in NAMES[:3] for index in range(4)]
    random.Random(3).shuffle(samples)  # noqa: S311  # an order, no secret
    with RunWriter(tmp_path, RUN) as writer:
        for state in (ScanState.NO_SCANNER, ScanState.CLEAN):
            for sample in samples:
                writer.append(scan_of(sample, state))
        for sample in samples:
            writer.append(sample)
        writer.replace_judgements(
            [judgement_of(sample, verdict) for verdict in (Verdict.TIMEOUT, Verdict.PASSED) for sample in samples]
        )
    return RunFolder(tmp_path)


def judgement_of(sample, verdict):
    return JudgementRecord(
        problem_id=sample.problem_id,
        sample_index=sample.sample_index,
        verdict=verdict,
        reason="",
        detail="",
        program_sha256=sample.program_sha256,
    )


def scan_of(sample, state):
    return FindingsRecord(
        problem_id=sample.problem_id,
        program_sha256=sample.program_sha256,
        prompt_lines=0,
        state=state,
        scanner="",
        findings=(),
        reason="",
    )


def test_a_problem_at_a_time_is_what_is_read_at_once(shuffled):
    samples, judgements, findings = [], {}, {}
    for records in records_by_problem(shuffled):
        samples += records.samples
        judgements |= records.judgements
        findings |= {(records.problem_id, key): record for key, record in records.findings.items()}
    assert samples == sorted(shuffled.samples(), key=lambda each: NAMES.index(each.problem_id))  # stable
    assert (judgements, findings) == (shuffled.judgements(), shuffled.findings())
    assert {each.verdict for each in judgements.values()} == {Verdict.PASSED}
    assert {each.state for each in findings.values()} == {ScanState.CLEAN}


def test_lines_that_stand_together_take_one_stretch_and_others_take_one_each(tmp_path):
    for order, stretches in (("aaaabbbb", 2), ("abababab", 8)):
        path = tmp_path / order
        path.write_text("".join(json.dumps({"problem_id": name, "x": 1}) + "\n" for name in order))
        with ProblemLines(path) as lines:
            assert sum(len(each) for each in lines._stretches.values()) == 3 * stretches
            assert [len(list(lines.of(name))) for name in "ab"] == [4, 4]


@pytest.mark.parametrize(
    "written", ['{"problem_id":"a/0","x":1}', '{ "problem_id" : "a\\u002f0" }', '{"x":1,"problem_id":"a/0"}']
)
def test_a_line_is_its_problems_however_it_is_written(tmp_path, written):
    (tmp_path / "file").write_text(f"{written}\n" * 2)
    with ProblemLines(tmp_path / "file") as lines:
        assert [where.rpartition(":")[2] for where, _ in lines.of("a/0")] == ["1", "2"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{broken", ":2: not JSON"),
        ('{"a":' * 100_000, ":2: not JSON: it is nested too deep"),
        ('{"problem_id":"a/0",broken', ":2: not JSON"),
        ('{"problem_id":"\\x"}', ":2: not JSON"),
        ("[1]", ":2: expected a JSON object with a 'problem_id'"),
        ('{"problem_id":7}', ":2: expected a JSON object with a 'problem_id'"),
        ('{"problem_id":"a/0","problem_id":"b"}', ":2: field 'problem_id' stands there twice"),
    ],
)
def test_a_damaged_line_is_named(tmp_path, line, said):
    (tmp_path / "file").write_text(f'{{"problem_id":"a/0"}}\n{line}\n')
    with pytest.raises(BadRecord, match=said):
        read_all(tmp_path / "file")


def read_all(path):
    with ProblemLines(path) as lines:
        return [list(lines.of(problem_id)) for problem_id in sorted(lines.problem_ids)]


@pytest.mark.parametrize("torn", [b"{", b'{"problem_id":"a/0"', b'{"problem_id":"a/0"}', b"\xff"])
def test_a_torn_last_line_is_left_out(tmp_path, torn):
    (tmp_path / "file").write_bytes(b'{"problem_id":"a/0"}\n' + torn)
    with ProblemLines(tmp_path / "file") as lines:
        assert len(list(lines.of("a/0"))) == 1


def test_a_file_that_is_not_there_has_no_lines(tmp_path):
    with ProblemLines(tmp_path / "file") as lines:
        assert (lines.problem_ids, list(lines.of("a/0"))) == (frozenset(), [])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "sample 0 of starter/0 stands here a second time"),
        ({"sample_index": 2}, "sample 2 of 'starter/0' is none of this run's"),
        ({"problem_id": "x"}, "sample 0 of 'x' is none of this run's"),
    ],
)
def test_a_sample_that_is_not_of_the_run_is_refused(tmp_path, change, said):
    with RunWriter(tmp_path, MANIFEST) as writer:
        writer.append(SAMPLE)
        writer.append(replace(SAMPLE, **change))
    with pytest.raises(BadRecord, match=rf"samples\.jsonl:2: {said}"):
        {problem_id: list(samples) for problem_id, samples in samples_by_problem(RunFolder(tmp_path))}


def test_a_report_does_not_depend_on_the_order_of_the_lines(tmp_path):
    benchmark = load_benchmark("starter[:4]")
    ids = tuple(problem.problem_id for problem in benchmark.problems)
    manifest = replace(RUN, benchmark=replace(RUN.benchmark, problem_ids=ids, sha256=benchmark.sha256))
    samples = [
        replace(SAMPLE, problem_id=problem.problem_id, sample_index=index, program=program, program_sha256=program[-9:])
        for problem in benchmark.problems
        for index, program in enumerate((problem.reference_program, "def f(", "x = 1\n", problem.prompt))
    ]
    made = []
    for name, seed in (("one", None), ("other", 1)):
        if seed:
            random.Random(seed).shuffle(samples)  # noqa: S311  # an order, no secret
        with RunWriter(tmp_path / name, manifest) as writer:
            for sample in samples:
                writer.append(sample)
                writer.append(scan_of(sample, ScanState.CLEAN))
            writer.replace_judgements([judgement_of(each, list(Verdict)[each.sample_index]) for each in samples])
        made.append(replace(make_report(RunFolder(tmp_path / name), benchmark), inputs={}))
    assert made[0] == made[1]
    assert made[0].samples == made[0].codebleu.samples == made[0].security.scanned == 16
