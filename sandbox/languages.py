"""The languages that are judged by exit status, each one declaration, and the image family that has its tools.

What is covered: the one file that a program and its tests are put into, how it is compiled and run, what its exit
status means, and a right and a wrong program by which the declaration proves itself.
What is not: the referee, which judges Python without the tests ever meeting the program.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sandbox.job import MEBIBYTE, Change, ExitCodeCheck, Job, Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One image, for the languages that share its tools.

    Attributes:
        name: Of the image.
        packages: Debian packages on top of the common base.
        compiles: Whether what is compiled there is executed: the scratch folder then allows it and is larger.
    """

    name: str
    packages: tuple[str, ...]
    compiles: bool = False


PYTHON = Family(name="python", packages=("python3",))

FAMILIES: Mapping[str, Family] = {
    family.name: family
    for family in (
        PYTHON,
        Family(name="script", packages=("bash", "bc", "gawk", "jq")),
        Family(name="node", packages=("nodejs",)),
        Family(name="gcc", packages=("g++", "libssl-dev"), compiles=True),
        Family(name="typescript", packages=("node-typescript", "nodejs")),
        Family(name="php", packages=("php-cli",)),
        Family(name="perl", packages=("perl", "libtest-deep-perl")),
    )
}

_COMPILE_LIMITS = Limits(cpu_s=30.0, wall_s=90.0, file_bytes=64 * MEBIBYTE, processes=64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a language is tried with: a right program, a wrong one, and tests that tell the two apart.

    Attributes:
        right: Passes `tests`.
        wrong: Does not.
        tests: Holds the expected value 42 once.
    """

    right: str
    wrong: str
    tests: str

    @property
    def check(self) -> ExitCodeCheck:
        """The tests, with the 42 in them changed for the negative control."""
        start = self.tests.index("42")
        return ExitCodeCheck(tests=self.tests, changes=(Change(start=start, end=start + 2, text="43"),))


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """How programs of one language are made, compiled and run.

    Attributes:
        name: In lower case, as `Job.language` has it.
        family: Key of `FAMILIES`.
        file_name: Of the source.
        run: Arguments that run it, in the folder it is in.
        compile: Arguments that compile it first; () for none.
        environment: Variables beyond those of every program.
        token: Statement that prints the completion token, which is put where it says `{token}`.
        closing_braces: Closing braces at the end of the tests that the statement comes before, such as that of `main`.
        assertion_exits: Exit statuses that a failed assertion has. Where the language ends with the same status for
            any uncaught exception, the two cannot be told apart, and both are an assertion.
        assertion_signals: Signals that a failed assertion ends with.
        processes: Processes and threads that its runtime needs at least.
        compile_limits: What compiling may use.
        trial: A right and a wrong program.
    """

    name: str
    family: str
    file_name: str
    run: tuple[str, ...]
    compile: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    token: str
    closing_braces: int = 0
    assertion_exits: tuple[int, ...] = (1,)
    assertion_signals: tuple[int, ...] = ()
    processes: int = 32
    compile_limits: Limits = _COMPILE_LIMITS
    trial: Trial

    def source(self, program: str, tests: str, token: str) -> str:
        """The one file: program, tests, and last the statement that prints `token`.

        The token can be read by a program that reads its own source. It is there to tell a program that ended early
        from one that came to its end; whoever prints it and exits is caught by the negative control.

        Raises:
            ValueError: if the tests do not end with the closing braces that they should.
        """
        body, end = tests.rstrip(), ""
        for _ in range(self.closing_braces):
            if not body.endswith("}"):
                raise ValueError(
                    f"tests in {self.name} end with {self.closing_braces} closing braces, these end with {body[-20:]!r}"
                )
            body, end = body[:-1].rstrip(), f"}}\n{end}"
        return f"{program}\n{body}\n{self.token.replace('{token}', token)}\n{end}"

    def trials(self, limits: Limits) -> tuple[Job, Job]:
        """Jobs that the declaration proves itself with: the first passes and the second does not."""
        right, wrong = (
            Job(program=program, check=self.trial.check, limits=limits, language=self.name)
            for program in (self.trial.right, self.trial.wrong)
        )
        return right, wrong


LANGUAGES: Mapping[str, Language] = {
    language.name: language
    for language in (
        Language(
            name="python",
            family="python",
            file_name="main.py",
            run=("python3", "-s", "-B", "main.py"),
            environment={"PYTHONHASHSEED": "0"},
            token='print("{token}", flush=True)',  # noqa: S106 - a template
            trial=Trial(
                right="def double(x):\n    return x * 2\n",
                wrong="def double(x):\n    return x\n",
                tests="assert double(21) == 42\n",
            ),
        ),
        Language(
            name="bash",
            family="script",
            file_name="main.sh",
            run=("bash", "main.sh"),
            token="builtin printf '%s\\n' '{token}'",  # noqa: S106 - a template
            trial=Trial(
                right="double() {\n    echo $(($1 * 2))\n}\n",
                wrong='double() {\n    echo "$1"\n}\n',
                tests='set -e\n[[ $(double 21) = "42" ]]\n',
            ),
        ),
        Language(
            name="javascript",
            family="node",
            file_name="main.js",
            run=("node", "main.js"),
            token='console.log("{token}");',  # noqa: S106 - a template
            processes=128,
            trial=Trial(
                right="function double(x) {\n  return x * 2;\n}\n",
                wrong="function double(x) {\n  return x;\n}\n",
                tests='require("node:assert").strictEqual(double(21), 42);\n',
            ),
        ),
        Language(
            name="cpp",
            family="gcc",
            file_name="main.cpp",
            compile=("g++", "-std=c++17", "-O0", "-o", "main", "main.cpp", "-lcrypto", "-lpthread"),
            run=("./main",),
            # A builtin: it needs no header, and no macro of the program's changes it by accident.
            token='__builtin_puts("{token}");',  # noqa: S106 - a template
            closing_braces=1,
            assertion_exits=(),
            assertion_signals=(6,),  # SIGABRT; an exception that nothing catches ends with it too
            trial=Trial(
                right="#include <cassert>\nlong twice(long x) { return 2 * x; }\n",
                wrong="#include <cassert>\nlong twice(long x) { return x; }\n",
                tests="int main() {\n    assert(twice(21) == 42);\n}\n",
            ),
        ),
        Language(
            name="typescript",
            family="typescript",
            file_name="main.ts",
            # An error of types is an error, as the dataset's authors have it.
            compile=("tsc", "--target", "esnext", "--module", "commonjs", "--skipLibCheck", "main.ts"),
            run=("node", "main.js"),
            token='console.log("{token}");',  # noqa: S106 - a template
            processes=128,
            compile_limits=replace(_COMPILE_LIMITS, processes=128),
            trial=Trial(
                right="function twice(x: number): number {\n  return 2 * x;\n}\n",
                wrong="function twice(x: number): number {\n  return x;\n}\n",
                tests='if (twice(21) !== 42) {\n  throw new Error("wrong");\n}\n',
            ),
        ),
        Language(
            name="php",
            family="php",
            file_name="main.php",
            run=("php", "main.php"),
            # A program that ends in `?>` turns the tests into text that is printed, and this statement with them: then
            # the token is not the last that it prints.
            token='echo "{token}\\n";',  # noqa: S106 - a template
            assertion_exits=(255,),
            trial=Trial(
                right="<?php\nfunction twice($x) {\n    return 2 * $x;\n}\n",
                wrong="<?php\nfunction twice($x) {\n    return $x;\n}\n",
                tests='if (twice(21) !== 42) { throw new Exception("wrong"); }\n',
            ),
        ),
        Language(
            name="perl",
            family="perl",
            file_name="main.pl",
            run=("perl", "main.pl"),
            token='print "{token}\\n";',  # noqa: S106 - a template
            trial=Trial(
                right="sub twice {\n    my ($x) = @_;\n    return 2 * $x;\n}\n",
                wrong="sub twice {\n    my ($x) = @_;\n    return $x;\n}\n",
                tests="use Test::Deep;\nif (!eq_deeply(twice(21), 42)) {\n    exit 1;\n}\n",
            ),
        ),
    )
}


def languages_of(family: Family) -> tuple[str, ...]:
    """Names of the languages whose tools are in the image of `family`."""
    return tuple(language.name for language in LANGUAGES.values() if language.family == family.name)


def chosen(names: str) -> tuple[Language, ...]:
    """The languages of `names`, each once.

    Args:
        names: Names of languages with commas between them, or "all".

    Raises:
        ValueError: if a name is none.
    """
    wanted = list(LANGUAGES) if names == "all" else [name.strip() for name in names.split(",")]
    unknown = [name for name in wanted if name not in LANGUAGES]
    if unknown:
        raise ValueError(f"no language is called {unknown[0]!r}: there are {', '.join(LANGUAGES)}")
    return tuple(LANGUAGES[name] for name in dict.fromkeys(wanted))


def families_of(names: str) -> tuple[Family, ...]:
    """Families whose images the languages of `names` need, each once; `names` as for `chosen`."""
    return tuple(FAMILIES[name] for name in dict.fromkeys(language.family for language in chosen(names)))
