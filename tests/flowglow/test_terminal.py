"""Foreign text on its way to a terminal."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from flowglow.terminal import Output, Unwritable, forgive, one_line, safe


def test_nothing_moves_the_cursor_or_changes_a_colour() -> None:
    assert safe("a\x1b[31mb\x9b\r\n\u202e") == "a�[31mb��\n�"


def test_it_cannot_look_like_another_line() -> None:
    assert one_line("one\n✓ done\tand more") == "one ✓ done and more"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_sign_that_an_encoding_has_not_is_written_as_another(encoding: str) -> None:
    written = io.BytesIO()
    stream = io.TextIOWrapper(written, encoding=encoding)
    forgive(stream)
    Output(stream).line("✓ done")
    assert written.getvalue() == b"? done\n"


def test_an_output_that_nobody_reads_takes_no_more_and_is_closed_in_peace() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w") as stream:
        output = Output(stream)
        output.check()
        output.line("one")
        output.line("two")
        with pytest.raises(Unwritable) as told:
            output.check()
    assert output.failed and told.value.closed


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="There is no /dev/full here.")
def test_a_full_disk_is_told_and_closed_in_peace() -> None:
    with open("/dev/full", "w") as stream:
        output = Output(stream)
        output.line("one")
        with pytest.raises(Unwritable, match="No space left") as told:
            output.check()
    assert not told.value.closed
