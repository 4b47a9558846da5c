"""What `make fuzz` begins with and what it once found: read or refused, in time."""

import pytest
from kept import kept_inputs
from parsers import PARSERS


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.docker if name == "run_folder" else ()) for name in PARSERS]
)
def test_an_input_that_was_kept_is_read_or_refused(name, request):
    if name == "run_folder":
        request.getfixturevalue("executor")
    parse, seeds = PARSERS[name]
    for data in (*seeds(), *kept_inputs(name)):
        parse(data)
