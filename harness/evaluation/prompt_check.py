"""A look at what a model is sent and what it answers, before hours are spent on it: `crucible generate --dry-run`.

What is covered: the prompts as they are sent, a handful of completions drawn as the run would draw them, and the traps
in which scores are lost. What is not: executing anything; nothing is written.
"""

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from codecrucible.benchmarks import Benchmark, Extraction, Problem, PromptForm
from codecrucible.benchmarks.answers.python_blocks import CODE_LINE
from codecrucible.benchmarks.answers.thinking import UNCLOSED, opening_of_all
from codecrucible.harness.common.progress import Progress
from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.evaluation.from_model import sample_batches
from codecrucible.harness.models.chat_template import turn_end
from codecrucible.harness.models.prompts import turn_end_ids
from codecrucible.harness.models.protocol import LanguageModel
from codecrucible.harness.models.requests import RenderedPrompt
from codecrucible.harness.runs.records import Sample
from codecrucible.reports import for_terminal

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

TRIALS = 8
SHOWN = 3
TAIL_TOKENS = 6
SHOWN_LINES = 12
#: A line of code at column 0 that may be in the body of a function, and begins none.
_IN_A_BODY = re.compile(rf"(?!(?:async|def|class|import|from)\b|[@#])(?:{CODE_LINE.pattern})", re.VERBOSE)
MANY = 0.25  # of the trials: so many truncated or empty ones are no accident


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPrompt:
    """One prompt as it is sent.

    Attributes:
        problem_id: The benchmark's task id.
        text: Chat template applied, if any: not harmless.
        tokens: Number of its token ids; None behind a server, which keeps them to itself.
        tail: The last token ids and their texts.
    """

    problem_id: str
    text: str
    tokens: int | None
    tail: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One completion.

    Attributes:
        problem_id: The benchmark's task id.
        completion: As it was returned: not harmless.
        finish_reason: "stop" or "length".
        empty: Whether no program is left of it.
    """

    problem_id: str
    completion: str
    finish_reason: str
    empty: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptReport:
    """What was found.

    Attributes:
        benchmark: Its name.
        model: Its name, with the adapter's.
        prompt_form: "completion" or "chat".
        reason: Why it is that one.
        prompts: The first of those that were tried.
        trials: Completions of problems from all over the benchmark, one each.
        longest_prompt_tokens: Tokens of its longest prompt; None behind a server.
        context_tokens: Longest sequence the model takes, None if it names none.
        tokens_per_s: Written in this trial; a whole run has fuller batches, and more of them.
        run_s: Seconds that the run would take at that rate, which it will beat.
        warnings: What is likely to cost score or time, each with what to do.
    """

    benchmark: str
    model: str
    prompt_form: str
    reason: str
    prompts: tuple[ShownPrompt, ...]
    trials: tuple[Trial, ...]
    longest_prompt_tokens: int | None
    context_tokens: int | None
    tokens_per_s: float | None
    run_s: float | None
    warnings: tuple[str, ...]


def examine(
    model: LanguageModel,
    benchmark: Benchmark,
    sampling: Sampling,
    *,
    asked_form: str,
    extraction: Extraction,
    progress: Progress,
) -> PromptReport:
    """Render every prompt of the benchmark, complete a few of them, and say what is wrong with them.

    Raises:
        GenerationFailed: the model could not be asked.
    """
    problems = _spread(benchmark.problems, TRIALS)
    rendered = {problem.problem_id: _rendered(model, problem) for problem in benchmark.problems}
    begin = time.monotonic()
    samples = _completions(model, benchmark, problems, sampling, extraction, progress)
    seconds = time.monotonic() - begin
    written = [sample.completion_tokens for sample in samples if sample.completion_tokens is not None]
    rate = sum(written) / seconds if written and seconds else None
    in_all = sampling.n * len(benchmark.problems)
    lengths = [len(each.token_ids) for each in rendered.values() if each.token_ids]
    tokenizer = getattr(model, "tokenizer", None)
    trials = tuple(
        Trial(
            problem_id=sample.problem_id,
            completion=sample.completion,
            finish_reason=sample.finish_reason,
            empty=not sample.program,
        )
        for sample in samples
    )
    return PromptReport(
        benchmark=benchmark.name,
        model=f"{model.facts.name} + {model.adapter.name}" if model.adapter else model.facts.name,
        prompt_form=model.prompt_form,
        reason=_reason(model, asked_form, tokenizer),
        prompts=tuple(_shown(problem, rendered[problem.problem_id], tokenizer) for problem in problems[:SHOWN]),
        trials=trials,
        longest_prompt_tokens=max(lengths) if lengths else None,
        context_tokens=model.facts.context_tokens,
        tokens_per_s=round(rate, 1) if rate else None,
        run_s=round(in_all * sum(written) / len(written) / rate, 3) if rate else None,
        warnings=(
            *model.facts.cautions,
            *(model.adapter.cautions if model.adapter else ()),
            *_of_prompts(model, tokenizer, benchmark.problems, rendered),
            *_of_length(lengths, sampling, model.facts.context_tokens),
            *_of_trials(trials, model.prompt_form, sampling),
            *_of_thoughts(samples, sampling, served=tokenizer is None),
            *_of_servers(samples, problems, served=tokenizer is None),
        ),
    )


def _spread(problems: Sequence[Problem], count: int) -> list[Problem]:
    """So many of the problems, as far apart as they can be."""
    count = min(count, len(problems))
    return [problems[place * len(problems) // count] for place in range(count)]


def _rendered(model: LanguageModel, problem: Problem) -> RenderedPrompt:
    prompt = problem.few_shot_prompt or problem.prompt
    return model.render(
        prompt, language=problem.language, whole=bool(problem.cases), message=problem.message, suffix=problem.suffix
    )


def _completions(
    model: LanguageModel,
    benchmark: Benchmark,
    problems: Sequence[Problem],
    sampling: Sampling,
    extraction: Extraction,
    progress: Progress,
) -> list[Sample]:
    few = replace(benchmark, problems=tuple(problems))
    batches = sample_batches(model, few, replace(sampling, n=1), done=[], progress=progress, extraction=extraction)
    order = [problem.problem_id for problem in problems]
    made = [sample for batch in batches for sample in batch]
    return sorted(made, key=lambda sample: order.index(sample.problem_id))


def _reason(model: LanguageModel, asked: str, tokenizer: "PreTrainedTokenizerBase | None") -> str:
    if asked != "auto":
        return f"--prompt-form {asked}"
    if tokenizer is None:
        return "what the server offers for this model"
    has = "has a" if model.prompt_form is PromptForm.CHAT else "has no"
    return f"the tokenizer {has} chat template"


def _shown(problem: Problem, prompt: RenderedPrompt, tokenizer: "PreTrainedTokenizerBase | None") -> ShownPrompt:
    tail = prompt.token_ids[-TAIL_TOKENS:]
    return ShownPrompt(
        problem_id=problem.problem_id,
        text=prompt.text,
        tokens=len(prompt.token_ids) or None,
        tail=tuple((number, str(tokenizer.decode([number]))) for number in tail) if tokenizer else (),
    )


def _of_prompts(
    model: LanguageModel,
    tokenizer: "PreTrainedTokenizerBase | None",
    problems: Sequence[Problem],
    rendered: dict[str, RenderedPrompt],
) -> Iterator[str]:
    """Traps in the prompts themselves."""
    completion = model.prompt_form is PromptForm.COMPLETION
    if tokenizer and (start := tokenizer.bos_token_id) is not None:
        doubled = sum(each.token_ids[:2] == (start, start) for each in rendered.values())
        if doubled:
            yield (
                f"{doubled} prompts begin with the start token twice, which models are not trained on: take it out of "
                "the chat template, or out of the prompts"
            )
    if completion and (spaced := sum(each.text.endswith((" ", "\t")) for each in rendered.values())):
        yield (
            f"{spaced} prompts end with a space or tab, which most tokenizers put into the next token: the model has "
            "to continue from where it never was in training; strip them in the benchmark's file"
        )
    if completion and (endless := sum(not problem.stop for problem in problems)):
        yield (
            f"{endless} problems have no stop strings, so that plain completions run up to --max-new-tokens: give "
            "the benchmark's records a 'stop'"
        )
    if not completion and tokenizer and turn_end(tokenizer, {}) is None:
        yield (
            "the chat template lets no answer of an assistant's be seen, so that what ends one is not known: if they "
            "do not end, name the token in the checkpoint's generation_config.json as eos_token_id"
        )
    elif not completion and tokenizer and not turn_end_ids(tokenizer) and tokenizer.eos_token_id is None:
        yield "the chat template ends a turn with no special token: answers run up to --max-new-tokens"


def _of_length(lengths: Sequence[int], sampling: Sampling, context: int | None) -> Iterator[str]:
    if context is None or not lengths:
        return
    short = sum(length + sampling.max_new_tokens > context for length in lengths)
    if short:
        yield (
            f"{short} prompts leave less than --max-new-tokens {sampling.max_new_tokens} of the context of {context}: "
            "their completions are cut off earlier; give fewer"
        )


def _of_trials(trials: Sequence[Trial], form: str, sampling: Sampling) -> Iterator[str]:
    """Traps that show in the completions."""
    count = len(trials)
    truncated = sum(trial.finish_reason == "length" for trial in trials)
    if truncated > MANY * count:
        yield (
            f"{truncated} of {count} completions were cut off at --max-new-tokens {sampling.max_new_tokens}: give "
            "more, or find out from the completions why the model does not stop"
        )
    empty = sum(trial.empty for trial in trials)
    if empty > MANY * count:
        yield f"{empty} of {count} completions leave no program to run: look at the completions, and at --prompt-form"
    fenced = sum("```" in trial.completion for trial in trials)
    if form == PromptForm.CHAT and count - fenced > MANY * count:
        yield (
            f"{count - fenced} of {count} answers have no code block: a base model may have come with a chat template; "
            "try --prompt-form completion"
        )
    if form == PromptForm.COMPLETION and fenced > MANY * count:
        yield (
            f"{fenced} of {count} completions hold a code block, as answers do: this may be an instruction-tuned "
            "model; try --prompt-form chat"
        )


def _of_thoughts(samples: Sequence[Sample], sampling: Sampling, *, served: bool) -> Iterator[str]:
    """Traps in the thoughts before answers."""
    count = len(samples)
    unclosed = sum(sample.no_answer == UNCLOSED for sample in samples)
    if unclosed > MANY * count:
        yield (
            f"{unclosed} of {count} completions are a thought that never ends, which is no answer: give more than "
            f"--max-new-tokens {sampling.max_new_tokens}, or a --reasoning-budget below it"
        )
    if served and (opening := opening_of_all(sample.completion for sample in samples)):
        yield (
            f"answers close a thought that the server's template opens with {opening}: one that is cut off inside of "
            "its thought cannot be told from an answer; start the server with its reasoning parser"
        )


def _of_servers(samples: Sequence[Sample], problems: Sequence[Problem], *, served: bool) -> Iterator[str]:
    """What some servers do to a text besides completing it."""
    count = len(samples)
    echoed = [sample for sample in samples if _begins_with(sample.completion, sample.prompt)]
    if len(echoed) > MANY * count:
        who = "the server sends it back (its option `echo`), or the model" if served else "the model"
        yield (
            f"{len(echoed)} of {count} completions begin with their own prompt: {who} repeats it, and what is executed "
            "holds it twice"
        )
    indented = {each.problem_id for each in problems if each.language == "python" and each.reference[:1].isspace()}
    stripped = sum(
        sample.prompt_form == PromptForm.COMPLETION
        and sample.problem_id in indented
        and sample not in echoed
        and _IN_A_BODY.match(sample.completion) is not None
        for sample in samples
    )
    if served and stripped > MANY * count:
        yield (
            f"{stripped} of {count} completions begin at column 0 where the indented body of a function is due: the "
            "server strips leading blanks, and such programs do not compile; ask with --prompt-form chat"
        )


def _begins_with(completion: str, prompt: str) -> bool:
    return bool(prompt.strip()) and completion.lstrip().startswith(prompt.strip())


def lines_of(report: PromptReport) -> Iterator[str]:
    """The report for a terminal, every line harmless."""
    yield f"{for_terminal(report.model)} on {for_terminal(report.benchmark)}"
    yield f"prompt form: {report.prompt_form}, for {for_terminal(report.reason)}"
    for prompt in report.prompts:
        size = "" if prompt.tokens is None else f", {prompt.tokens} tokens"
        yield ""
        yield f"--- prompt of {for_terminal(prompt.problem_id)}{size}"
        yield from _text(prompt.text, last=True)
        if prompt.tail:
            yield f"last tokens: {'  '.join(f'{number} {for_terminal(repr(text))}' for number, text in prompt.tail)}"
        else:
            yield "last tokens: the server keeps them to itself"
    for trial in report.trials[:SHOWN]:
        end = "cut off" if trial.finish_reason == "length" else "ended by itself"
        yield ""
        yield f"--- completion of {for_terminal(trial.problem_id)}, {end}{', EMPTY' if trial.empty else ''}"
        yield from _text(trial.completion, last=False)
    yield ""
    count = len(report.trials)
    yield (
        f"{count} completions: {sum(trial.finish_reason == 'length' for trial in report.trials)} cut off, "
        f"{sum(trial.empty for trial in report.trials)} without a program"
    )
    if report.longest_prompt_tokens:
        context = f" of a context of {report.context_tokens}" if report.context_tokens else ""
        yield f"longest prompt: {report.longest_prompt_tokens} tokens{context}"
    if report.tokens_per_s and report.run_s:
        rate = f"{report.tokens_per_s:.0f} tokens/s here"
        yield f"{rate}; at that rate the run takes {report.run_s / 60:.0f} min, or less"
    yield from (f"WARNING: {for_terminal(warning, longest=1000)}" for warning in report.warnings)
    if not report.warnings:
        yield "nothing is wrong with these"


def _text(text: str, *, last: bool) -> Iterator[str]:
    """The last or the first lines of a text, each marked, so that none can pass for one of ours."""
    lines = text.split("\n")
    if len(lines) > SHOWN_LINES and last:
        yield f"  … {len(lines) - SHOWN_LINES} lines before"
    for line in lines[-SHOWN_LINES:] if last else lines[:SHOWN_LINES]:
        yield f"  | {for_terminal(line)}"
    if len(lines) > SHOWN_LINES and not last:
        yield f"  … {len(lines) - SHOWN_LINES} more lines"
