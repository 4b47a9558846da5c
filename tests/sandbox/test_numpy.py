"""Programs and tests that use numpy: what travels, and as what."""

import pytest
from sandbox_jobs import checking, job

from codecrucible.sandbox import Ending

pytestmark = [pytest.mark.docker, pytest.mark.timeout(60)]


@pytest.mark.parametrize(
    ("program", "tests", "ending"),
    [
        ("return np.int64(3)", "assert f() == 3 and f() + 1 == 4", Ending.COMPLETED),
        ("return np.float32(0.5)", "assert abs(f() - 0.5) < 1e-9", Ending.COMPLETED),
        ("return np.float64('nan')", "assert f() != f()", Ending.COMPLETED),
        ("return np.bool_(True)", "assert f() == True", Ending.COMPLETED),
        ("return np.complex64(1j)", "assert f() == 1j", Ending.COMPLETED),
        ("return [np.int8(1), {'a': np.uint64(2 ** 63)}]", "assert f() == [1, {'a': 2 ** 63}]", Ending.COMPLETED),
        ("return np.int64(3)", "assert f() == 4", Ending.ASSERTION),
        ("return np.array([1, 2])", "assert list(f()) == [1, 2] and f().tolist() == [1, 2]", Ending.COMPLETED),
        ("return np.eye(2)", "import numpy\nassert numpy.array_equal(f(), [[1, 0], [0, 1]])", Ending.COMPLETED),
        ("return np.array(5)", "assert f() == 5 and f().shape == ()", Ending.COMPLETED),
        ("return np.arange(6)[::2]", "f()[0] = 9\nassert sum(f()) == 6", Ending.COMPLETED),
        ("return np.array([1, 2])", "assert list(f()) == [1, 3]", Ending.ASSERTION),
        # As in an ordinary interpreter: the truth of an array of more than one item is ambiguous.
        ("return np.array([1, 2])", "assert f() == [1, 2]", Ending.RAISED),
        # No numbers: an object of the program's own, which tests cannot look into.
        ("return np.array([f, None])", "assert f()[1] is None", Ending.ASSERTION),
        ("return np.ma.array([1, 2], mask=[0, 1])", "assert f().tolist() == [1, None]", Ending.COMPLETED),
    ],
)
def test_what_a_program_answers_is_compared_as_what_it_is(executor, program, tests, ending):
    execution = executor.run(job(f"import numpy as np\ndef f(): {program}\n", checking(f"{tests}\n")))
    assert execution.ending is ending, execution


def test_an_array_is_passed_as_an_array(executor):
    tests = "import numpy as np\nassert f(np.arange(3), k=np.int64(2)).tolist() == [0, 2, 4]\n"
    assert executor.run(job("def f(x, k): return x * k\n", checking(tests))).ending is Ending.COMPLETED


def test_checks_draw_the_same_numbers_of_numpy_whether_it_is_imported_already_or_not(executor):
    tests = "import numpy as np\nassert f(np.random.rand()) == f(0.5488135039273248)\n"
    for _ in range(6):
        assert executor.run(job("def f(x): return x\n", checking(tests))).ending is Ending.COMPLETED


def test_the_version_that_programs_get_is_stated(executor):
    execution = executor.run(job("import numpy\nprint(numpy.__version__)\ndef f(): pass\n", checking("f()\n")))
    assert execution.stdout.strip() == executor.describe()["numpy"]


def test_a_program_that_imports_numpy_finds_it_imported_already(executor):
    program = "import sys\nthere = 'numpy' in sys.modules\n{}\ndef f(): return there\n"
    for statement, there in (("import numpy as np", True), ("    from numpy import linalg", True), ("", False)):
        body = program.format(f"if True:\n{statement}" if statement.startswith(" ") else statement)
        execution = executor.run(job(body, checking(f"assert f() is {there}\n")))
        assert execution.ending is Ending.COMPLETED, (statement, execution)


def test_what_is_imported_already_is_seeded_for_each_program(executor):
    program = "import random\nimport numpy\ndef f(): return [random.random(), float(numpy.random.rand())]\n"
    check = checking("assert f() == [0.8444218515250481, 0.5488135039273248]\n")
    for _ in range(3):
        assert executor.run(job(program, check)).ending is Ending.COMPLETED
