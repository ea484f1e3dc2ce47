"""How many entries a ZIP archive has, counted before its table of contents is read into memory."""

from __future__ import annotations

import io
import struct
from typing import BinaryIO

from wuxing_nlp.errors import DocumentError

MAX_ENTRIES = 100_000
"""Entries of an archive, those of archives within it counted too."""

_MAX_DIRECTORY = 64_000_000  # bytes: 640 an entry
_END = b"PK\x05\x06"
_END_64 = b"PK\x06\x06"
_ENTRY = b"PK\x01\x02"
_END_SIZE = 22
_SIZE_OF_64 = 56 + 20  # the record of large archives, and what points to it
_LONGEST_END = _END_SIZE + (1 << 16) - 1 + _SIZE_OF_64  # with a comment of the greatest length


def check_directory(stream: BinaryIO, name: str, max_entries: int = MAX_ENTRIES) -> None:
    """Pass an archive of at most ``max_entries`` entries.

    The count that an archive declares is no proof, so the entries are counted where they are
    listed. What is no archive at all passes too: the module zipfile says so.

    Raises:
        DocumentError: more entries.
    """
    length = stream.seek(0, io.SEEK_END)
    begin = stream.seek(max(0, length - _LONGEST_END))
    tail = stream.read()
    at = _end(tail)
    size = _directory_size(tail, at) if at >= 0 else 0
    stream.seek(max(0, begin + at - size - _SIZE_OF_64))
    found = stream.read(min(size, _MAX_DIRECTORY) + _SIZE_OF_64).count(_ENTRY)
    stream.seek(0)
    if size > _MAX_DIRECTORY or found > max_entries:
        seen = f"more than {max_entries:,} entries"
        raise DocumentError(name, seen, "unpack it yourself and give the folder")


def _end(tail: bytes) -> int:
    """Where the record at an archive's end begins, as zipfile finds it; -1 without one."""
    at = len(tail) - _END_SIZE
    if at >= 0 and tail.startswith(_END, at) and tail.endswith(b"\0\0"):
        return at
    at = tail.rfind(_END)
    return at if len(tail) - at >= _END_SIZE else -1


def _directory_size(tail: bytes, at: int) -> int:
    """Bytes of the table of contents, which lies before the record at ``at``."""
    at_64 = at - _SIZE_OF_64
    if at_64 >= 0 and tail.startswith(_END_64, at_64):
        return int(struct.unpack_from("<Q", tail, at_64 + 40)[0])
    return int(struct.unpack_from("<L", tail, at + 12)[0])
