"""The tables that researchers get: their columns, and a document's rows in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Literal, get_args

from wuxing_nlp.batch.outcome import Failure, Record
from wuxing_nlp.batch.telling import words_of
from wuxing_nlp.codebook import Codebook
from wuxing_nlp.codebook.columns import label_name
from wuxing_nlp.documents import Metadata
from wuxing_nlp.model.results import Status

Cell = str | int | float | None
Row = list[Cell]
Type = Literal["text", "count", "share"]

OF_INPUT = " (input)"
"""What is added to the name of an input's column that is one of ours as well."""

_METADATA = tuple(field.name for field in fields(Metadata))
_STATUSES: tuple[str, ...] = get_args(Status)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name and what its cells are; a cell may also be empty (None)."""

    name: str
    type: Type


def storable(cell: Cell) -> Cell:
    """The cell as UTF-8 can hold it, which has no place for half a surrogate pair."""
    return cell.encode("utf-8", "backslashreplace").decode() if isinstance(cell, str) else cell


def labels(codebook: Codebook) -> tuple[str, ...]:
    """The labels that have columns: every letter, then every base code."""
    return codebook.letters + codebook.codes


class UnitTable:
    """One row a unit: what it is, then 0/1 and probability for every label.

    Args:
        codebook: whose labels.
        text: False for tables without the documents' words.
    """

    name = "units"

    def __init__(self, codebook: Codebook, *, text: bool = True) -> None:
        self._codebook = codebook
        self._labels = labels(codebook)
        self._places = {label: at for at, label in enumerate(self._labels)}
        self._text = text
        self.columns = [
            *_columns("text", "document"),
            *_columns("count", "unit", "start", "end"),
            *_columns("text", "kind", "status", *(("text", "codes", "evidence") if text else ("codes",))),
            *_columns("count", *(label_name(label, codebook) for label in self._labels)),
            *_columns("share", *(f"p_{label_name(label, codebook)}" for label in self._labels)),
        ]

    def rows(self, record: Record) -> Iterator[Row]:
        """The rows of a document; the probabilities of a unit that was not judged are empty."""
        for number, unit in enumerate(record["units"], start=1):
            place = [record["document"], number, unit["start"], unit["end"], unit["kind"], unit["status"]]
            codes = ",".join(unit["codes"]) or "0"
            words = [unit["text"], codes, _evidence(unit)] if self._text else [codes]
            likely = unit.get("probabilities", {})
            yield [*place, *words, *self._flags(unit), *map(likely.get, self._labels)]

    def _flags(self, unit: Record) -> list[int]:
        flags = [0] * len(self._labels)
        for label in (*unit["labels"], *self._codebook.base(unit["codes"])):
            flags[self._places[label]] = 1
        return flags


class DocumentTable:
    """One row a document: metadata, counts and shares of every label, then the input's own columns.

    Args:
        codebook: whose labels.
        fields: the names of the input's own columns; one that the table has already gets
            :data:`OF_INPUT`.
    """

    name = "documents"

    def __init__(self, codebook: Codebook, fields: Sequence[str] = ()) -> None:
        self._labels = labels(codebook)
        self._fields = fields
        names = [label_name(label, codebook) for label in self._labels]
        self.columns = [
            *_columns("text", "document", *_METADATA, "script"),
            *_columns("count", "units", "coded", *_STATUSES, *names),
            *_columns("share", *(f"share_{name}" for name in names)),
        ]
        taken = {column.name for column in self.columns}
        for name in fields:
            while name in taken:
                name += OF_INPUT
            taken.add(name)
            self.columns.append(Column(name, "text"))

    def rows(self, record: Record) -> Iterator[Row]:
        """The one row of a document. Shares are of its coded units, empty where it has none."""
        profile, metadata = record["profile"], record["metadata"]
        coded = profile["coded"]
        counted = profile["letters"] | profile["codes"]
        counts = [counted[label] for label in self._labels]
        yield [
            record["document"],
            *(metadata[name] for name in _METADATA),
            record["script"]["script"],
            profile["units"],
            coded,
            *(profile["statuses"].get(status, 0) for status in _STATUSES),
            *counts,
            *(round(count / coded, 4) if coded else None for count in counts),
            *(record["fields"].get(name) for name in self._fields),
        ]


class FailureTable:
    """One row an input that gave no result."""

    name = "failures"

    def __init__(self) -> None:
        self.columns = _columns("text", "input", "reason", "advice")

    def rows(self, failure: Failure) -> Iterator[Row]:
        """The one row of a failure."""
        yield [failure.name, failure.seen, failure.advice]


def _columns(kind: Type, *names: str) -> list[Column]:
    return [Column(name, kind) for name in names]


def _evidence(unit: Record) -> str:
    """The words of a unit's evidence, the strongest of each tag first."""
    return " | ".join(words_of(unit, (span for tag in unit["tags"] for span in tag["evidence"])))
