"""Tests of anybody's behind a program: with plain assertions, or with a framework in another form than MultiPL-E's.

For each way to write them a right program passes, a wrong one is a wrong answer, and where the language tells the two
apart an error of the program's is no wrong answer. A language whose image is not built is skipped.
"""

from dataclasses import dataclass

import pytest

from codecrucible.sandbox import Change, Ending, ExitCodeCheck, Job, Limits

pytestmark = [pytest.mark.docker, pytest.mark.timeout(180)]


@dataclass(frozen=True)
class Way:
    """One way to write tests. In `program` FACTOR is 2 if it is right."""

    language: str
    program: str
    tests: str
    error: str = ""
    wrong: Ending = Ending.ASSERTION


BASH = "twice() {\n    echo $(($1 * FACTOR))\n}\n"
JS = "function twice(x) {\n  return FACTOR * x;\n}\n"
JS_ERROR = "function twice(x) {\n  return x.no.such;\n}\n"
TS = "function twice(x: number): number {\n  return FACTOR * x;\n}\n"
PHP = "<?php\nfunction twice($x) {\n    return FACTOR * $x;\n}\n"
PHP_ERROR = "<?php\nfunction twice($x) {\n    return no_such($x);\n}\n"
PERL = "sub twice {\n    my ($x) = @_;\n    return FACTOR * $x;\n}\n"
RUBY = "def twice(x)\n  FACTOR * x\nend\n"
RUBY_ERROR = "def twice(x)\n  no_such * x\nend\n"
LUA = "function twice(x)\n  return FACTOR * x\nend\n"
PYTHON = "def twice(x):\n    return FACTOR * x\n"
CPP = "#include <cassert>\n#include <cstdio>\n#include <cstdlib>\nlong twice(long x) { return FACTOR * x; }\n"
GO = "package main\n\nfunc twice(x int) int {\n    return FACTOR * x\n}\n"
GO_TEST = GO.replace("\n\n", '\n\nimport "testing"\n\n', 1)
RUST = "fn twice(x: i64) -> i64 {\n    FACTOR * x\n}\n"
JAVA = "class Problem {\n    static long twice(long x) {\n        return FACTOR * x;\n    }\n"
SCALA = "object Problem {\n    def twice(x: Long): Long = {\n        return FACTOR * x\n    }\n"
CSHARP = "class Problem {\n    static long Twice(long x) {\n        return FACTOR * x;\n    }\n"
HASKELL = "twice :: Int -> Int\ntwice x = FACTOR * x\n"
OCAML = "let twice (x : int) : int = FACTOR * x\n"
D = "long twice(long x)\n{\n    return FACTOR * x;\n}\n"
ADA = (
    "package Placeholder is\n   function Twice (X : Integer) return Integer is (FACTOR * X);\nend Placeholder;\n"
    "with Placeholder; use Placeholder;\n\n"
)
R = "twice <- function(x) {\n  FACTOR * x\n}\n"
RACKET = "#lang racket\n(define (twice x) (* FACTOR x))\n"
CLOJURE = "(defn twice [x] (* FACTOR x))\n"
ELIXIR = "defmodule Answer do\n  def twice(x) do\n    FACTOR * x\n  end\nend\n"
ELIXIR_ERROR = "defmodule Answer do\n  def twice(x) do\n    apply(__MODULE__, :no_such, [x])\n  end\nend\n"

