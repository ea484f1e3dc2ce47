"""Messages between the process that reads PDFs and the one that asks it: bytes with their length."""

from __future__ import annotations

import struct
from io import RawIOBase

READY = b"\0wuxing_nlp reads PDFs\n"
"""What the process that reads PDFs says first; a message follows that says why it cannot, or nothing."""

_LENGTH = struct.Struct("<Q")


def send(stream: RawIOBase, message: bytes) -> None:
    """Write a message whole. Raises OSError: nobody reads it."""
    for part in (_LENGTH.pack(len(message)), message):
        send_plain(stream, part)


def send_plain(stream: RawIOBase, part: bytes) -> None:
    """Write bytes whole, without their length. Raises OSError: nobody reads them."""
    left = memoryview(part)
    while left:
        left = left[stream.write(left) or 0 :]


def received(stream: RawIOBase) -> bytes:
    """The next message. Raises EOFError: the other process ended before it was complete."""
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    return bytes(_exactly(stream, length))


def skip_to(stream: RawIOBase, mark: bytes) -> None:
    """Read up to the end of the first ``mark``. Raises EOFError: there is none."""
    seen = b""
    while not seen.endswith(mark):
        seen = (seen + _exactly(stream, 1))[-len(mark) :]


def _exactly(stream: RawIOBase, length: int) -> bytearray:
    data = bytearray(length)
    left = memoryview(data)
    while left:
        count = stream.readinto(left)
        if not count:
            raise EOFError
        left = left[count:]
    return data
