"""What is said while a command works."""

from codecrucible.harness.common.progress import Progress


def test_a_note_is_one_line_however_long_it_is(capsys):
    with Progress() as progress:
        progress.note("word " * 100 + "::error::gone")
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("word ::error::gone")
