"""What a workbook would take in memory, found out before it is unpacked there.

The library that reads workbooks holds a sheet as a full grid and every cell's text as a copy of
its own. A file of a few kilobytes with one cell at the far corner, or one long string used a
million times, would end the process. So the parts are measured first, as a stream.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import IO
from xml.parsers import expat
from zipfile import ZipFile, ZipInfo

MAX_CELLS = 10_000_000
"""Cells of one sheet's grid, the empty ones between them counted."""

MAX_TEXT = 100_000_000
"""Characters in the cells of one sheet."""

MAX_TAGS = 40_000_000
"""Tags of all sheets and of the strings that they share: a cell with a value has four."""

_CHUNK = 1 << 20
_STRINGS = (b"uniqueCount", b"<si", b":si")
_LETTERS = 26
_DIGITS = 20  # of a number that is converted


class TooLarge(Exception):
    """What of a workbook is over its limit, in words for a person."""


def check_sheets(archive: ZipFile) -> None:
    """Pass a workbook whose sheets fit into memory.

    Parts are known by what is in them: their names prove nothing.

    Raises:
        TooLarge: a grid or its texts are over the limit.
        xml.parsers.expat.ExpatError: a part is no well-formed XML, or declares entities.
    """
    sheets, shared, strings = [], [], _Strings()
    for info in archive.infolist():
        if _holds(archive, info, b"sheetData"):
            sheets.append(info)
        elif _holds(archive, info, *_STRINGS):
            shared.append(info)
    _check_tags(archive, [*shared, *sheets])
    for info in shared:
        _parse(archive, info, strings.start, strings.data)
    for info in sheets:
        sheet = _Sheet(strings.lengths)
        _parse(archive, info, sheet.start, sheet.data)
        sheet.check()


def _check_tags(archive: ZipFile, parts: Sequence[ZipInfo]) -> None:
    tags = 0
    for info in parts:
        with archive.open(info) as stream:
            tags += sum(chunk.count(b"<") for chunk in _chunks(stream))
    if tags > MAX_TAGS:
        raise TooLarge(f"{tags:,} tags in its sheets, the limit is {MAX_TAGS:,}")


def _holds(archive: ZipFile, info: ZipInfo, *words: bytes) -> bool:
    """Whether one of the words stands in a part, which is unpacked once for all of them."""
    tail, longest = b"", max(map(len, words))
    with archive.open(info) as stream:
        for chunk in _chunks(stream):
            seen = tail + chunk
            if any(word in seen for word in words):
                return True
            tail = chunk[-longest:]
    return False


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk


def _parse(
    archive: ZipFile,
    info: ZipInfo,
    start: Callable[[str, dict[str, str]], None],
    data: Callable[[str], None],
) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.CharacterDataHandler = data
    parser.StartDoctypeDeclHandler = _refuse_doctype
    with archive.open(info) as stream:
        for chunk in _chunks(stream):
            parser.Parse(chunk, False)
    parser.Parse(b"", True)


def _refuse_doctype(*_: object) -> None:
    raise TooLarge("a document type declaration, which no workbook has")


class _Strings:
    """The lengths of the strings that cells share."""

    def __init__(self) -> None:
        self.lengths: list[int] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        # Room is taken for as many strings as are announced, before the first is read.
        announced = attributes.get("uniqueCount", "").lstrip("0")[:_DIGITS]
        if announced.isdecimal() and int(announced) > MAX_CELLS:
            raise TooLarge(f"{announced} strings announced, the limit is {MAX_CELLS:,}")
        if name.rpartition(":")[2] == "si":
            self.lengths.append(0)

    def data(self, text: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(text)


class _Sheet:
    """The corners of a sheet's grid, and the characters in it."""

    def __init__(self, lengths: list[int]) -> None:
        self._lengths = lengths
        self._at = (-1, -1)
        self._first: tuple[int, int] | None = None
        self._last = (0, 0)
        self._text = 0
        self._in_value = self._shared = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins: a row, a cell, or what a cell that is not empty holds."""
        name = name.rpartition(":")[2]
        self._in_value = name in ("v", "t")
        if name == "c":
            self._at = self._place(attributes.get("r"))
            self._shared = attributes.get("t") == "s"
        elif name == "row":
            row = attributes.get("r", "")
            self._at = (int(row) - 1 if row.isdecimal() else self._at[0] + 1, -1)
        elif self._in_value or name in ("f", "is"):
            self._extend()

    def data(self, text: str) -> None:
        """Characters: of a shared string its number, otherwise the value itself."""
        if self._in_value:
            index = int(text) if self._shared and text.isdecimal() else len(self._lengths)
            self._text += self._lengths[index] if index < len(self._lengths) else len(text)

    def _place(self, reference: str | None) -> tuple[int, int]:
        if reference is None:
            return self._at[0], self._at[1] + 1
        letters = reference.rstrip("0123456789")
        column = 0
        for letter in letters.upper():
            column = column * _LETTERS + ord(letter) - ord("A") + 1
        return int(reference[len(letters) :] or 1) - 1, column - 1

    def _extend(self) -> None:
        (row, column), (first_row, first_column) = self._at, self._first or self._at
        self._first = min(row, first_row), min(column, first_column)
        self._last = max(row, self._last[0]), max(column, self._last[1])

    def check(self) -> None:
        """Raises TooLarge: the grid or its text is over the limit."""
        first = self._first or self._last
        cells = (self._last[0] - first[0] + 1) * (self._last[1] - first[1] + 1)
        if cells > MAX_CELLS:
            raise TooLarge(
                f"a sheet of {cells:,} cells, empty ones between them counted; the limit is {MAX_CELLS:,}"
            )
        if self._text > MAX_TEXT:
            raise TooLarge(f"a sheet of {self._text:,} characters, the limit is {MAX_TEXT:,}")
