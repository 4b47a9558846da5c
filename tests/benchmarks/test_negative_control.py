"""Changed expected values: of the same type, another value, and one that a right answer fails."""

import gzip
import json
import os
import re
from pathlib import Path

import pytest
import trusted
from multipl_e_data import require_data

from codecrucible.benchmarks import load_benchmark
from codecrucible.benchmarks.in_process import changes_in
from codecrucible.benchmarks.sources.multipl_e import TRANSLATIONS


def all_changes(tests, language):
    forms = {translation.language: translation.changes for translation in TRANSLATIONS.values()}
    return tuple(changes_in(tests) if language == "python" else forms[language](tests))


ASSERTIONS = {
    "bash": '    [[ $(candidate "a) = b" "(") = {} ]]\n',
    "javascript": '  assert.deepEqual(candidate("a),", [[1], {{}}]),{});\n',
    "cpp": '    assert(candidate(("a)) == ("), (std::vector<long>())) == {});\n',
    "typescript": '  assert.deepEqual(candidate("a),", [[1], {{}}]),{});\n',
    "php": '    if (candidate("a)", array()) !== {}) {{ throw new Exception("Test failed!"); }}\n',
    "perl": '        if(eq_deeply($candidate->("a),", {{}}),{})) {{\n        print "ok!" }}\n',
    "lua": "    lu.assertEquals(candidate('a),', {{\"(\"}}), {})\n",
    "ruby": '    assert_equal({}, candidate.call("a), ", [1]))\n',
    "r": "    stopifnot(isTRUE(all.equal(candidate('a), ', c(1)), {})))\n",
    "go": '     {{ actual: candidate("a),", []int{{1}}), expected: {} }},\n',
    "rust": '    assert_eq!(candidate(String::from("a),"), vec![1]), {});\n',
    "haskell": '  if candidate "a == b" [1] == {} then pure () else error "assertion failed"\n',
    "ocaml": '  (assert ((candidate "a) = b" [1]) = {}));\n',
    "d": '    assert(candidate("a) == b", [1L]) == {});\n',
    "csharp": '    Debug.Assert(Function(("a) == (b"), (1L)) == {});\n',
    "ada": '   pragma Assert (Candidate ("a) = b", [1]) = {});\n',
    "java": '    assert(function(("a) == (b"), (1l)) == {});\n',
    "scala": '    assert(function(("a) == (b"), (List[Long]())) == {});\n',
    "clojure": '  (is (= (candidate "a) b" [1 2]) {}))\n',
    "elixir": '    assert {} == HumanEval.candidate("a == b", [])\n',
    "racket": '    (check-within (candidate "a) b" (list 1)) {} 0.001)\n',
    "python": "assert candidate('a) == ', \"(\", [1], {{}}) == {}\n",
}

