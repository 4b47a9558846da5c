"""Benchmarks: problems, the program that is taken from a completion, and the verdict on what was observed of it.

What is covered: HumanEval and MBPP as their authors publish them and with EvalPlus' tests, MultiPL-E's translations to
22 languages, 40 starter problems of ours, extraction of the program from plain completions and from chat answers, the
job that tests it, the judgement, and a check of each benchmark against itself.
What is not: executing anything. A program goes out as a `sandbox.Job` and comes back as a `sandbox.Execution`.
"""

from benchmarks.catalogue import Entry, catalogue, entry_of
from benchmarks.check import CheckReport, DeadRow, Offender, Unproxiable, check_benchmark
from benchmarks.errors import BenchmarkDataAbsent, BenchmarkDataError, BenchmarkError, UnknownBenchmark
from benchmarks.extraction import Extraction, PromptForm, ended, extract, form_of, raw
from benchmarks.judging import REFUSED, Judgement, job_for, judge, judge_empty
from benchmarks.own_file import load_own
from benchmarks.plug_ins import PlugIn, PlugIns
from benchmarks.problem import Benchmark, Problem, Verdict
from benchmarks.program import Program, Rule
from benchmarks.registry import benchmark_names, installed_plug_ins, load_benchmark
from benchmarks.selection import selected_names

__all__ = [
    "REFUSED",
    "Benchmark",
    "BenchmarkDataAbsent",
    "BenchmarkDataError",
    "BenchmarkError",
    "CheckReport",
    "DeadRow",
    "Entry",
    "Extraction",
    "Judgement",
    "Offender",
    "PlugIn",
    "PlugIns",
    "Problem",
    "Program",
    "PromptForm",
    "Rule",
    "UnknownBenchmark",
    "Unproxiable",
    "Verdict",
    "benchmark_names",
    "catalogue",
    "check_benchmark",
    "ended",
    "entry_of",
    "extract",
    "form_of",
    "installed_plug_ins",
    "job_for",
    "judge",
    "judge_empty",
    "load_benchmark",
    "load_own",
    "raw",
    "selected_names",
]
