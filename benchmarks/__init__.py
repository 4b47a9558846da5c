"""Benchmarks: problems, the program that is taken from a completion, and the verdict on what was observed of it.

What is covered: HumanEval and MBPP as their authors publish them and with EvalPlus' tests, HumanEval with gaps,
MultiPL-E's translations to 22 languages, HumanEvalPack's to six, CRUXEval's predictions, 40 starter problems of ours,
extraction of the program from plain completions and from chat answers, the job that tests it, the judgement, and a
check of each benchmark against itself.
What is not: executing anything. A program goes out as a `sandbox.Job` and comes back as a `sandbox.Execution`.
"""

from codecrucible.benchmarks.answers.extraction import Extraction, PromptForm, ended, extract, form_of, raw
from codecrucible.benchmarks.answers.program import Program, Rule
from codecrucible.benchmarks.catalogue import Entry, catalogue, entry_of
from codecrucible.benchmarks.check import CheckReport, DeadRow, Offender, Unproxiable, check_benchmark
from codecrucible.benchmarks.errors import BenchmarkDataAbsent, BenchmarkDataError, BenchmarkError, UnknownBenchmark
from codecrucible.benchmarks.judging import REFUSED, Judgement, job_for, judge, judge_empty, judge_untested
from codecrucible.benchmarks.perturbed.derived import KINDS, SEEDS, TWIN, DerivedName
from codecrucible.benchmarks.problem import Benchmark, Problem, RefusedRow, Verdict
from codecrucible.benchmarks.registry import benchmark_names, installed_plug_ins, load_benchmark, nominal_benchmark
from codecrucible.benchmarks.selection import selected_names
from codecrucible.benchmarks.sources.conversion import CONVERTED, Conversion, converted
from codecrucible.benchmarks.sources.own_file import load_own
from codecrucible.benchmarks.sources.plug_ins import PlugIn, PlugIns
from codecrucible.benchmarks.sources.problem_file import MOST_BYTES

__all__ = [
    "CONVERTED",
    "KINDS",
    "MOST_BYTES",
    "REFUSED",
    "SEEDS",
    "TWIN",
    "Benchmark",
    "BenchmarkDataAbsent",
    "BenchmarkDataError",
    "BenchmarkError",
    "CheckReport",
    "Conversion",
    "DeadRow",
    "DerivedName",
    "Entry",
    "Extraction",
    "Judgement",
    "Offender",
    "PlugIn",
    "PlugIns",
    "Problem",
    "Program",
    "PromptForm",
    "RefusedRow",
    "Rule",
    "UnknownBenchmark",
    "Unproxiable",
    "Verdict",
    "benchmark_names",
    "catalogue",
    "check_benchmark",
    "converted",
    "ended",
    "entry_of",
    "extract",
    "form_of",
    "installed_plug_ins",
    "job_for",
    "judge",
    "judge_empty",
    "judge_untested",
    "load_benchmark",
    "load_own",
    "nominal_benchmark",
    "raw",
    "selected_names",
]
