"""From files of ratings to what they come to."""

from collections.abc import Sequence
from pathlib import Path

from codecrucible.harness.common.errors import BadRecord, NothingToDo, UsageError
from codecrucible.harness.results.ratings.answers import SIDES, TIE, Answer, read_answers
from codecrucible.harness.results.ratings.items import MOST_RUNS, passing_samples
from codecrucible.harness.runs.folder import RunFolder
from codecrucible.reports.ratings import RatedProgram, RatedRun, Rating, RatingSummary, summary_of


def rating_summary(folders: Sequence[RunFolder], files: Sequence[Path]) -> RatingSummary:
    """What the ratings in `files` come to, which are of one run among `folders`, or of two in their order.

    Raises:
        UsageError: the ratings are of more runs than two, or two folders have the same id.
        BadRecord: a rating is of a program that none of the runs has, or that did not pass; or a rater rated the same
            programs twice.
        NothingToDo: the files hold no rating.
    """
    answers = [(f"{path}:{number}", each) for path in files for number, each in enumerate(read_answers(path), 1)]
    if not answers:
        raise NothingToDo(f"{', '.join(map(str, files))}: there is no rating")
    named = {sample.run_id for _, answer in answers for sample in answer.samples}
    rated = [folder for folder in folders if folder.manifest.run_id in named]
    runs = [_rated_run(folder) for folder in rated]
    if len(runs) > MOST_RUNS or len({run.run_id for run in runs}) < len(runs):
        raise UsageError(f"the ratings are of {len(runs)} of the runs: give ratings of one, or of two that differ")
    known = {
        (run.run_id, problem_id, sample.program_sha256)
        for run, folder in zip(runs, rated, strict=True)
        for problem_id, samples in passing_samples(folder).items()
        for sample in samples
    }
    for place, answer in answers:
        for each in answer.samples:
            if (each.run_id, answer.problem_id, each.program_sha256) not in known:
                raise BadRecord(
                    f"{place}: a rating of {answer.problem_id} is of a program that {each.run_id} does not have among "
                    "its passes: give the runs that were rated, as they were"
                )
    try:
        return summary_of([_rating(answer) for _, answer in answers], runs)
    except ValueError as error:
        raise BadRecord(f"{', '.join(map(str, files))}: {error}") from None


def _rated_run(folder: RunFolder) -> RatedRun:
    manifest = folder.manifest
    model, adapter = manifest.model.name, manifest.adapter
    return RatedRun(run_id=manifest.run_id, name=f"{model} + {adapter.name}" if adapter else model)


def _rating(answer: Answer) -> Rating:
    preferred = None
    if len(answer.samples) > 1:
        preferred = "" if answer.preference == TIE else answer.samples[SIDES.index(answer.preference)].run_id
    return Rating(
        rater=answer.rater,
        problem_id=answer.problem_id,
        programs=tuple(
            RatedProgram(run_id=each.run_id, program_sha256=each.program_sha256, scores=each.scores)
            for each in answer.samples
        ),
        preferred=preferred,
    )
