"""Ruby, with the unit testing frameworks that tests use, or none."""

import re

from codecrucible.sandbox.languages.declaration import Family, Language, Trial
from codecrucible.sandbox.languages.printers.ruby import printer_with

_TEST_UNIT = re.compile(r"""^[^#\n]*(?:Test::Unit|['"]test/unit['"])""", re.MULTILINE)
_MINITEST = re.compile(r"""^[^#\n]*(?:Minitest::|['"]minitest/)""", re.MULTILINE)

#: What a line of the tests raises or exits with is a failed assertion. What Ruby itself raises there is none, nor is
#: what the program raises.
_WATCH = """at_exit { |raised = $!| \
next unless raised && raised.backtrace_locations&.first&.lineno.to_i > __LINE__; \
next unless raised.instance_of?(RuntimeError) || (SystemExit === raised && raised.status == 1); \
warn(raised.full_message(highlight: false)) if raised.is_a?(StandardError); exit(41) }"""

_RUN_TEST_UNIT = """\
Test::Unit::AutoRunner.need_auto_run = false
require "test/unit/testresult"
Test::Unit::TestResult.prepend(Module.new { def add_error(error); $crucible_raised = true; super; end })
exit($crucible_raised ? 70 : 41) unless Test::Unit::AutoRunner.run"""

_RUN_MINITEST = """\
Minitest.seed = 0 if Minitest.respond_to?(:seed=)
crucible_found = Minitest::Runnable.runnables.flat_map { |suite| \
suite.runnable_methods.map { |name| Minitest.run_one_method(suite, name) } }
crucible_failed = crucible_found.reject { |result| result.passed? || result.skipped? }
crucible_failed.each { |result| warn(result.failure.message) }
exit!(crucible_failed.any?(&:error?) ? 70 : 41) unless crucible_failed.empty?"""


def _wire(tests: str, statement: str) -> str:
    """The tests, run by a last line and not when the process ends, where nothing could follow them."""
    watched = f"{_WATCH}\n{tests.rstrip()}\n"
    if _TEST_UNIT.search(tests):
        return f"{watched}{_RUN_TEST_UNIT}\n{statement}\n"
    if _MINITEST.search(tests):  # which would run them once more when the process ends
        return f"{watched}{_RUN_MINITEST}\n{statement}\n$stdout.flush\nexit!(0)\n"
    return f"{watched}{statement}\n"


FAMILY = Family(name="ruby", packages=("ruby", "ruby-test-unit"))

LANGUAGE = Language(
    name="ruby",
    family=FAMILY.name,
    file_name="main.rb",
    run=("ruby", "--disable=did_you_mean,error_highlight", "main.rb"),
    token='$stdout.puts "{token}"',  # noqa: S106 - a template
    wire=_wire,
    syntax=("ruby", "-c", "main.rb"),
    assertion_exits=(41,),
    printer=printer_with(_wire),
    trial=Trial(
        right="def double(x)\n  2 * x\nend\n",
        wrong="def double(x)\n  x\nend\n",
        tests=(
            "require 'test/unit'\nclass TestDouble < Test::Unit::TestCase\n  def test_double\n"
            "    assert_equal(42, method(:double).call(21))\n  end\nend\n"
        ),
        statement="assert_equal(42, method(:double).call(21))",
        call="method(:double).call(21)",
    ),
)
