"""Python, where the tests share its process: problems whose tests the referee cannot put to a program."""

from codecrucible.sandbox.languages.declaration import Family, Language, Trial, at_the_end

#: A failed assertion ends with an exit status of its own.
_WATCH = """__import__("sys").excepthook = lambda kind, *rest: (__import__("sys").__excepthook__(kind, *rest), \
issubclass(kind, AssertionError) and __import__("sys").exit(41))"""


def _wire(tests: str, statement: str) -> str:
    """The tests between what tells a failed assertion from an error and the statement."""
    return at_the_end(f"{_WATCH}\n{tests}", statement)


#: In the first line, so that a cookie in the second does not count, and one in the program's first is in the second.
_IN_UTF_8 = "# -*- coding: utf-8 -*-\n"
#: Stands for no token of Python, wherever the rest of a line is.
_NO_PYTHON = "\x01\n"


def _as_it_is_scanned(program: str) -> str:
    """A file that the interpreter compiles as it would the text, which is what the scanner reads.

    It is in UTF-8 whatever cookie the program has, and no Python if there is a NUL in it, behind which the interpreter
    leaves out the rest of a line of a file.
    """
    return _IN_UTF_8 + (_NO_PYTHON if "\0" in program else "") + program


FAMILY = Family(name="python", packages=("python3",))

LANGUAGE = Language(
    name="python",
    family=FAMILY.name,
    file_name="main.py",
    run=("python3", "-s", "-B", "main.py"),
    syntax=("python3", "-s", "-B", "-c", "compile(open('main.py', 'rb').read(), 'main.py', 'exec')"),
    wire=_wire,
    assertion_exits=(41,),
    environment={"PYTHONHASHSEED": "0"},
    file_text=_as_it_is_scanned,
    token='print("{token}", flush=True)',  # noqa: S106 - a template
    trial=Trial(
        right="def double(x):\n    return x * 2\n",
        wrong="def double(x):\n    return x\n",
        tests="assert double(21) == 42\n",
    ),
)
