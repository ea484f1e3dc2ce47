"""Messages come out of a pipe as they went in, and half of one is none."""

from __future__ import annotations

import os
from io import FileIO
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxing_nlp.documents.pdf.frames import received, send, skip_to

LARGE = bytes(range(256)) * 20_000
"""More than a pipe holds, and more than is read at once."""


def passed(messages: list[bytes]) -> list[bytes]:
    """Messages through a pipe."""
    read, write = os.pipe()
    with FileIO(read) as source, FileIO(write, "w") as sink:
        sender = Thread(target=lambda: [send(sink, message) for message in messages])
        sender.start()
        found = [received(source) for _ in messages]
        sender.join()
    return found


@given(st.lists(st.binary(max_size=100), max_size=5))
def test_messages_arrive_one_by_one(messages: list[bytes]) -> None:
    assert passed(messages) == messages


def test_what_is_larger_than_a_pipe_arrives_whole() -> None:
    assert passed([LARGE, b"", LARGE[1:]]) == [LARGE, b"", LARGE[1:]]


@pytest.mark.parametrize("sent", [b"", b"\x05\0", b"\x05\0\0\0\0\0\0\0abcd"])
def test_half_a_message_is_none(sent: bytes) -> None:
    read, write = os.pipe()
    with FileIO(read) as source:
        with FileIO(write, "w") as sink:
            sink.write(sent)
        with pytest.raises(EOFError):
            received(source)


def test_who_sends_to_nobody_is_told() -> None:
    read, write = os.pipe()
    os.close(read)
    with FileIO(write, "w") as sink, pytest.raises(OSError, match="pipe"):
        send(sink, b"a")


@pytest.mark.parametrize(
    ("before", "found"), [(b"", True), (b"mmar", True), (b"m\nmar", True), (b"mar", False)]
)
def test_what_stands_before_a_mark_is_passed_over(before: bytes, found: bool) -> None:
    read, write = os.pipe()
    with FileIO(read) as source:
        with FileIO(write, "w") as sink:
            sink.write(before + (b"mark" if found else b"") + b"rest")
        if found:
            skip_to(source, b"mark")
            assert source.read(9) == b"rest"
        else:
            with pytest.raises(EOFError):
                skip_to(source, b"mark")
