"""Many runs in one order: the scores, the ranks that are sure, and the distances from a reference."""

import csv
import io
import random

import pytest
from comparing import report_of, report_of_rows, verdicts_of
from hostile_text import each_hostile_text
from rich.console import Console
from scipy import stats

from codecrucible.reports.leaderboard import Entrant, leaderboard
from codecrucible.reports.report_types import ProblemRow
from codecrucible.reports.views.leaderboard_view import leaderboard_json, leaderboard_sheets, leaderboard_to_csv
from codecrucible.reports.views.sheet import Sheet, print_sheets, sheets_to_latex, sheets_to_markdown

N = 4


def entrant(name, passes, *, benchmark="humaneval", names=None, **more):
    verdicts = verdicts_of(passes, n=N, names=names)
    return Entrant(name=name, reports={benchmark: report_of(verdicts, name=name, benchmark=benchmark, **more)})


def drawn(rate, *, seed, problems=60):
    """Passes of so many problems, each passed by each of N samples with the chance `rate(place)`."""
    source = random.Random(seed)  # noqa: S311  # draws, no secrets
    return [sum(source.random() < rate(place) for _ in range(N)) for place in range(problems)]


def joined(name, *parts):
    return Entrant(name=name, reports={key: report for part in parts for key, report in part.reports.items()})


def test_a_model_that_is_far_better_is_first_and_two_alike_share_the_next_ranks():
    entrants = [
        entrant("worse", drawn(lambda _: 0.4, seed=1)),
        entrant("best", drawn(lambda _: 0.9, seed=2)),
        entrant("level", drawn(lambda _: 0.4, seed=3)),
    ]
    (board,) = leaderboard(entrants)
    assert board.standings[0].name == "best"
    assert board.standings[0].ranks == (1, 1)
    assert {each.ranks for each in board.standings[1:]} == {(2, 3)}
    assert [each.rank for each in board.standings] == [1, 2, 3]


def test_models_with_one_score_have_one_rank():
    (board,) = leaderboard([entrant(name, [4, 2, 0]) for name in ("one", "other")])
    assert [each.rank for each in board.standings] == [1, 1]
    assert [each.ranks for each in board.standings] == [(1, 2), (1, 2)]


def test_models_that_are_alike_are_told_apart_in_one_leaderboard_of_twenty_at_most():
    """Eight equal models a leaderboard: with a joint confidence of 95 %, nearly all keep every rank open."""
    told_apart = 0
    for replicate in range(20):
        entrants = [
            entrant(str(place), drawn(lambda at: (at % 5) / 4, seed=8 * replicate + place)) for place in range(8)
        ]
        (board,) = leaderboard(entrants)
        told_apart += any(each.ranks != (1, 8) for each in board.standings)
    assert told_apart <= 4  # more than 4 of 20 has a chance of 0.3 % at a rate of 5 %


def test_a_rank_range_holds_the_true_rank_of_models_that_do_differ():
    rates = [0.2, 0.4, 0.6, 0.8]
    entrants = [entrant(f"{rate}", drawn(lambda _, rate=rate: rate, seed=int(10 * rate))) for rate in rates]
    (board,) = leaderboard(entrants)
    for standing in board.standings:
        best, worst = standing.ranks
        assert best <= 1 + sum(rate > float(standing.name) for rate in rates) <= worst


def test_each_benchmark_counts_the_same_in_the_mean_whatever_its_size():
    small = entrant("a", [4] * 10, benchmark="small", names=[f"small/{place}" for place in range(10)])
    large = entrant("a", [0] * 90, benchmark="large", names=[f"large/{place}" for place in range(90)])
    mean, *_ = leaderboard([joined("a", small, large)])
    assert mean.benchmark == ""
    assert mean.standings[0].score.value == 0.5


def test_the_mean_over_benchmarks_has_the_standard_error_of_a_stratified_sample():
    small, large = drawn(lambda _: 0.5, seed=1, problems=30), drawn(lambda _: 0.5, seed=2, problems=120)
    entrants = [
        joined(
            "a",
            entrant("a", small, benchmark="small", names=[f"s/{place}" for place in range(30)]),
            entrant("a", large, benchmark="large", names=[f"l/{place}" for place in range(120)]),
        )
    ]
    score = leaderboard(entrants)[0].standings[0].score
    # Two independent means, each with half the weight.
    variance = sum(stats.tvar([c / N for c in of]) / len(of) for of in (small, large)) / 4
    reach = stats.t.ppf(0.975, 149) * variance**0.5
    assert score.high - score.low == pytest.approx(2 * reach, rel=0.03)