WAYS = {
    "bash: exit": Way("bash", BASH, "[[ $(twice 21) == 42 ]] || exit 1\n"),
    "bash: test": Way("bash", BASH, 'set -e\ntest "$(twice 21)" -eq 42\n'),
    "python: assert": Way("python", PYTHON, "assert twice(21) == 42\n", "def twice(x):\n    return no_such\n"),
    "python: unittest": Way(
        "python",
        PYTHON,
        "import unittest\nclass T(unittest.TestCase):\n    def test(self):\n        self.assertEqual(twice(21), 42)\n"
        "T('test').debug()\n",
        "def twice(x):\n    return no_such\n",
    ),
    "javascript: node:assert": Way(
        "javascript",
        JS,
        "require('assert').strictEqual(twice(21), 42);\n",
        JS_ERROR,
    ),
    "javascript: throw": Way(
        "javascript",
        JS,
        "if (twice(21) !== 42) throw new Error('wrong');\n",
        JS_ERROR,
    ),
    "javascript: exit": Way("javascript", JS, "if (twice(21) !== 42) process.exit(1);\n", JS_ERROR),
    "javascript: an export without a semicolon": Way(
        "javascript", JS + "module.exports = { twice }", "if (twice(21) !== 42) process.exit(1);\n", JS_ERROR
    ),
    "javascript: a program with a process of its own": Way(
        "javascript", JS + "function process() {}\n", "require('assert')(twice(21) === 42);\n"
    ),
    "typescript: throw": Way(
        "typescript",
        TS,
        "if (twice(21) !== 42) {\n  throw new Error('wrong');\n}\n",
        "function twice(x: any): number {\n  return x.no.such;\n}\n",
    ),
    "php: throw": Way("php", PHP, 'if (twice(21) !== 42) { throw new Exception("wrong"); }\n', PHP_ERROR),
    "php: assert": Way("php", PHP, "assert(twice(21) === 42);\n", PHP_ERROR),
    "php: exit": Way("php", PHP, 'if (twice(21) !== 42) { echo "wrong\\n"; exit(1); }\n', PHP_ERROR),
    "perl: die": Way("perl", PERL, 'die "wrong" unless twice(21) == 42;\n', "sub twice { return no_such(); }\n"),
    "perl: exit": Way("perl", PERL, "exit 1 if twice(21) != 42;\n", "sub twice { die 'no'; }\n"),
    "perl: Test::More": Way(
        "perl", PERL, "use Test::More;\nis(twice(21), 42, 'twice');\ndone_testing();\n", "sub twice { die 'no'; }\n"
    ),
    "ruby: raise": Way("ruby", RUBY, 'raise "wrong" unless twice(21) == 42\n', RUBY_ERROR),
    "ruby: abort": Way("ruby", RUBY, 'abort("wrong") if twice(21) != 42\n', RUBY_ERROR),
    "ruby: raise, with a comment on a framework": Way(
        "ruby",
        RUBY,
        "# no Test::Unit here\ndef same(a, b) raise 'no' if a != b; end\nsame(twice(21), 42)\n",
        RUBY_ERROR,
    ),
    "ruby: a test case": Way(
        "ruby",
        RUBY,
        "require 'test/unit'\nclass T < Test::Unit::TestCase\n  def test_a\n    assert_equal(42, twice(21))\n  end\n"
        "  def test_b\n    assert(true)\n  end\nend\n",
        RUBY_ERROR,
    ),
    "ruby: minitest": Way(
        "ruby",
        RUBY,
        "require 'minitest/autorun'\nclass T < Minitest::Test\n  def test_a\n    assert_equal 42, twice(21)\n  end\n"
        "  def test_b\n    skip\n  end\nend\n",
        RUBY_ERROR,
    ),
    "ruby: minitest/spec": Way(
        "ruby",
        RUBY,
        "require 'minitest/autorun'\ndescribe 'twice' do\n  it 'doubles' do\n    _(twice(21)).must_equal 42\n  end\n"
        "end\n",
        RUBY_ERROR,
    ),
    "lua: assert": Way("lua", LUA, "assert(twice(21) == 42)\n"),
    "lua: error": Way("lua", LUA, "if twice(21) ~= 42 then error('wrong') end\n"),
    "lua: luaunit by another name": Way(
        "lua",
        LUA,
        "local luaunit = require('luaunit')\nTest = {}\nfunction Test:test()\n  luaunit.assertEquals(twice(21), 42)\n"
        "end\nos.exit( luaunit.LuaUnit:run() )\n",
        "function twice(x)\n  return x.no.such\nend\n",
    ),
    "r: stopifnot": Way("r", R, "stopifnot(twice(21) == 42)\n"),
    "r: stop": Way("r", R, "if (twice(21) != 42) stop('wrong')\n"),
    "cpp: return 0": Way("cpp", CPP, "int main() {\n    assert(twice(21) == 42);\n    return 0;\n}\n"),
    "cpp: arguments, and a function behind": Way(
        "cpp",
        CPP,
        "void check();\nint main(int argc, char **argv)\n{\n    // }\n    check();\n    return EXIT_SUCCESS;\n}\n"
        'void check() { if (twice(21) != 42) { puts("}"); abort(); } }\n',
    ),
    "go: main": Way(
        "go",
        GO,
        'func main() {\n    if twice(21) != 42 {\n        panic("wrong")\n    }\n}\n',
        wrong=Ending.RAISED,
    ),
    "go: several tests": Way(
        "go",
        GO_TEST,
        "func TestTwice(tt *testing.T) {\n    if twice(21) != 42 {\n        tt.Fatal()\n    }\n}\n\n"
        "func TestNothing(t *testing.T) {}\n",
        GO_TEST.replace("return FACTOR * x", "return 1 / (x - x)"),
    ),
    "rust: main": Way("rust", RUST, "fn main() {\n    assert_eq!(twice(21), 42);\n}\n"),
    "rust: a result, and a function behind": Way(
        "rust",
        RUST,
        "fn main() -> Result<(), String> {\n    check('}');\n    Ok(())\n}\n"
        "fn check<'a>(_: char) { assert!(twice(21) == 42); }\n",
    ),
    "java: throw": Way(
        "java",
        JAVA,
        "    public static void main(String[] args) throws Exception {\n        check(twice(21) == 42);\n        "
        "return;\n    }\n    static void check(boolean is) {\n"
        '        if (!is) throw new RuntimeException("wrong");\n    }\n}\n',
    ),
    "scala: assert": Way(
        "scala", SCALA, "    def main(args: Array[String]): Unit = {\n        assert(twice(21) == 42)\n    }\n}\n"
    ),
    "csharp: throw": Way(
        "csharp",
        CSHARP,
        '    static void Main() {\n        if (Twice(21) != 42) throw new System.Exception("wrong");\n    }\n}\n',
        wrong=Ending.RAISED,
    ),
    "csharp: Debug.Assert": Way(
        "csharp",
        CSHARP,
        "    static void Main(string[] args)\n    {\n        System.Diagnostics.Debug.Assert(Twice(21) == 42);\n"
        "    }\n}\n",
        CSHARP.replace("FACTOR * x", "1 / (x - x)"),
    ),
    "haskell: main": Way(
        "haskell",
        HASKELL,
        "main = do\n    check (twice 21 == 42)\n    pure ()\n\ncheck :: Bool -> IO ()\n"
        'check is = if is then pure () else error "wrong"\n',
    ),
    "ocaml: assert": Way("ocaml", OCAML, "let () = assert (twice 21 = 42)\n"),
    "d: unittest alone": Way("d", D, "unittest\n{\n    assert(twice(21) == 42);\n}\n"),
    "d: main": Way("d", D, "void main()\n{\n    assert(twice(21) == 42);\n}\n"),
    "ada: raise": Way(
        "ada",
        ADA,
        "procedure Main is\nbegin\n   if Twice (21) /= 42 then\n      raise Program_Error;\n   end if;\nend Main;\n",
    ),
    "racket: error": Way("racket", RACKET, '(unless (= (twice 21) 42) (error "wrong"))\n', wrong=Ending.RAISED),
    "racket: rackunit": Way("racket", RACKET, "(require rackunit)\n(check-equal? (twice 21) 42)\n"),
    "racket: rackunit unused": Way(
        "racket", RACKET, '(require rackunit)\n(unless (= (twice 21) 42) (error "wrong"))\n', wrong=Ending.RAISED
    ),
    "clojure: assert": Way("clojure", CLOJURE, "(assert (= (twice 21) 42))\n", wrong=Ending.RAISED),
    "clojure: run-tests": Way(
        "clojure",
        CLOJURE,
        "(require '[clojure.test :refer :all])\n(deftest a (is (= (twice 21) 42)))\n(deftest b (is true))\n"
        "(run-tests)\n",
        "(defn twice [x] (/ x 0))\n",
    ),
    "elixir: raise": Way("elixir", ELIXIR, 'if Answer.twice(21) != 42, do: raise("wrong")\n', wrong=Ending.RAISED),
    "elixir: match": Way("elixir", ELIXIR, "42 = Answer.twice(21)\n", wrong=Ending.RAISED),
    "elixir: several tests": Way(
        "elixir",
        ELIXIR,
        'ExUnit.start(seed: 0)\ndefmodule T do\n  use ExUnit.Case\n  test "a" do\n    assert Answer.twice(21) == 42\n'
        '  end\n  test "b" do\n    assert true\n  end\nend\n',
    ),
}


