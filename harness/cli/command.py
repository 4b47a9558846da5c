"""What every command of the parser is made with."""

import argparse
from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    Commands: TypeAlias = argparse._SubParsersAction[Any]  # noqa: SLF001  # argparse has no other name for it


FORMATS = ("table", "markdown", "csv", "json", "latex", "html")
"""In which a command that makes tables prints them."""


class Version(argparse.Action):
    """Prints the version, which is looked up only then."""

    def __init__(self, option_strings: list[str], dest: str) -> None:
        super().__init__(option_strings, dest, nargs=0, help="show the version and exit")

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        """Print it, and exit with 0."""
        from codecrucible.harness.common.provenance import code_version

        print(f"codecrucible {code_version()}")
        parser.exit()


class Parser(argparse.ArgumentParser):
    """A parser whose help keeps the examples' lines."""

    def __init__(self, **keywords: Any) -> None:
        keywords.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(**keywords)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """As argparse does, but a misspelt command is answered by the one that is near."""
        near = get_close_matches(str(value), map(str, action.choices or ()), n=1)
        if near and value not in (action.choices or ()):
            raise argparse.ArgumentError(action, f"{value!r} is none; did you mean {near[0]!r}?")
        super()._check_value(action, value)


def add_command(
    commands: "Commands", name: str, what: str, *examples: str, tables: bool = False
) -> argparse.ArgumentParser:
    """The parser of the command `name`, with the options that all commands have."""
    epilog = "examples:\n" + "\n".join(f"  {example}" for example in examples)
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=what, description=what[0].upper() + what[1:] + ".", epilog=epilog
    )
    if tables:
        command.add_argument(
            "--format", choices=FORMATS, default="table", help="format of what is printed (default: table)"
        )
        command.add_argument(
            "--json", action="store_const", dest="format", const="json", help="short for --format json"
        )
    else:
        command.add_argument("--json", action="store_true", help="print the result as JSON on stdout")
    command.add_argument("--quiet", action="store_true", help="show no progress")
    command.add_argument("--debug", action="store_true", help="show the traceback of an internal error")
    return command


class Lazy:
    """A command that is imported when it is called."""

    def __init__(self, name: str, *, home: str = "run") -> None:
        self._name, self._home = name, home

    def __call__(self, options: argparse.Namespace) -> int:
        """Exit code of the command."""
        return int(getattr(import_module(f"codecrucible.harness.cli.{self._home}"), self._name)(options))