def test_one_problem_in_several_languages_is_one_observation():
    passes = drawn(lambda _: 0.5, seed=5, problems=40)
    parts = [
        entrant("a", passes, benchmark=language, names=[f"HumanEval_{place}_{language}" for place in range(40)])
        for language in ("cpp", "rs", "go")
    ]
    mean, alone, *_ = leaderboard([joined("a", *parts)])
    assert mean.standings[0].score == pytest.approx(alone.standings[0].score) or (
        mean.standings[0].score.low == pytest.approx(alone.standings[0].score.low)
    )


def test_a_model_that_lacks_a_benchmark_is_left_out_of_the_mean_and_named():
    both = joined("both", entrant("both", [4, 0], benchmark="a"), entrant("both", [4, 0], benchmark="b"))
    mean, a, b = leaderboard([both, entrant("one", [4, 4], benchmark="a")])
    assert [each.name for each in mean.standings] == ["both"]
    assert mean.left_out == ("one",)
    assert [each.name for each in a.standings] == ["one", "both"]
    assert b.left_out == ("one",)


def test_a_run_with_an_unjudged_problem_is_last_and_says_why():
    verdicts = {"HumanEval/0": ["unjudged"] * N, "HumanEval/1": ["passed"] * N}
    holed = Entrant(name="holed", reports={"humaneval": report_of(verdicts, name="holed")})
    (board,) = leaderboard([holed, entrant("whole", [0, 0])])
    assert [each.name for each in board.standings] == ["whole", "holed"]
    assert board.standings[1].score is None
    told = leaderboard_sheets([board])[0].notes[0]
    assert told == (
        "holed: 4 of 8 samples of humaneval are unjudged; 1 of 2 problems of humaneval have no judged sample."
    )


def lacking(name, *, problems, unjudged=0, missing=0, passed=N):
    """Entrant whose samples pass, but for the first of so many problems, of which one each is unjudged or missing."""
    verdicts = verdicts_of([passed] * problems, n=N)
    for problem_id in list(verdicts)[:unjudged]:
        verdicts[problem_id][-1] = "unjudged"
    for problem_id in list(verdicts)[unjudged : unjudged + missing]:
        verdicts[problem_id] = verdicts[problem_id][:-1]
    return Entrant(name=name, reports={"humaneval": report_of(verdicts, name=name)})


def test_a_run_with_a_single_unjudged_sample_is_not_ranked_though_each_problem_has_a_score():
    (board,) = leaderboard([lacking("holed", problems=50, unjudged=1), entrant("whole", [0] * 50)])
    whole, holed = board.standings
    assert (whole.name, whole.rank, whole.ranks) == ("whole", 1, (1, 1))
    assert (holed.rank, holed.score, holed.unjudged) == (None, None, 1)
    assert holed.reason == "1 of 200 samples of humaneval are unjudged"


@pytest.mark.parametrize(("missing", "ranked"), [(2, True), (3, False)])
def test_more_than_1_in_100_samples_that_were_never_made_are_not_ranked(missing, ranked):
    # 50 problems of 4 samples: 2 of 200 are 1 in 100.
    (board,) = leaderboard([lacking("short", problems=50, missing=missing), entrant("whole", [0] * 50)])
    short = next(each for each in board.standings if each.name == "short")
    assert (short.rank, short.reason) == (
        (1, "") if ranked else (None, "3 of 200 samples of humaneval were never made")
    )
    assert short.missing_samples == missing


def test_what_a_run_lacks_is_in_json_and_csv_whether_it_is_ranked_or_not():
    holed = Entrant(
        name="holed",
        reports={
            key: report_of(
                {"a": ["passed"] * N, "b": ["unjudged"] * N, "c": [] if key == "one" else ["passed"] * N},
                name=key,
                benchmark=key,
            )
            for key in ("one", "two")
        },
    )
    boards = leaderboard([holed])
    told = [each["standings"][0] for each in leaderboard_json(boards)["boards"]]
    rows = list(csv.DictReader(io.StringIO(leaderboard_to_csv(boards))))
    counts = ("unjudged", "missing_samples", "missing_problems")
    assert [tuple(each[key] for key in counts) for each in told] == [(8, 4, 1), (4, 4, 1), (4, 0, 0)]
    assert [tuple(int(row[key]) for key in counts) for row in rows] == [(8, 4, 1), (4, 4, 1), (4, 0, 0)]
    assert [row["reason"] for row in rows] == [each["reason"] for each in told]
    assert "4 of 8 samples of one are unjudged" in rows[0]["reason"]


