"""pyapp.link.sse: what a stream says does not hang on where it is cut."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pyapp.link import sse
from pyapp.link.sse import SseMessage, SseParser


def read(*chunks: bytes) -> list[SseMessage]:
    parser = SseParser()
    return [message for chunk in chunks for message in parser.feed(chunk)]


def data(*chunks: bytes) -> list[str]:
    return [message.data for message in read(*chunks)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_messages_end_with_an_empty_line(end: str) -> None:
    """Whatever ends a line; several lines of data are one text."""
    lines = ["event: Said", "data: one", "data:two", "data", "", "data: {}", "", "data: not whole"]
    assert read(end.join(lines).encode()) == [SseMessage("one\ntwo\n", "Said"), SseMessage("{}")]


def test_comments_and_what_has_no_data_are_no_messages() -> None:
    """A heartbeat is a comment; an event without data is none, and leaves no name behind."""
    assert data(b": heartbeat\n\nevent: Left\n\ndata: x\n\n") == ["x"]
    assert read(b"event: Left\n\ndata: x\n\n")[0].name == ""


def test_ids_stay_until_there_is_another() -> None:
    """One with a NUL in it is none; an empty one takes the last away."""
    said = read(b"id: 7\ndata: a\n\ndata: b\n\nid: 8\0\ndata: c\n\nid\ndata: d\n\n")
    assert [each.id for each in said] == ["7", "7", "7", ""]


def test_a_pause_is_read_where_it_is_a_number() -> None:
    parser = SseParser()
    parser.feed("retry: 2500\n\nretry: soon\n\nretry: ٣\n\n".encode())
    assert parser.retry_s == 2.5


def test_one_space_and_one_mark_at_the_start_are_taken_off() -> None:
    """The mark of UTF-8 once, before all else; of spaces behind the colon one."""
    assert data(b"\xef\xbb\xbfdata:  x\n\n\xef\xbb\xbfdata: y\n\ndata: z\n\n") == [" x", "z"]


def test_what_is_no_utf8_is_said_with_a_mark() -> None:
    assert data(b"data: a\xffb\n\n") == ["a\ufffdb"]


def test_a_message_beyond_the_bound_is_cut_and_the_next_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one line or in many; what comes behind it has all the room again."""
    monkeypatch.setattr(sse, "MAX_MESSAGE_CHARS", 20)
    long, many = b"data: " + b"x" * 100 + b"\n\n", b"data: xxxx\n" * 9 + b"\n"
    for one in (long, many):
        first, second = read(*(one[at : at + 7] for at in range(0, len(one), 7)), b"data: short\n\n")
        assert first.cut
        assert len(first.data) <= 20
        assert second == SseMessage("short")


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"), max_size=12)
FIELDS = st.one_of(
    TEXTS.map("data: {}".format),
    TEXTS.map("event: {}".format),
    TEXTS.map("id: {}".format),
    TEXTS.map(": {}".format),
    st.just(""),
    TEXTS,
)


@given(st.lists(st.tuples(FIELDS, st.sampled_from(["\n", "\r\n", "\r"]))), st.lists(st.integers(0, 400)), st.booleans())
@example([("data: ", "\r\n"), ("", "\n")], [], False)
def test_where_the_stream_is_cut_changes_nothing(lines: list[tuple[str, str]], cuts: list[int], mark: bool) -> None:
    """Against the same parser fed all at once."""
    stream = ("\ufeff" * mark + "".join(line + end for line, end in lines)).encode()
    places = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})
    chunks = [stream[start:stop] for start, stop in pairwise(places)]
    assert read(*chunks) == read(stream)
    assert read(*(bytes([each]) for each in stream)) == read(stream)


@given(st.lists(TEXTS, min_size=1), st.sampled_from(["\n", "\r\n", "\r"]))
def test_what_was_written_is_read(texts: list[str], end: str) -> None:
    stream = "".join(f"data: {text}{end}{end}" for text in texts).encode()
    assert data(*(bytes([each]) for each in stream)) == texts
