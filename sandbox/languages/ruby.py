"""Ruby, with the unit testing framework that the tests use."""

from sandbox.languages.declaration import Family, Language, Trial


def _wire(tests: str, statement: str) -> str:
    """The tests, run by a last line and not when the process ends, where nothing could follow them."""
    return f"""{tests.rstrip()}
Test::Unit::AutoRunner.need_auto_run = false
exit(1) unless Test::Unit::AutoRunner.run
{statement}
"""


FAMILY = Family(name="ruby", packages=("ruby", "ruby-test-unit"))

LANGUAGE = Language(
    name="ruby",
    family=FAMILY.name,
    file_name="main.rb",
    run=("ruby", "--disable=did_you_mean,error_highlight", "main.rb"),
    token='$stdout.puts "{token}"',  # noqa: S106 - a template
    wire=_wire,
    trial=Trial(
        right="def double(x)\n  2 * x\nend\n",
        wrong="def double(x)\n  x\nend\n",
        tests=(
            "require 'test/unit'\nclass TestDouble < Test::Unit::TestCase\n  def test_double\n"
            "    assert_equal(42, method(:double).call(21))\n  end\nend\n"
        ),
    ),
)
