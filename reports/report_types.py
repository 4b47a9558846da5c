"""What a report holds: the numbers of one run. None stands for "not measured" and never for 0.

`reports.report` makes one of a run's samples, `reports.report_file` writes and reads it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from codecrucible.reports.efficiency_types import Efficiency

#: Metadata of a field that a report.json leaves out where it holds its default.
OPTIONAL: Mapping[str, Any] = {"optional": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A mean over problems.

    Attributes:
        value: In [0, 1]; None where it was not measured.
        ci95: Both ends of its 95 % interval; None where there is nothing to estimate it from.
        problems: Problems that entered the mean.
        reason: What it leaves out, or why there is none; "" if nothing.
    """

    value: float | None = None
    ci95: tuple[float, float] | None = None
    problems: int = 0
    reason: str = ""


NO_SCORE = Score()


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthScore:
    """The problems that were published in one month.

    Attributes:
        month: As 2024-07.
        pass_at_1: Over them.
    """

    month: str
    pass_at_1: Score


@dataclass(frozen=True, slots=True, kw_only=True)
class CutoffScores:
    """pass@1 of the problems that were published up to a day, and of those that were published after it.

    Attributes:
        cutoff: The day, as 2024-07-26.
        before: Over those of that day and earlier.
        after: Over the later ones.
        difference: After less before, in [-1, 1]; None where one of them is not measured.
        ci95: Its 95 % interval, over problems.
        undated: Problems without a date, which are in neither.
    """

    cutoff: str
    before: Score
    after: Score
    difference: float | None = None
    ci95: tuple[float, float] | None = None
    undated: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeBleuScore:
    """CodeBLEU of a run: the mean over problems, or the score of all samples as one corpus.

    Attributes:
        value: In [0, 1]; None where nothing was measured.
        ci95: 95 % interval of the mean; a corpus has none.
        problems: Problems that entered the mean; None for a corpus.
        reason: What it leaves out, or why there is none.
        samples: Samples that were measured.
        definition: How a corpus is counted, see `reports.likeness.codebleu_corpus`; "" for the mean.
        components: Components of a corpus, under the names that the `codebleu` package gives them.
        method: What decides the numbers; scores with different lines must not be compared.
    """

    value: float | None = None
    ci95: tuple[float, float] | None = None
    problems: int | None = field(default=None, metadata=OPTIONAL)
    reason: str = ""
    samples: int = 0
    definition: str = field(default="", metadata=OPTIONAL)
    components: Mapping[str, float | None] | None = field(default=None, metadata=OPTIONAL)
    method: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveScores:
    """pass@k over the problems that can be passed, where those are not all.

    Attributes:
        problems: How many can be passed.
        dead: How many cannot.
        causes: Number of these by cause.
        dead_passed: Ids of those that were passed all the same.
        pass_at_k: By k.
    """

    problems: int
    dead: int
    causes: Mapping[str, int]
    dead_passed: tuple[str, ...] = ()
    pass_at_k: Mapping[int, Score]


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What was never sampled.

    Attributes:
        problems: Ids of the problems without any sample.
        samples: How many samples there should be more.
    """

    problems: tuple[str, ...]
    samples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingCounts:
    """Number of findings by severity."""

    high: int
    medium: int
    low: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannerCounts:
    """What one scanner did.

    Attributes:
        scanned: Samples that it could read.
        findings: In these.
        insecure_samples: Samples with a finding of medium or high severity.
    """

    scanned: int
    findings: FindingCounts
    insecure_samples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """What the scanners found. Counts that an older report does not have are None.

    Attributes:
        scanned: Samples that a scanner could read.
        unscannable: Samples that none could read, in a language that one reads.
        unscannable_empty: Those of them without a program.
        unscannable_passes: Those of them that passed.
        no_scanner: Samples in a language that nothing scans.
        not_scanned: Samples that were not scanned yet.
        findings: In all that was scanned.
        scanners: The same by scanner, under its name and version.
        insecure_samples: Samples with a finding of medium or high severity.
        insecure_rate: Mean over problems of the share of scanned samples that are insecure.
        insecure_rate_ci95: Its 95 % interval.
        secure_pass_at_1: Mean over problems of the share of judged samples that passed, were scanned, and are not
            insecure.
        secure_pass_at_1_ci95: Its 95 % interval.
        reason: Why a number is missing; "" if none is.
    """

    scanned: int
    unscannable: int
    unscannable_empty: int | None = None
    unscannable_passes: int | None = None
    no_scanner: int
    not_scanned: int
    findings: FindingCounts
    scanners: Mapping[str, ScannerCounts]
    insecure_samples: int
    insecure_rate: float | None
    insecure_rate_ci95: tuple[float, float] | None = None
    secure_pass_at_1: float | None
    secure_pass_at_1_ci95: tuple[float, float] | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Perplexity:
    """Perplexity of the benchmark's references under the model.

    Attributes:
        value: exp of the mean loss a token, in which a long text weighs more.
        bits_per_byte: The same losses by bytes, which compares models whatever their tokenizers.
        tokens: Tokens of the texts that were measured.
        bytes: Bytes of the same texts.
        measured: How many they are.
        problems: How many there are.
        reason: What is left out, or why there is no value.
    """

    value: float | None
    bits_per_byte: float | None
    tokens: int
    bytes: int
    measured: int
    problems: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarityMeans:
    """How much the programs look like the reference: means over problems of means over samples, in [0, 1].

    Attributes:
        bleu: Sentence BLEU.
        chrf: chrF2.
        exact_match: Share of the programs that are the reference.
        edit_similarity: 1 less the Levenshtein distance in shares of the longer text.
        corpus_bleu: BLEU of all samples as one text.
        measured: Samples that were measured.
        samples: Samples that there are.
        method: What decides the numbers.
    """

    bleu: float | None
    chrf: float | None
    exact_match: float | None
    edit_similarity: float | None
    corpus_bleu: float | None
    measured: int
    samples: int
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Seconds that each stage took, over all sessions; None where it is not known."""

    generate_s: float | None = None
    execute_s: float | None = None
    scan_s: float | None = None
    score_s: float | None = None
    wall_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemRow:
    """The samples of one problem, counted: what a comparison needs of a run instead of its samples.

    Attributes:
        problem_id: The benchmark's own task id.
        language: Language of the problem; None where it is not known.
        n: Judged samples.
        c: Those of them that passed.
        dead: Why no completion can pass; "" where one can.
        samples: All samples.
        scanned: Samples that a scanner could read.
        unscannable: Samples that none could read, in a language that one reads.
        unscannable_passes: Those of them that passed; None in an older report.
        insecure: Samples with a finding of medium or high severity.
        timeouts: Samples that ran out of time.
        truncated: Samples at which the model hit its token limit.
        of_parts: Judged samples that passed a part of the tests and those before it, by its name; not of the last part.
        secure: Judged samples that passed, were scanned, and are not insecure; None where that is not known.
        codebleu: Mean over its measured samples, in [0, 1].
        completion_tokens: Mean over its samples.
        date: When the problem was published, as 2024-07-26; "" where that is not known.
        groups: Its groups, as `Problem.groups` has them.
        efficient: Judged samples that pass and take no more CPU time than the reference; None where not measured.
    """

    problem_id: str
    language: str | None = None
    n: int = 0
    c: int = 0
    dead: str = ""
    samples: int = 0
    scanned: int = 0
    unscannable: int = 0
    unscannable_passes: int | None = None
    insecure: int = 0
    timeouts: int = 0
    truncated: int = 0
    of_parts: Mapping[str, int] = field(default_factory=dict, metadata=OPTIONAL)
    secure: int | None = None
    codebleu: float | None = None
    completion_tokens: float | None = None
    date: str = field(default="", metadata=OPTIONAL)
    groups: Mapping[str, str] = field(default_factory=dict, metadata=OPTIONAL)
    efficient: int | None = field(default=None, metadata=OPTIONAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All numbers of one run, in the order in which `report.json` has them.

    Attributes:
        run_id: Name of the run.
        benchmark: Name of the benchmark; the text is as it came, and so are all others: not harmless.
        pinned: Whether the benchmark's data is the published one.
        tested: Whether the benchmark has tests. Without them nothing is executed, and there are findings alone.
        model: Checkpoint as it was asked for.
        adapter: PEFT adapter, or None.
        cautions: What to know before the numbers are believed, in a sentence each.
        problems: Problems that the run was to cover.
        samples: Samples that there are.
        n: Samples asked for a problem.
        pass_at_k: By k, over all problems, as it is published.
        pass_at_k_of_parts: By the name of a part of the tests and by k; a sample counts that passed the part and those
            before it. All parts but the last.
        live: The same over the problems that can be passed; None if those are all.
        by_month: pass@1 of the problems of each month; () where they have no dates.
        cutoff: pass@1 before and after the end of the model's training data; None where that was not said.
        verdicts: Number of samples by verdict.
        passes_by_strength: Number of passes by what established them, see `sandbox.Strength`; those of which that is
            known.
        unjudged: Samples without a verdict, which are in no score.
        missing: What was never sampled.
        codebleu: How much the programs look like the references.
        perplexity: Perplexity of the references under the model; None where it was not asked for.
        efficiency: CPU time and memory of what passes; None where it was not asked for.
        security: What the scanners found.
        tokens: Sums over samples, "prompt" and "completion", and what else was counted.
        truncated: Samples at which the model hit its token limit.
        timing: Seconds by stage.
        per_problem: One row a problem, in the benchmark's order.
        inputs: SHA-256 by file name of the files that it was made of.
        no_answer: Number of samples without an answer by the reason.
        left_out_samples: Lines of an imported file that are of no problem of the benchmark.
        similarity: What `--similarity` shows; never in a file.
    """

    run_id: str
    benchmark: str
    pinned: bool = True
    tested: bool = field(default=True, metadata=OPTIONAL)
    model: str
    adapter: str | None = None
    cautions: tuple[str, ...] = ()
    problems: int
    samples: int
    n: int
    pass_at_k: Mapping[int, Score]
    pass_at_k_of_parts: Mapping[str, Mapping[int, Score]] = field(default_factory=dict, metadata=OPTIONAL)
    live: LiveScores | None = None
    by_month: tuple[MonthScore, ...] = field(default=(), metadata=OPTIONAL)
    cutoff: CutoffScores | None = field(default=None, metadata=OPTIONAL)
    verdicts: Mapping[str, int]
    passes_by_strength: Mapping[str, int] = field(default_factory=dict, metadata=OPTIONAL)
    unjudged: int
    missing: Missing
    codebleu: CodeBleuScore
    perplexity: Perplexity | None = field(default=None, metadata=OPTIONAL)
    efficiency: Efficiency | None = field(default=None, metadata=OPTIONAL)
    security: Security
    tokens: Mapping[str, float | None]
    truncated: int
    timing: Timing
    per_problem: tuple[ProblemRow, ...]
    inputs: Mapping[str, str] = field(default_factory=dict)
    no_answer: Mapping[str, int] = field(default_factory=dict)
    left_out_samples: int = field(default=0, metadata=OPTIONAL)
    similarity: SimilarityMeans | None = field(default=None, metadata=OPTIONAL)

    @property
    def name(self) -> str:
        """Model and adapter as they came: not harmless."""
        return f"{self.model} + {self.adapter}" if self.adapter else self.model

    @property
    def passes_by_control(self) -> int:
        """Passes that only a negative control confirms: what shares a process with its tests can forge them."""
        return self.passes_by_strength.get("control", 0)

    @property
    def asked(self) -> int:
        """Samples that the run was to have."""
        return self.n * self.problems


def told_apart(reports: Sequence[Report]) -> list[Report]:
    """The reports; where several runs of a benchmark share a name, each has its run id behind it."""
    ids = defaultdict(set)
    for each in reports:
        ids[each.benchmark, each.name].add(each.run_id)
    return [
        replace(each, model=f"{each.name} ({each.run_id})", adapter=None)
        if len(ids[each.benchmark, each.name]) > 1
        else each
        for each in reports
    ]