CASES = {
    "bash": [
        ('"42"', '"24"'),
        ('"-1"', '"-2"'),
        ('"0.5"', '"1.5"'),
        ('"true"', '"false"'),
        ('"1 2 3"', '"1 2 4"'),
        ('"2 true"', '"2 false"'),
        ('"little lamb"', '"little lambx"'),
        ('"v2"', '"v2x"'),
        ('"a \\"b\\" = 1 ]]"', '"a \\"b\\" = 2 ]]"'),
        ('"$5"', '"$5x"'),
        ('""', '"0"'),
    ],
    "javascript": [
        ("42", "24"),
        ("-1", "-2"),
        ("0.5", "1.5"),
        ("true", "false"),
        ("[1, [2, 3]]", "[1, [2, 4]]"),
        ('["a", "b, c)"]', '["a", "b, d)"]'),
        ('"say \\"7\\""', '"asy \\"7\\""'),
        ('""', '"a"'),
        ("[]", "[0]"),
        ("{}", '{"x": 0}'),
        ('{"a": true}', '{"a": false}'),
        ("[[], 1e-05, []]", "[[], 1e-05, [0]]"),
        ("[3, undefined]", "[4, undefined]"),
        ("9007199254740993", "9001799254740993"),
        ("1000000", "2000000"),
        ('"two\nlines"', '"wto\nlines"'),
    ],
    "cpp": [
        ("(42)", "(24)"),
        ("-35", "-53"),
        ("(0.5f)", "(1.5f)"),
        ("(true)", "(false)"),
        ('"0b11"', '"0b10"'),
        ("(std::vector<long>({(long)1, (long)-2}))", "(std::vector<long>({(long)1, (long)-1}))"),
        ("(std::vector<long>())", "(std::vector<long>(1))"),
        ("(std::vector<std::tuple<long, long>>())", "(std::vector<std::tuple<long, long>>(1))"),
        ("(std::map<std::string,long>())", "(std::map<std::string,long>({{std::string(), long()}}))"),
        ('(std::map<std::string,long>({{"a", 1}}))', '(std::map<std::string,long>({{"a", 2}}))'),
        ('(std::make_tuple("a)", 2, true))', '(std::make_tuple("a)", 2, false))'),
        ("(float(2.0f))", "(float(1.0f))"),
        ("(9223372036854775807)", "(2923372036854775807)"),
    ],
    "typescript": [("42", "24"), ("[]", "[0]"), ('["a"]', '["b"]')],
    "php": [
        ("42", "24"),
        ("false", "true"),
        ('"a"', '"b"'),
        ("array()", "array(0)"),
        ("array(1, array())", "array(1, array(0))"),
        ('array("a" => 1)', 'array("a" => 2)'),
    ],
    "perl": [("42", "24"), ('""', '"a"'), ("[]", "[0]"), ("{}", '{"x" => 0}'), ('{"a" => 1}', '{"a" => 2}')],
    "lua": [("42", "24"), ("'a'", "'b'"), ("''", "'a'"), ("{}", "{0}"), ("{['a'] = 1}", "{['a'] = 2}")],
    "ruby": [("42", "24"), ("true", "false"), ('"a, b"', '"a, a"'), ("[]", "[0]"), ('{"a" => 1}', '{"a" => 2}')],
    "r": [
        ("42", "24"),
        ("TRUE", "FALSE"),
        ("'a'", "'b'"),
        ("c()", "c(0)"),
        ("list()", "list(0)"),
        ("c(1, 2)", "c(1, 1)"),
        ("list('a' = 1)", "list('a' = 2)"),
    ],
    "go": [
        ("42", "24"),
        ("true", "false"),
        ('"a"', '"b"'),
        ("[]int{}", "[]interface{}{0}"),
        ("[]int{1, 2}", "[]int{1, 1}"),
    ],
    "rust": [
        ("42", "24"),
        ("Some(-1)", "Some(-2)"),
        ('String::from("a")', 'String::from("b")'),
        ("Vec::<isize>::new()", "Vec::<isize>::from([Default::default()])"),
    ],
    "haskell": [
        ("42", "24"),
        ("(-1)", "(-2)"),
        ("True", "False"),
        ("[]", "[undefined]"),
        ('Just ("a")', 'Just ("b")'),
    ],
    "ocaml": [("42", "24"), ("false", "true"), ("[]", "[Obj.magic 0]"), ('Some("a")', 'Some("b")')],
    "d": [("42L", "24L"), ("-1L", "-2L"), ('[tuple("a", 2L)]', '[tuple("a", 1L)]')],
    "csharp": [("(42L)", "(24L)"), ("(true)", "(false)"), ("(0.5f)", "(1.5f)")],
    "ada": [("42", "24"), ("True", "False"), ('To_Unbounded_String ("a")', 'To_Unbounded_String ("b")')],
    "java": [
        ("(42l)", "(24l)"),
        ("(true)", "(false)"),
        ('("a")', '("b")'),
        ("(Arrays.asList())", "(Arrays.asList(null, null))"),
    ],
    "scala": [
        ("(42l)", "(24l)"),
        ('List[String]("a")', 'List[String]("b")'),
        ("(List[Long]())", "(List[Long](null.asInstanceOf[Long]))"),
    ],
    "clojure": [("42", "24"), ('"a"', '"b"'), ("[]", "[0]"), ("{}", "{0 0}"), ("[1 -2]", "[1 -1]")],
    "elixir": [("42", "24"), ("true", "false"), ('{1, "a"}', '{1, "b"}'), ("[]", "[0]"), ("%{}", "%{0 => 0}")],
    "racket": [
        ("42", "24"),
        ("#t", "#f"),
        ("(list )", "(list 0)"),
        ('(list "a")', '(list "b")'),
        ("#hash()", "#hash((0 . 0))"),
    ],
    "python": [
        ("42", "24"),
        ("(1, 'a')", "(1, 'b')"),
        ("True", "False"),
        ("[None, 2]", "[None, 1]"),
        ("[]", "[0]"),
        ("{}", "{0: 0}"),
        ("[{  }, {  }]", "[{  }, {0: 0}]"),
        ("()", "(0,)"),
        ("'it\\'s'", '"ti\'s"'),
        ("0.5", "2.0"),
        ("b''", "b'a'"),
        ("('ä', 'ö')", "('ä', 'öa')"),
    ],
}


