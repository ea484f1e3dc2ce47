"""A run's predictions, document by document: all that estimates need of the units that no one coded."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wuxing_nlp.batch.outcome import Record
from wuxing_nlp.batch.record import run_codebook
from wuxing_nlp.codebook import Codebook
from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.evaluation.prevalence import Counted
from wuxing_nlp.evaluation.prevalence.data import Floats
from wuxing_nlp.report.folder import check_codebook, check_documents, read_results, read_run
from wuxing_nlp.report.groups import LONGEST_KEY, Grouping, grouping

Of = Literal["units", "documents"]
"""What shares are of: units, or documents with at least one unit that has the label."""

_JUDGED = ("labelled", "none", "abstained")


class Seen(NamedTuple):
    """What a run says of a unit: its document's row, 0/1 codes and probabilities by label, and the SHA-1
    of its text (hex; "" where the run holds no text)."""

    document: int
    codes: Floats
    probabilities: Floats
    sha1: str


@dataclass(frozen=True)
class Counts:
    """The predictions of a run, summed up by document.

    Attributes:
        book: whose labels.
        labels: letters and base codes, the columns of all arrays.
        of: what is counted.
        names: (n_documents,) the documents, in the order of the run.
        sizes: (n_documents,) units that the model judged, page furniture left out.
        codes: (n_documents, n_labels) sums of given codes; where documents are counted 0 or 1.
        probabilities: the same of probabilities; where documents are counted that of at least one unit,
            as if units were independent.
        open: the same of p·(1 - p).
        groups: (n_documents,) the group of each document, by the name of the grouping.
        numbers: places of the documents that were asked for to the numbers of their judged units.
        seen: the units that were asked for.
    """

    book: Codebook
    labels: tuple[str, ...]
    of: Of
    names: Sequence[str]
    sizes: NDArray[np.int64]
    codes: Floats
    probabilities: Floats
    open: Floats
    groups: Mapping[str, Sequence[str]]
    numbers: Mapping[str, Sequence[int]]
    seen: Mapping[tuple[str, int], Seen]

    @property
    def counted(self) -> NDArray[np.int64]:
        """(n_documents,) how many of what is counted each document has."""
        return self.sizes if self.of == "units" else np.minimum(self.sizes, 1)

    def predicted(self, *, probable: bool) -> Counted:
        """The predictions as estimators take them: probabilities, or 0/1 codes."""
        return Counted(self.counted.astype(np.float64), self.probabilities if probable else self.codes)

    def twice(self) -> set[str]:
        """The names that several documents have."""
        return {name for name, times in Counter(self.names).items() if times > 1}


def check_labels(labels: Sequence[str], book: Codebook) -> tuple[str, ...]:
    """Labels as they were given, each once; all letters where none is given.

    Raises:
        EvaluationError: one is neither a letter nor a base code.
    """
    known = book.letters + book.codes
    for label in labels:
        if label not in known:
            raise EvaluationError(f"there is no label {label!r}; there are {' '.join(known)}")
    return tuple(dict.fromkeys(labels)) or book.letters


def read_counts(
    run: Path,
    labels: Sequence[str] = (),
    *,
    by: Sequence[str] = (),
    of: Of = "units",
    wanted: Mapping[str, Collection[int]] | None = None,
) -> Counts:
    """Read a run's results once; memory grows with documents, not with units.

    Args:
        run: the folder of ``wuxing classify --out``.
        labels: letters and base codes; without any all letters.
        by: groupings, as for the report.
        of: what is counted.
        wanted: units that are to be seen, numbers by document.

    Raises:
        ReportError: the folder holds no finished run, it is damaged, or documents cannot be grouped so.
        EvaluationError: an unknown label, no judged unit, a probability outside 0 to 1.
    """
    facts, book = read_run(run), run_codebook(run)
    check_codebook(run, facts, book)
    groupings = [grouping(name, facts["counts"]["fields"]) for name in dict.fromkeys(by)]
    reader = _Reader(book, check_labels(labels, book), of, groupings, wanted or {})
    read_results(run, reader)
    check_documents(run, facts, len(reader.names))
    counts = reader.counts()
    if not counts.sizes.sum():
        raise EvaluationError(f"{run} has no unit that the model judged; there is nothing to estimate")
    return counts


def judged(record: Record) -> Iterator[tuple[int, Record]]:
    """The units of a document that shares are taken of, with their numbers in the units table."""
    for number, unit in enumerate(record["units"], start=1):
        if unit["status"] in _JUDGED and unit["kind"] != "furniture":
            yield number, unit


def text_of(unit: Record) -> str:
    """The text of a unit. Raises EvaluationError: the run holds none."""
    if "text" not in unit:
        raise EvaluationError(
            "the run holds no text (it was made with --no-text), and coders need it; make a run with text"
        )
    text: str = unit["text"]
    return text


def sha1(text: str) -> str:
    """The SHA-1 of a text in UTF-8, hex: what tells a coded unit."""
    return hashlib.sha1(text.encode("utf-8", "backslashreplace"), usedforsecurity=False).hexdigest()


class _Reader:
    """Sums up tagged documents as they come."""

    def __init__(
        self,
        book: Codebook,
        labels: tuple[str, ...],
        of: Of,
        groupings: Sequence[Grouping],
        wanted: Mapping[str, Collection[int]],
    ) -> None:
        self._book, self._labels, self._of = book, labels, of
        self._groupings, self._wanted = groupings, wanted
        self._sizes: list[int] = []
        self._sums: list[Floats] = []
        self._groups: dict[str, list[str]] = {by.name: [] for by in groupings}
        self._numbers: dict[str, list[int]] = {}
        self._seen: dict[tuple[str, int], Seen] = {}
        self.names: list[str] = []

    def add(self, record: Record) -> None:
        """Sum up a tagged document."""
        name: str = record["document"]
        units = list(judged(record))
        codes = np.array([self._flags(unit) for _, unit in units]).reshape(len(units), len(self._labels))
        likely = self._probabilities(record, units).reshape(codes.shape)
        if name in self._wanted:
            self._look(name, units, codes, likely)
        self._sums.append(self._summed(codes, likely))
        self._sizes.append(len(units))
        self.names.append(name)
        for by in self._groupings:
            self._groups[by.name].append(by.key(record).strip()[:LONGEST_KEY])

    def _flags(self, unit: Record) -> list[float]:
        given = {*unit["labels"], *self._book.base(unit["codes"])}
        return [float(label in given) for label in self._labels]

    def _probabilities(self, record: Record, units: Sequence[tuple[int, Record]]) -> Floats:
        rows = [[unit["probabilities"][label] for label in self._labels] for _, unit in units]
        likely = np.array(rows, dtype=np.float64)
        if not ((likely >= 0) & (likely <= 1)).all():
            raise EvaluationError(
                f"{record['document']}: a probability lies outside 0 to 1; the results were changed: make "
                "the run anew"
            )
        return likely

    def _look(self, name: str, units: Sequence[tuple[int, Record]], codes: Floats, likely: Floats) -> None:
        self._numbers[name] = [number for number, _ in units]
        for (number, unit), given, probable in zip(units, codes, likely, strict=True):
            if number in self._wanted[name]:
                text = sha1(unit["text"]) if "text" in unit else ""
                self._seen[name, number] = Seen(len(self.names), given, probable, text)

    def _summed(self, codes: Floats, likely: Floats) -> Floats:
        """Codes, probabilities and what they leave open: (3, n_labels)."""
        if self._of == "units":
            return np.stack([codes.sum(axis=0), likely.sum(axis=0), (likely * (1 - likely)).sum(axis=0)])
        some = 1 - np.prod(1 - likely, axis=0)
        return np.stack([codes.any(axis=0).astype(np.float64), some, some * (1 - some)])

    def counts(self) -> Counts:
        """All that was read."""
        sums = np.stack(self._sums) if self._sums else np.zeros((0, 3, len(self._labels)))
        return Counts(
            self._book,
            self._labels,
            self._of,
            self.names,
            np.array(self._sizes, dtype=np.int64),
            sums[:, 0],
            sums[:, 1],
            sums[:, 2],
            self._groups,
            self._numbers,
            self._seen,
        )
