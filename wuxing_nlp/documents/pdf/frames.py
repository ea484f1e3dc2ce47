"""Messages between the process that reads PDFs and the one that asks it: bytes with their length."""

from __future__ import annotations

import struct
from io import RawIOBase

_LENGTH = struct.Struct("<Q")
_MOST_AT_ONCE = 1 << 20


def send(stream: RawIOBase, message: bytes) -> None:
    """Write a message whole. Raises OSError: nobody reads it."""
    for part in (_LENGTH.pack(len(message)), message):
        left = memoryview(part)
        while left:
            left = left[stream.write(left) or 0 :]


def received(stream: RawIOBase) -> bytes:
    """The next message. Raises EOFError: the other process ended before it was complete."""
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    return _exactly(stream, length)


def _exactly(stream: RawIOBase, length: int) -> bytes:
    data = bytearray()
    while len(data) < length:
        part = stream.read(min(length - len(data), _MOST_AT_ONCE))
        if not part:
            raise EOFError
        data += part
    return bytes(data)
