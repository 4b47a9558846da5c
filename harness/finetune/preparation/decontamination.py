"""Which benchmark problems a row gives away.

A row gives a problem away if it shares ten words in a row with the problem's prompt or reference, or holds the whole
of a text of theirs that has five to nine words. Words are compared in lower case and without what stands between them,
so formatting hides nothing. Ten words that many problems share are nobody's, such as those of nested loops.
What is not covered: paraphrases, translations to another language, and texts of fewer than five words.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from codecrucible.benchmarks import Benchmark, BenchmarkError, Problem, catalogue, load_benchmark
from codecrucible.benchmarks.sources.livecodebench import NAMES as RELEASES
from codecrucible.benchmarks.sources.practice import TRAIN as PRACTICE

WORDS = 10
FEWEST_WORDS = 5
#: Problems that may share ten words before these are taken for nobody's.
MOST_PROBLEMS = 2
#: Different words, numbers not counted, that ten words have at least: what has fewer anybody writes.
DIFFERENT_WORDS = 6

_TRAIN_SPLIT = range(601, 975)
_WORD = re.compile(r"\w+")
_ORIGIN = re.compile(r"(humaneval|mbpp)\D{0,3}(\d+)", re.IGNORECASE)
_PROSE = re.compile(r'(?s)("""|\'\'\')(.*?)(?:>>>|\nassert |\1)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One problem that a row gives away.

    Attributes:
        benchmark: Its name.
        problem_id: The benchmark's own id.
        words: What the two have in common.
    """

    benchmark: str
    problem_id: str
    words: str


class Decontamination:
    """What the problems of some benchmarks are recognised by.

    Args:
        benchmarks: Those to look for.
    """

    def __init__(self, benchmarks: Iterable[Benchmark]) -> None:
        self._problems: list[tuple[str, str]] = []
        self._long: dict[tuple[str, ...], set[int]] = defaultdict(set)
        self._short: dict[tuple[str, ...], dict[tuple[str, ...], set[int]]] = defaultdict(lambda: defaultdict(set))
        self.names: list[str] = []
        for benchmark in benchmarks:
            self.names.append(benchmark.name)
            for problem in benchmark.problems:
                self._add(benchmark.name, problem)
        self._forget_what_many_share()

    def hits(self, text: str) -> list[Hit]:
        """Every problem that `text` gives away, once, in the order of the benchmarks."""
        words = _words(text)
        found: dict[int, tuple[str, ...]] = {}
        for gram in _grams(words, WORDS):
            for number in self._long.get(gram, ()):
                found.setdefault(number, gram)
        for start, gram in enumerate(_grams(words, FEWEST_WORDS)):
            for whole, numbers in self._short.get(gram, {}).items():
                if tuple(words[start : start + len(whole)]) == whole:
                    for number in numbers:
                        found.setdefault(number, whole)
        return [self._hit(number, found[number]) for number in sorted(found)]

    def _hit(self, number: int, words: Sequence[str]) -> Hit:
        benchmark, problem_id = self._problems[number]
        return Hit(benchmark=benchmark, problem_id=problem_id, words=" ".join(words))

    def _add(self, benchmark: str, problem: Problem) -> None:
        number = len(self._problems)
        self._problems.append((benchmark, problem.problem_id))
        for text in _texts(problem):
            words = tuple(_words(text))
            if len(words) >= WORDS:
                for gram in _grams(words, WORDS):
                    if len({word for word in gram if not word.isdecimal()}) >= DIFFERENT_WORDS:
                        self._long[gram].add(number)
            elif len(words) >= FEWEST_WORDS and len(set(words)) >= FEWEST_WORDS:
                self._short[words[:FEWEST_WORDS]][words].add(number)

    def _forget_what_many_share(self) -> None:
        origins = [_origin(problem_id) for _, problem_id in self._problems]
        shared = [gram for gram, numbers in self._long.items() if _too_many(numbers, origins)]
        for gram in shared:
            del self._long[gram]
        for texts in self._short.values():
            for text in [text for text, numbers in texts.items() if _too_many(numbers, origins)]:
                del texts[text]


def installed_benchmarks(names: Sequence[str] | None, *, training_split: bool) -> tuple[list[Benchmark], list[str]]:
    """Benchmarks to keep out of training data, and the names of those whose data is not on this machine.

    Args:
        names: Which ones; None for all that have tests.
        training_split: Whether MBPP's own training split is what is trained on, and so no secret by itself.

    Raises:
        BenchmarkError: if one of `names` is none, or its data is absent or damaged.
    """
    if names is not None:
        loaded = [load_benchmark(name, download=False) for name in names]
        return [_without_training_split(each) if training_split else each for each in loaded], []
    found, absent = [], []
    for entry in catalogue():
        if entry.name in RELEASES or entry.name == PRACTICE:  # parts of another benchmark; what is trained on
            continue
        try:
            benchmark = load_benchmark(entry.name, download=False)
        except BenchmarkError:
            if entry.at_hand:
                raise
            absent.append(entry.name)
            continue
        if not any(problem.tested for problem in benchmark.problems):
            continue  # prompts without tests have no answer to give away, and hold licences and code of others
        found.append(_without_training_split(benchmark) if training_split else benchmark)
    return [each for each in found if each.problems], absent


def _without_training_split(benchmark: Benchmark) -> Benchmark:
    if benchmark.name not in ("mbpp:train", "mbpp:all"):
        return benchmark
    train = {f"MBPP/{number}" for number in _TRAIN_SPLIT}
    return replace(benchmark, problems=tuple(each for each in benchmark.problems if each.problem_id not in train))


def _texts(problem: Problem) -> Iterator[str]:
    """What gives a problem away: its prompt, its description alone, and its reference.

    A gap in a solution gives nothing away by its few words; the problem that it is of is looked for itself.
    """
    if problem.suffix is not None:
        return
    yield problem.few_shot_prompt if problem.method or not problem.prompt else problem.prompt
    prose = _PROSE.search(problem.prompt)
    if prose:
        yield prose[2]
    yield problem.reference


def _origin(problem_id: str) -> str:
    """One name for a problem in all the benchmarks that have it: translated, or with more tests."""
    match = _ORIGIN.search(problem_id)
    return f"{match[1].lower()}/{match[2]}" if match else problem_id


def _too_many(numbers: set[int], origins: Sequence[str]) -> bool:
    return len({origins[number] for number in numbers}) > MOST_PROBLEMS


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _grams(words: Sequence[str], length: int) -> Iterator[tuple[str, ...]]:
    return zip(*(words[start:] for start in range(length)), strict=False)
