"""What a check's names are, read from its bytes, against what `dis` says of them."""

import dis
import sysconfig
from pathlib import Path

from codecrucible.sandbox.image.checks import _names, _nested, compile_check

STANDARD_LIBRARY = Path(sysconfig.get_path("stdlib"))


def test_names_are_those_that_dis_finds():
    sources = sorted(STANDARD_LIBRARY.glob("*.py"))[:60]
    assert len(sources) == 60
    for source in sources:
        for code in _nested(compile(source.read_text(encoding="utf-8"), source.name, "exec")):
            for operation, names in _names(code).items():
                assert names == {str(each.argval) for each in dis.get_instructions(code) if each.opname == operation}


def test_a_check_borrows_what_only_the_program_defines():
    check = compile_check(
        setup="import math\nclass Known: pass\n",
        tests="def check(g):\n    assert g(Pair(1)) == math.pi + sys.maxsize + len([Known])\ncheck(f)\n",
        entry_point="f",
    )
    assert (check.borrowed, check.modules, check.changes_objects) == (("Pair",), ("sys",), False)


def test_a_check_that_assigns_to_objects_is_told_from_one_that_does_not():
    for tests, changes in (("f.x = 1\n", True), ("setattr(f, 'x', 1)\n", True), ("x = 1\nf(x)\n", False)):
        assert compile_check(setup="", tests=tests, entry_point="f").changes_objects is changes
