"""Text in CSV that a spreadsheet would run as a formula: how it is guarded, and how it is read again."""

from __future__ import annotations

import re

_HARMLESS = re.compile(r"[+-]?[0-9][0-9.,]*%?|-+")
_LIVE = ("=", "+", "-", "@", "\t", "\r")


def safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula: where it begins like one, and is more than a
    number or a dash, it gets an apostrophe."""
    return f"'{text}" if text.startswith(_LIVE) and not _HARMLESS.fullmatch(text) else text


def bare(cell: str) -> str:
    """A cell without the apostrophe that :func:`safe` gave it."""
    text = cell.removeprefix("'")
    return text if safe(text) == cell else cell
