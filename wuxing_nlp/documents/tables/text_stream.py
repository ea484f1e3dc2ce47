"""A text file of any size, line by line: decoded as it is read, no line longer than a limit."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO

from wuxing_nlp.documents.plain.decoding import decode
from wuxing_nlp.errors import DocumentError

BROKEN = "\udc80"
"""Stands where bytes are broken. Half a surrogate pair comes out of no codec, so nothing else is it."""

_SAMPLE = 1_000_000
_LONGEST_CHARACTER = 4
_TOLERANT = ("utf-8", "gb18030", "big5hkscs")
_MARK_BROKEN = "wuxing_nlp.mark_broken"


def _mark_broken(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return BROKEN, error.end


codecs.register_error(_MARK_BROKEN, _mark_broken)


def open_text(stream: BinaryIO, name: str) -> io.TextIOWrapper:
    """The text of ``stream``, which is closed with it; its ``encoding`` is the codec that was found.

    The codec is decided on the first megabyte. Broken bytes become :data:`BROKEN`, so that only the
    line that holds them is lost. Line ends stay as they are.

    Raises:
        DocumentError: nothing in it, a binary, or in no known encoding.
    """
    sample = stream.read(_SAMPLE)
    if not sample:
        raise DocumentError(name, "empty (0 bytes)", "give a table with rows")
    encoding = encoding_of(sample, name)
    stream.seek(0)
    return io.TextIOWrapper(stream, encoding, errors=_MARK_BROKEN, newline="")


def encoding_of(sample: bytes, name: str) -> str:
    """The codec of a text of which ``sample`` is the beginning, cut anywhere; a few of its lines
    may be broken. Raises DocumentError as :func:`decode`."""
    refusal: DocumentError | None = None
    for cut in range(_LONGEST_CHARACTER):
        try:
            return decode(sample[: len(sample) - cut], name)[1]
        except DocumentError as error:
            refusal = refusal or error
    try:
        return decode(_sound_lines(sample), name)[1]
    except DocumentError:
        assert refusal is not None
        raise refusal from None


def _sound_lines(sample: bytes) -> bytes:
    """The lines that one codec reads, without the NULs of a damaged disk; b"\\0" unless they are most."""
    lines = sample.replace(b"\0", b"").split(b"\n")
    kept = max((b"\n".join(_decodable(lines, codec)) for codec in _TOLERANT), key=len)
    return kept if len(kept) > len(sample) / 2 else b"\0"


def _decodable(lines: list[bytes], encoding: str) -> Iterator[bytes]:
    for line in lines:
        try:
            line.decode(encoding)
        except UnicodeDecodeError:
            continue
        yield line


def lines_of(text: io.TextIOWrapper, limit: int) -> Iterator[str | None]:
    """The lines with their ends; None for one of more than ``limit`` characters, which is skipped
    without being held in memory."""
    while line := text.readline(limit + 1):
        if len(line) <= limit:
            yield line
            continue
        while line and not line.endswith(("\n", "\r")):
            line = text.readline(limit)
        yield None
