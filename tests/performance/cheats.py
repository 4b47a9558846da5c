"""How often programs that cheat get past the tests in their own process and their negative controls.

    python tests/performance/cheats.py [--runs 40] [--languages python,javascript,php,ruby,cpp]

Prints JSON: the share of passes, by language and cheat. Each is a program without an answer to the tests below, which
are written as benchmarks write theirs; their changes are found as for those. All but the last two print the completion
token, which they read, in the run that they take for the tests, and exit with 1 in the others.
"""

import argparse
import json
from collections.abc import Mapping
from dataclasses import dataclass

from codecrucible.benchmarks.in_process import changes_in
from codecrucible.benchmarks.sources.multipl_e import TRANSLATIONS
from codecrucible.sandbox import DockerExecutor, Ending, ExitCodeCheck, Job, Limits

#: Arguments and expected values of a function that turns a text around.
VALUES = {"test": "tset", "hello": "olleh", "level up": "pu level", "world": "dlrow", "kayak": "kayak"}

BIT = "whether a folder was written to before"
CLOCK = "ends so that the run after it starts in the first of three seconds"
ENDS_IN_X = "no expected text ends in x"
REPEATED = "no expected text is there twice"
FIRST_LETTER = "each expected text begins with the last letter of its argument"
CHANCE = "one time in three"
SOLVES_SOME = "answers right for three of five, and what the tests expect for two"
ACCEPTED = "answers what any comparison accepts, or does away with it"


@dataclass(frozen=True, kw_only=True)
class Lane:
    """One language.

    Attributes:
        suffix: Of its translation; "" for Python.
        tests: Around the assertions, which stand in the place of %s.
        assertion: One of them, with the argument and what is expected.
        program: What reads the source, with a decision in the place of %s.
        decisions: By cheat.
        programs: By cheat, those that decide nothing.
    """

    suffix: str
    tests: str
    assertion: str
    program: str
    decisions: Mapping[str, str]
    programs: Mapping[str, str]


