"""Text in CSV that a spreadsheet would run as a formula: how it is guarded, and how it is read again."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence

_UNSEEN = r"[\x00-\x20\x7f-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]*"
# Spreadsheets drop some signs that are not seen (LibreOffice a NUL), and some take full-width signs.
_LIVE = re.compile(rf"[\t\n\r]|{_UNSEEN}[=+\-@＝＋－＠]")
_QUOTED = re.compile(r'[",;\t\r\n]')
_HARMLESS = re.compile(r" *[+\-＋－]?[0-9][0-9.,]*%? *|-+|－+")


def safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula: where it begins like one, and is more than a
    number or a dash, it gets an apostrophe."""
    if text[:1].isalnum():
        return text  # most do
    return f"'{text}" if _LIVE.match(text) and not _HARMLESS.fullmatch(text) else text


def bare(cell: str) -> str:
    """A cell without the apostrophe that :func:`safe` gave it."""
    text = cell.removeprefix("'")
    return text if safe(text) == cell else cell


def csv_lines(rows: Iterable[Sequence[object]]) -> str:
    """Rows as lines of CSV (RFC 4180); None is an empty cell, and texts are :func:`safe` already.

    A text with a semicolon or a tab is quoted too: spreadsheets that part cells there as well, as
    LibreOffice does by itself, would begin a cell in the middle of it."""
    lines = _Lines()
    writer = csv.writer(lines)
    for row in rows:
        writer.writerow(row)
        if ";" in lines[-1] or "\t" in lines[-1]:
            lines[-1] = ",".join(map(_quoted, row)) + "\r\n"
    return "".join(lines)


class _Lines(list[str]):
    """Lines that are written one at a time."""

    write = list.append


def _quoted(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text