def ending(executor, way, program):
    start = way.tests.index("42")
    check = ExitCodeCheck(tests=way.tests, changes=(Change(start=start, end=start + 2, text="43"),))
    limits = Limits(cpu_s=20.0, wall_s=60.0)
    return executor.run(Job(program=program, check=check, limits=limits, language=way.language))


@pytest.mark.parametrize("way", WAYS.values(), ids=list(WAYS))
def test_a_right_program_passes_and_a_wrong_one_does_not(executor, image_of, way):
    image_of(way.language)
    right = ending(executor, way, way.program.replace("FACTOR", "2"))
    assert right.ending is Ending.COMPLETED, right
    wrong = ending(executor, way, way.program.replace("FACTOR", "3"))
    assert wrong.ending is way.wrong, wrong


@pytest.mark.parametrize("name", [name for name, way in WAYS.items() if way.error])
def test_an_error_of_the_program_is_no_wrong_answer(executor, image_of, name):
    way = WAYS[name]
    image_of(way.language)
    raised = ending(executor, way, way.error.replace("FACTOR", "2"))
    assert raised.ending is Ending.RAISED, raised


#: What no interpreter reads to its end.
UNREADABLE = {
    "python": "def twice(x:\n",
    "bash": "twice() {\n    if true; then echo 42\n}\n",
    "javascript": "function twice(x) {\n  return 42;\n",
    "php": "<?php\nfunction twice($x) {\n    return 42\n}\n",
    "perl": "sub twice {\n    return 42;\n",
    "ruby": "def twice(x)\n  42\n",
    "lua": "function twice(x)\n  return 42\n",
    "r": "twice <- function(x) {\n  42\n",
    "racket": "#lang racket\n(define (twice x) 42\n",
    "elixir": "defmodule Answer do\n  def twice(x) do\n    42\n",
}


@pytest.mark.parametrize("language", UNREADABLE)
def test_a_program_that_cannot_be_read_is_a_syntax_error(executor, image_of, language):
    image_of(language)
    way = next(way for way in WAYS.values() if way.language == language)
    unread = ending(executor, way, UNREADABLE[language])
    assert unread.ending is Ending.SYNTAX_ERROR, unread
    assert unread.stderr


@pytest.mark.parametrize(
    ("language", "program"),
    [
        ("ruby", "no_such\n" + RUBY),
        ("php", PHP + "no_such();\n"),
        ("javascript", JS + "noSuch();\n"),
        ("python", "no_such\n" + PYTHON),
        ("perl", PERL + "no_such();\n"),
    ],
)
def test_an_error_while_the_program_is_loaded_is_no_wrong_answer(executor, image_of, language, program):
    image_of(language)
    way = next(way for way in WAYS.values() if way.language == language)
    raised = ending(executor, way, program.replace("FACTOR", "2"))
    assert raised.ending is Ending.RAISED, raised
