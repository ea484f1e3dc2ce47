"""Results to files: a document a line as JSON, and two tables, units and documents, as CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from wuxing_nlp.atomic import atomic_file
from wuxing_nlp.batch.run import Failure, Result
from wuxing_nlp.codebook import Codebook
from wuxing_nlp.errors import OutputError

BOM = "\ufeff"
"""Excel reads a CSV as UTF-8 only where it begins with this mark."""

_LIVE = ("=", "+", "-", "@", "\t", "\r")
_UNIT_COLUMNS = ("document", "unit", "start", "end", "kind", "status", "text", "codes", "evidence")
_DOCUMENT_COLUMNS = ("document", "title", "script", "units", "coded", "labelled", "abstained")


def safe(cell: object) -> str:
    """A cell that no spreadsheet takes for a formula: one that begins like one gets an apostrophe."""
    text = str(cell)
    return f"'{text}" if text.startswith(_LIVE) else text


def csv_line(cells: Sequence[object]) -> str:
    """One line of CSV (RFC 4180), every cell safe for spreadsheets."""
    buffer = io.StringIO()
    csv.writer(buffer).writerow([safe(cell) if isinstance(cell, str) else cell for cell in cells])
    return buffer.getvalue()


def unit_header(codebook: Codebook) -> list[str]:
    """Columns of the units' table: what a unit is, then 0/1 and probability for every base code."""
    return [*_UNIT_COLUMNS, *codebook.codes, *(f"p({code})" for code in codebook.codes)]


def unit_rows(result: Result, codebook: Codebook) -> Iterator[list[object]]:
    """One row a unit; the probability of a code that was not given stays empty."""
    source = result.document.text
    for number, unit in enumerate(result.tagged.units, start=1):
        base = codebook.base(unit.codes)
        likely = {code: tag.probability for tag in unit.tags for code in codebook.base([tag.code])}
        evidence = " | ".join(
            dict.fromkeys(source[e.start : e.end] for tag in unit.tags for e in tag.evidence)
        )
        about = (result.document.name, number, unit.start, unit.end, unit.kind, unit.status, unit.text)
        flags = [int(code in base) for code in codebook.codes]
        chances = [f"{likely[code]:.4f}" if code in likely else "" for code in codebook.codes]
        yield [*about, ",".join(unit.codes) or "0", evidence, *flags, *chances]


def document_header(codebook: Codebook) -> list[str]:
    """Columns of the documents' table: counts and shares of the letters, counts of the codes."""
    shares = [f"share({letter})" for letter in codebook.letters]
    return [*_DOCUMENT_COLUMNS, *codebook.letters, *shares, *codebook.codes]


def document_row(result: Result, codebook: Codebook) -> list[object]:
    """The profile of a document as one row."""
    profile = result.tagged.profile
    about = (result.document.name, result.document.title, result.tagged.script.script)
    counts = (
        profile.units,
        profile.coded,
        profile.statuses.get("labelled", 0),
        profile.statuses.get("abstained", 0),
    )
    shares = [f"{profile.share(letter):.4f}" for letter in codebook.letters]
    return [*about, *counts, *profile.letters.values(), *shares, *profile.codes.values()]


def csv_rows(result: Result, codebook: Codebook) -> Iterator[str]:
    """The units of a result as lines of CSV."""
    return (csv_line(row) for row in unit_rows(result, codebook))


class ResultFiles:
    """``results.jsonl``, ``units.csv``, ``documents.csv`` and ``failures.csv`` of a folder, written
    as results come and put in their places when the block ends well; none is ever half there.

    Raises:
        OutputError: the folder cannot be written.
    """

    NAMES = ("results.jsonl", "units.csv", "documents.csv", "failures.csv")

    def __init__(self, folder: Path, codebook: Codebook) -> None:
        self._folder = folder
        self._codebook = codebook
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"{self._folder} cannot be a folder: {error.strerror or error}") from error
        self._streams = [self._stack.enter_context(atomic_file(self._folder / name)) for name in self.NAMES]
        headers = (unit_header(self._codebook), document_header(self._codebook), ["input", "reason"])
        for stream, header in zip(self._streams[1:], headers, strict=True):
            _write(stream, BOM + csv_line(header))
        return self

    def add(self, outcome: Result | Failure) -> None:
        """Write one outcome to the files that it belongs in."""
        results, units, documents, failures = self._streams
        if isinstance(outcome, Failure):
            _write(failures, csv_line([outcome.name, outcome.reason]))
            return
        _write(results, json.dumps(outcome.to_dict(), ensure_ascii=False) + "\n")
        for line in csv_rows(outcome, self._codebook):
            _write(units, line)
        _write(documents, csv_line(document_row(outcome, self._codebook)))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        return self._stack.__exit__(kind, error, trace)


def _write(stream: BinaryIO, text: str) -> None:
    # Half a surrogate pair (in a file name, say) must not cost the whole file.
    stream.write(text.encode("utf-8", "backslashreplace"))
