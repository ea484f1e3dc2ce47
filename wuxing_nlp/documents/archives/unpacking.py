"""How far a ZIP file is trusted: limits on what it declares, checked before it is unpacked.

What it declares binds: the module zipfile never unpacks more of an entry than was declared.
"""

from __future__ import annotations

import lzma
import struct
import zlib
from zipfile import BadZipFile, ZipInfo

MAX_ENTRY_BYTES = 2_000_000_000
"""Declared size of one entry, unpacked."""

MAX_RATIO = 200
"""Declared size to packed size; text packs to a fifth, and a table of one word to a hundredth."""

RATIO_FROM = 10_000_000
"""Bytes below which any ratio is harmless."""

ERRORS = (
    BadZipFile, EOFError, IndexError, NotImplementedError, OverflowError, RuntimeError, ValueError,
    lzma.LZMAError, struct.error, zlib.error,
)  # fmt: skip
"""What the module zipfile raises for archives that are broken, encrypted or packed in unknown ways."""


def over_limit(info: ZipInfo) -> str:
    """Which limit an entry is over, in words for a person; "" for one that may be unpacked."""
    if info.file_size > MAX_ENTRY_BYTES:
        return f"{info.file_size:,} bytes unpacked, the limit is {MAX_ENTRY_BYTES:,}"
    if info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * info.compress_size:
        packed = f"{info.file_size:,} bytes packed into {info.compress_size:,}"
        return f"{packed}, as in a ZIP bomb; the limit is a ratio of {MAX_RATIO}"
    return ""