@pytest.mark.parametrize(
    ("language", "value", "other"), [(language, *case) for language, cases in CASES.items() for case in cases]
)
def test_a_value_becomes_another_of_its_type(language, value, other):
    tests = ASSERTIONS[language].format(value)
    (change,) = all_changes(tests, language)
    assert change.of(tests) == ASSERTIONS[language].format(other)


@pytest.mark.parametrize(
    ("language", "value"),
    [
        ("javascript", "undefined"),
        ("javascript", "[undefined]"),
        ("cpp", "std::nullopt"),
        ("php", "null"),
        ("perl", "undef"),
        ("lua", "nil"),
        ("ruby", "nil"),
        ("r", "NULL"),
        ("python", "None"),
    ],
)
def test_a_value_without_a_literal_is_left_alone(language, value):
    assert all_changes(ASSERTIONS[language].format(value), language) == ()


@pytest.mark.parametrize("language", CASES)
def test_there_is_a_change_for_each_assertion_and_none_for_the_rest(language):
    tests = "".join(ASSERTIONS[language].format(value) for value, _ in CASES[language])
    assert len([change for change in all_changes(tests, language) if not change.borrowed]) == len(CASES[language])
    rest = "candidate(1) == 2\nassert True\n" + ("" if language == "python" else "[[ 1 = 1 ]]\nassert(true);\n")
    assert all_changes(rest, language) == ()


#: Expected values of the tests in order, and what is borrowed for each; None where nothing is.
BORROWED = {
    "bash": [('"42"', '"305"'), ('"the end"', None), ('"305"', '"7 8"'), ('"true"', None), ('"7 8"', '"42"')],
    "javascript": [
        ("[1, 20]", "[1, 3]"),  # and not 1, which would be there twice
        ("[3]", "[1]"),
        ('"ab"', '"xyz"'),
        ('"abc"', '"xyz"'),  # "ab" is a part of it
        ('"xyz"', '"ab"'),
        ("true", None),
        ("1.5", "20.25"),  # numbers with a point are another type
        ("20.25", "1.75"),
        ("1.75", "20.25"),  # too near to 1.5 for a tolerance
    ],
    "python": [
        ("{'a': 7}", "{'a': 80}"),
        ("{'b': 80}", "{'b': 7}"),
        ("(True, 'c')", "(True, 'a')"),
        ("0.5", None),
        ("9007199254740993", None),  # a large number for a small one, or the other way round, may not fit its type
    ],
}


