"""How much programs look like the reference, for people."""

from collections.abc import Sequence

from codecrucible.reports.report_types import Report
from codecrucible.reports.views.sheet import Sheet, percent


def similarity_sheet(reports: Sequence[Report]) -> Sheet:
    """The panel of those of the reports that have a `similarity`."""
    measured = [(report, report.similarity) for report in reports if report.similarity]
    return Sheet(
        title="Similarity to the reference, which decides nothing",
        headings=("run", "CodeBLEU", "BLEU", "corpus BLEU", "chrF", "exact match", "edit similarity", "measured"),
        rows=tuple(
            (
                report.run_id,
                percent(report.codebleu.value),
                percent(means.bleu),
                percent(means.corpus_bleu),
                percent(means.chrf),
                percent(means.exact_match),
                percent(means.edit_similarity),
                f"{means.measured} of {means.samples}",
            )
            for report, means in measured
        ),
        notes=(
            "Means over problems of means over samples, but corpus BLEU; a program may look right and be wrong.",
            "All but CodeBLEU leave out the lines that the prompt gave.",
        ),
    )
