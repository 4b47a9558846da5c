"""Which paragraphs of two public texts the parts of an evaluation card speak to.

Source:
    Regulation (EU) 2024/1689, OJ L, 12.7.2024, Annex XI (general-purpose models) and Annex IV (high-risk systems), as
    far as they are about evaluation; NIST AI 100-1, AI RMF 1.0, January 2023, table 3.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A paragraph, and the part of the card that speaks to it.

    Attributes:
        part: The part's title.
        text: "AI Act, Annex XI", "AI Act, Annex IV" or "NIST AI RMF".
        paragraph: As the text numbers it.
        about: What it is about, in few words of ours.
    """

    part: str
    text: str
    paragraph: str
    about: str


WHAT = "What was evaluated"
DATA = "With which data"
PROTOCOL = "Protocol"
RESULTS = "Results"
SECURITY = "Results on security"
BY_GROUP = "Results by group"
ROBUSTNESS = "Results under perturbed prompts"
MEMORISATION = "Signs of memorised problems"
RATINGS = "Ratings by people"
NOT_MEASURED_HERE = "What was not measured"
FAULTS = "Known faults of the benchmarks"
AGAIN = "How to make it again"

_XI, _IV, _NIST = "AI Act, Annex XI", "AI Act, Annex IV", "NIST AI RMF"
_ROWS = (
    (WHAT, _XI, "Section 1, point 1(d)", "architecture and number of parameters"),
    (WHAT, _XI, "Section 2, point 2", "model adaptations, fine-tuning among them"),
    (DATA, _XI, "Section 1, point 2(c)", "data for testing: provenance, number, main characteristics"),
    (DATA, _IV, "point 2(g)", "testing data used, and their main characteristics"),
    (DATA, _NIST, "MEASURE 2.1", "test sets"),
    (PROTOCOL, _XI, "Section 2, point 1", "evaluation strategies: criteria, metrics, methodology"),
    (PROTOCOL, _IV, "point 2(g)", "validation and testing procedures"),
    (PROTOCOL, _NIST, "MEASURE 2.1", "metrics, and details of the tools"),
    (RESULTS, _XI, "Section 2, point 1", "evaluation results"),
    (RESULTS, _IV, "point 2(g)", "metrics used to measure accuracy"),
    (RESULTS, _IV, "point 3", "capabilities and limitations in performance"),
    (RESULTS, _NIST, "MEASURE 2.3", "performance, measured and documented"),
    (RESULTS, _NIST, "MEASURE 2.5", "valid and reliable; the intervals say how far"),
    (SECURITY, _NIST, "MEASURE 2.7", "security: findings in the programs that were written"),
    (BY_GROUP, _IV, "point 3", "degrees of accuracy for groups"),
    (BY_GROUP, _NIST, "MEASURE 2.11", "fairness and bias"),
    (ROBUSTNESS, _IV, "point 2(g)", "metrics used to measure robustness"),
    (ROBUSTNESS, _NIST, "MEASURE 2.5", "limits of generalization, to other wording and names"),
    (MEMORISATION, _NIST, "MEASURE 2.5", "valid and reliable: whether the problems were known"),
    (RATINGS, _NIST, "MEASURE 2.2", "evaluations with human subjects"),
    (NOT_MEASURED_HERE, _XI, "Section 2, point 1", "identification of limitations"),
    (NOT_MEASURED_HERE, _IV, "point 3", "limitations in performance"),
    (NOT_MEASURED_HERE, _NIST, "MEASURE 1.1", "what will not or cannot be measured"),
    (NOT_MEASURED_HERE, _NIST, "MEASURE 2.5", "limits of generalization"),
    (FAULTS, _IV, "point 4", "appropriateness of the performance metrics"),
    (FAULTS, _NIST, "MEASURE 2.13", "effectiveness of the metrics and processes"),
    (AGAIN, _IV, "point 2(g)", "test logs and reports"),
    (AGAIN, _NIST, "MEASURE 2.1", "details of the tools"),
)
CLAUSES = tuple(
    Clause(part=part, text=text, paragraph=paragraph, about=about) for part, text, paragraph, about in _ROWS
)
