"""What is said while a command works."""

import time

from codecrucible.harness.common import progress as progress_module
from codecrucible.harness.common.progress import Progress


def test_a_note_is_one_line_however_long_it_is(capsys):
    with Progress() as progress:
        progress.note("word " * 100 + "::error::gone")
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("word ::error::gone")


def test_a_log_gets_lines_while_nothing_advances_and_none_of_a_stage_that_ended(capsys, monkeypatch):
    monkeypatch.setattr(progress_module, "PLAIN_LINE_EVERY_S", 0.02)
    with Progress() as progress:
        progress.stage("read", total=1)
        time.sleep(0.3)
        progress.end("read")
        progress.stage("execute", total=2)
    lines = capsys.readouterr().err.splitlines()
    assert lines.count("read 0/1") >= 2
    assert lines[-1] == "execute 0/2"