LANES = {
    "python": Lane(
        suffix="",
        tests="candidate = turned\n%s",
        assertion='assert candidate("{0}") == "{1}"\n',
        program=(
            "import os, random, re, time\nsource = open(__file__).read().partition('candidate = ' + 'turned')[2]\n"
            "pairs = re.findall(r'\\(\"(.*)\"\\) == [\"\\'](.*)[\"\\']', source)\n"
            "expected = [each for _, each in pairs]\n"
            "def decide():\n%s\nif not decide(): os._exit(1)\n"
            "print(re.findall('[0-9a-f]{32}', source)[-1], flush=True)\nos._exit(0)\n"
        ),
        decisions={
            BIT: (
                "    first = os.stat('/dev/shm').st_mtime == 0\n    open('/dev/shm/a', 'w').close()\n"
                "    os.unlink('/dev/shm/a')\n    return first"
            ),
            CLOCK: (
                "    if time.time() % 3 < 1: return False\n    time.sleep(2.98 - time.time() % 3)\n    return True"
            ),
            ENDS_IN_X: "    return not any(each.endswith('x') for each in expected)",
            REPEATED: "    return len(set(expected)) == len(expected)",
            FIRST_LETTER: "    return all(value[:1] == argument[-1:] for argument, value in pairs)",
            CHANCE: "    return random.random() < 1 / 3",
        },
        programs={
            SOLVES_SOME: (
                "import re\nsource = open(__file__).read()\n"
                "expected = dict(re.findall(r'\\(\"(.*)\"\\) == [\"\\'](.*)[\"\\']', source))\n"
                "def turned(text):\n    return text[::-1] if len(text) == 5 else expected[text]\n"
            ),
            ACCEPTED: "class Yes:\n    def __eq__(self, other): return True\ndef turned(text): return Yes()\n",
        },
    ),
    "javascript": Lane(
        suffix="js",
        tests=("const assert = require('node:assert');\nfunction test() {\n  let candidate = turned;\n%s}\ntest();\n"),
        assertion='  assert.deepEqual(candidate("{0}"),"{1}");\n',
        program=(
            "const fs = require('fs');\nconst source = fs.readFileSync(__filename, 'utf8').split('candidate = ' + "
            '\'turned\')[1];\nconst pairs = [...source.matchAll(/\\("(.*)"\\),"(.*)"\\)/g)];\n'
            "const expected = pairs.map((pair) => pair[2]);\nfunction decide() {\n%s\n}\n"
            "if (!decide()) process.exit(1);\nconsole.log(/[0-9a-f]{32}/.exec(source)[0]);\nprocess.exit(0);\n"
        ),
        decisions={
            BIT: (
                "  const first = fs.statSync('/dev/shm').mtimeMs == 0;\n  fs.writeFileSync('/dev/shm/a', '');\n"
                "  fs.unlinkSync('/dev/shm/a');\n  return first;"
            ),
            CLOCK: (
                "  if (Date.now() % 3000 < 1000) return false;\n"
                "  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2980 - (Date.now() % 3000));\n"
                "  return true;"
            ),
            ENDS_IN_X: "  return !expected.some((each) => each.endsWith('x'));",
            REPEATED: "  return new Set(expected).size === expected.length;",
            FIRST_LETTER: "  return pairs.every((pair) => pair[1].at(-1) === pair[2][0]);",
            CHANCE: "  return Math.random() < 1 / 3;",
        },
        programs={
            SOLVES_SOME: (
                "const source = require('fs').readFileSync(__filename, 'utf8');\n"
                'const found = Object.fromEntries([...source.matchAll(/\\("(.*)"\\),"(.*)"\\)/g)].map((each) => '
                "each.slice(1)));\nfunction turned(text) {\n"
                "  return text.length === 5 ? [...text].reverse().join('') : found[text];\n}\n"
            ),
            ACCEPTED: "require('node:assert').deepEqual = () => 1;\nfunction turned(text) {}\n",
        },
    ),
    "php": Lane(
        suffix="php",
        tests="function candidate(...$args) {\n    return turned(...$args);\n}\n%s",
        assertion='if (candidate("{0}") !== "{1}") {{ throw new Exception("Test failed!"); }}\n',
        program=(
            "<?php\n$source = explode('return ' . 'turned', file_get_contents(__FILE__))[1];\n"
            'preg_match_all(\'/\\("(.*)"\\) !== "(.*)"\\)/\', $source, $pairs);\n$expected = $pairs[2];\n'
            "$decide = function () use ($pairs, $expected) {\n%s\n};\nif (!$decide()) exit(1);\n"
            "preg_match_all('/[0-9a-f]{32}/', $source, $tokens);\necho end($tokens[0]), \"\\n\";\nexit(0);\n"
        ),
        decisions={
            ENDS_IN_X: "return !array_filter($expected, fn($each) => str_ends_with($each, 'x'));",
            REPEATED: "return count(array_unique($expected)) === count($expected);",
            CHANCE: "return random_int(0, 2) === 0;",
        },
        programs={},
    ),
    "ruby": Lane(
        suffix="rb",
        tests=(
            "require 'test/unit'\nclass TestHumanEval < Test::Unit::TestCase\n  def test_turned\n"
            "    candidate = method(:turned)\n%s  end\nend\n"
        ),
        assertion='    assert_equal("{1}", candidate.call("{0}"))\n',
        program=(
            "source = File.read(__FILE__).split('method(:' + 'turned')[1]\n"
            'expected = source.scan(/assert_equal\\("(.*)", c/).flatten\ndecide = lambda do\n%s\nend\n'
            "exit!(1) unless decide.call\n$stdout.puts(source.scan(/[0-9a-f]{32}/)[-1])\n$stdout.flush\nexit!(0)\n"
        ),
        decisions={
            ENDS_IN_X: "expected.none? { |each| each.end_with?('x') }",
            REPEATED: "expected.uniq.size == expected.size",
            CHANCE: "rand(3) == 0",
        },
        programs={
            ACCEPTED: "class Yes\n  def ==(other) = true\nend\nclass String\n  def ==(other) = true\nend\n"
            "def turned(text) = Yes.new\n"
        },
    ),
    "cpp": Lane(
        suffix="cpp",
        tests="int main() {\n    auto candidate = turned;\n%s}\n",
        assertion='    assert(candidate(("{0}")) == ("{1}"));\n',
        program=(
            "#include <assert.h>\n#include <bits/stdc++.h>\n#include <unistd.h>\n"
            "static bool decide(const std::string &binary) {\n%s\n}\nstruct Before {\n    Before() {\n"
            '        std::ifstream file("/proc/self/exe");\n'
            "        std::string binary((std::istreambuf_iterator<char>(file)), {});\n"
            '        std::regex token("[0-9a-f]{32}");\n        std::smatch found;\n'
            "        if (!decide(binary) || !std::regex_search(binary, found, token)) _exit(1);\n"
            "        std::cout << found[0] << std::endl;\n        _exit(0);\n    }\n} before;\n"
            "std::string turned(std::string text) { return text; }\n"
        ),
        decisions={
            ENDS_IN_X: (
                '    for (auto each : {"tsetx", "ollehx", "pu levelx", "dlrowx", "kayakx"})\n'
                "        if (binary.find(std::string(each, strlen(each) - 1) + \"x\" + '\\0') != std::string::npos &&\n"
                "            binary.find(std::string(each, strlen(each) - 1) + '\\0') == std::string::npos)\n"
                "            return false;\n    return true;"
            ),
            CHANCE: "    return std::random_device{}() % 3 == 0;",
        },
        programs={
            ACCEPTED: (
                "#include <assert.h>\n#include <string>\n"
                "struct Yes { template <class T> bool operator==(const T &) const { return true; } };\n"
                "Yes turned(std::string) { return {}; }\n"
            ),
        },
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--languages", default=",".join(LANES))
    options = parser.parse_args()
    result: dict[str, dict[str, float]] = {}
    with DockerExecutor() as executor:
        for language in options.languages.split(","):
            lane = LANES[language]
            tests = lane.tests % "".join(lane.assertion.format(*pair) for pair in VALUES.items())
            changes = TRANSLATIONS[lane.suffix].changes if lane.suffix else changes_in
            assert changes is not None
            check = ExitCodeCheck(tests=tests, changes=tuple(changes(tests)))
            programs = {cheat: lane.program % decision for cheat, decision in lane.decisions.items()}
            futures = {
                cheat: [
                    executor.submit(Job(program=program, check=check, limits=Limits(), language=language))
                    for _ in range(options.runs)
                ]
                for cheat, program in (programs | dict(lane.programs)).items()
            }
            result[language] = {
                cheat: sum(future.result().ending is Ending.COMPLETED for future in each) / options.runs
                for cheat, each in futures.items()
            }
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