def test_the_ranks_of_many_models_over_two_benchmarks_of_different_sizes_stay_narrow():
    """46 models make 2,070 tests: the first must come out at 2.4e-5, which no count of 20,000 flips can."""
    n, sizes = 20, {"small": 164, "large": 500}
    source = random.Random(1)  # noqa: S311  # draws, no secrets

    def report(benchmark, chance):
        rows = [
            ProblemRow(problem_id=f"{benchmark}/{at}", n=n, c=sum(source.random() < chance for _ in range(n)))
            for at in range(sizes[benchmark])
        ]
        return report_of_rows(rows, n=n, benchmark=benchmark)

    good, fair = ({benchmark: report(benchmark, chance) for benchmark in sizes} for chance in (0.9, 0.5))
    mean = leaderboard([Entrant(name=str(place), reports=good if place < 3 else fair) for place in range(46)])[0]
    assert {each.ranks for each in mean.standings[:3]} == {(1, 3)}
    assert {each.ranks for each in mean.standings[3:]} == {(4, 46)}


def test_distances_are_from_the_reference_and_adjusted_for_each_other():
    entrants = [
        entrant("base", drawn(lambda _: 0.5, seed=1)),
        entrant("better", drawn(lambda _: 0.9, seed=2)),
        entrant("alike", drawn(lambda _: 0.5, seed=3)),
    ]
    (board,) = leaderboard(entrants, reference="base")
    by_name = {each.name: each for each in board.standings}
    assert by_name["base"].distance is None
    better, alike = by_name["better"].distance, by_name["alike"].distance
    assert better.estimate.delta == pytest.approx(by_name["better"].score.value - by_name["base"].score.value)
    assert better.p_holm == pytest.approx(min(1, 2 * better.p))
    assert better.significant
    assert not alike.significant


@pytest.mark.parametrize("names", [("same", "same"), ("one", "other")])
def test_names_that_do_not_tell_models_apart_or_a_reference_that_is_none_of_them_are_refused(names):
    with pytest.raises(ValueError, match="names must differ and include it"):
        leaderboard([entrant(name, [1, 2]) for name in names], reference="third" if names[0] != names[1] else "")


@each_hostile_text
def test_hostile_names_are_inert_in_every_form(text):
    boards = leaderboard([entrant(text, [4, 2]), entrant("other", [2, 2])], reference=text)
    sheets = leaderboard_sheets(boards, reference=text)
    console = Console(width=200, file=io.StringIO(), force_terminal=False)
    print_sheets(sheets, console)
    shown = console.file.getvalue()
    assert "\x1b" not in shown
    assert not any(line.startswith("::") for line in shown.splitlines())
    assert "<script>" not in sheets_to_markdown(sheets)
    assert r"\input{" not in sheets_to_latex(sheets)
    cells = [cell for row in csv.reader(io.StringIO(leaderboard_to_csv(boards))) for cell in row]
    assert not any(cell.startswith(("=", "@")) for cell in cells)


def test_csv_and_json_hold_the_numbers_of_the_boards():
    boards = leaderboard([entrant("a", [4, 2, 1]), entrant("b", [4, 4, 4])], reference="a")
    told = leaderboard_json(boards, reference="a")["boards"][0]["standings"]
    rows = list(csv.DictReader(io.StringIO(leaderboard_to_csv(boards))))
    assert [row["model"] for row in rows] == [each["model"] for each in told] == ["b", "a"]
    assert float(rows[1]["pass_at_1"]) == told[1]["pass_at_1"] == pytest.approx(7 / 12, abs=1e-6)
    assert told[0]["distance"]["difference"] == pytest.approx(5 / 12, abs=1e-6)
    assert told[0]["secondary"]["n"] == N


def test_a_sheet_wider_than_the_console_is_printed_in_parts_without_a_number_cut():
    numbers = tuple(f"{place:02}234.5 %" for place in range(12))
    sheet = Sheet(title="wide", headings=("model", *numbers), rows=(("a model", *numbers),))
    console = Console(width=60, file=io.StringIO())
    print_sheets([sheet], console)
    shown = console.file.getvalue()
    assert all(shown.count(number) == 2 for number in numbers)
    assert shown.count("a model") > 1
    assert "…" not in shown