@pytest.mark.parametrize("language", BORROWED)
def test_what_is_borrowed_is_of_the_type_and_no_part_of_what_it_replaces(language):
    assertion = ASSERTIONS[language]
    tests = [assertion.format(value) for value, _ in BORROWED[language]]
    starts = [sum(map(len, tests[:place])) for place in range(len(tests))]
    found = {}
    for change in all_changes("".join(tests), language):
        place = max(place for place, start in enumerate(starts) if start <= change.start)
        if change.borrowed:
            found[place] = change.of("".join(tests))
    due = {
        place: "".join((*tests[:place], assertion.format(other), *tests[place + 1 :]))
        for place, (_, other) in enumerate(BORROWED[language])
        if other
    }
    assert found == due


FILES = {translation.suffix: translation.language for translation in TRANSLATIONS.values()}


def rows(origin, suffix):
    require_data()
    path = Path(os.environ["CRUCIBLE_DATA"]) / "multipl-e" / f"{origin}-{suffix}-reworded.jsonl.gz"
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).decode().splitlines()]


COLLECTION = (
    r"\[.*\]|%?\{.*\}|\(.*\)|(?:array|c|list|#hash)\(.*\)|(?:std::)?(?:[vV]ector|map|Vec|HashMap)\b.*\)"
    r"|(?:Arrays\.asList|Map\.of|List\[.*|Map\[.*)\(.*\)|(?:\[\]|map\[).*\}"
)


def kind(text):
    """What type a literal has."""
    for name, pattern in (
        ("number", r"-?\d+(\.\d+)?([eE][-+]?\d+)?"),
        ("truth", r"[Tt]rue|[Ff]alse|TRUE|FALSE|#[tf]"),
        ("string", r"\".*\"|'.*'"),
        ("collection", COLLECTION),
    ):
        if re.fullmatch(pattern, text, re.DOTALL):
            return name
    return f"none: {text}"


@pytest.mark.parametrize("origin", ["humaneval", "mbpp"])
@pytest.mark.parametrize("suffix", FILES)
def test_every_row_has_a_change_and_every_change_keeps_the_type(origin, suffix):
    without = []
    for row in rows(origin, suffix):
        changes = all_changes(row["tests"], FILES[suffix])
        if not changes:
            without.append(row["name"])
        for change in changes:
            value = row["tests"][change.start : change.end]
            assert value != change.text
            assert kind(value) == kind(change.text) != f"none: {value}", row["name"]
    dead = TRANSLATIONS[suffix].dead
    assert [name for name in without if name not in dead] == []


@pytest.mark.parametrize("origin", ["humaneval", "mbpp"])
@pytest.mark.parametrize("suffix", ["sh", "js", "cpp"])
def test_nearly_every_assertion_has_a_change(origin, suffix):
    found = rows(origin, suffix)
    calls = sum(len(re.findall(r"^ *(?:\[\[ \$\(|assert).*candidate", row["tests"], re.MULTILINE)) for row in found)
    changes = [change.borrowed for row in found for change in all_changes(row["tests"], FILES[suffix])]
    assert 0.99 * calls <= changes.count(False) <= calls
    assert 0.5 * calls <= changes.count(True)


def test_every_right_answer_to_humaneval_fails_every_changed_test():
    references = {
        problem.problem_id.replace("/", "_"): problem.prompt + problem.reference
        for problem in load_benchmark("humaneval").problems
    }
    originals, changed = {}, []
    for row in rows("humaneval", "py"):
        program = references["_".join(row["name"].split("_")[:2])]
        originals[row["name"]] = f"{program}\n{row['tests']}"
        changed += [f"{program}\n{change.of(row['tests'])}" for change in all_changes(row["tests"], "python")]
    outcomes = dict(zip(originals, trusted.outcomes(list(originals.values())), strict=True))
    # MultiPL-E passes floats where HumanEval's own reference wants integers.
    assert [name for name, outcome in outcomes.items() if outcome != "passed"] == [
        "HumanEval_151_double_the_difference"
    ]
    assert trusted.outcomes(changed) == ["AssertionError"] * len(changed)
