"""The units of a run that may be coded next, each text once, and what is coded already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wuxing_nlp.batch.outcome import Record
from wuxing_nlp.codebook import Codebook, load_codebook
from wuxing_nlp.coding import CodedUnit, Corpus
from wuxing_nlp.coding.files import scan
from wuxing_nlp.errors import CorpusError
from wuxing_nlp.estimates.counts import judged, text_of
from wuxing_nlp.report.folder import read_results

Place = tuple[int, int]
"""A unit: its document's row in the run, and its number among the document's judged units, from 0."""


@dataclass(frozen=True)
class Pool:
    """Judged units of a run, a row each distinct text, in the order of the run.

    Attributes:
        labels: letters and base codes, the columns.
        places: which unit each row is.
        texts: their texts.
        given: (n_units, n_labels) the model's labels.
        likely: (n_units, n_labels) their probabilities.
        same: the row of every judged unit of the run, repeated texts too.
    """

    labels: tuple[str, ...]
    places: Sequence[Place]
    texts: Sequence[str]
    given: NDArray[np.bool_]
    likely: NDArray[np.float32]
    same: Mapping[Place, int]

    def columns(self, labels: Sequence[str]) -> NDArray[np.intp]:
        """The columns of some labels."""
        return np.array([self.labels.index(label) for label in labels], dtype=np.intp)


def read_pool(run: Path, book: Codebook) -> Pool:
    """Read the units of a run; memory grows with them, some hundred bytes each.

    Raises:
        ReportError: the folder holds no finished run, or it is damaged.
        EvaluationError: the run holds no text.
    """
    reader = _Reader(book)
    read_results(run, reader)
    return reader.pool()


class _Reader:
    """Collects units, of each text the first."""

    def __init__(self, book: Codebook) -> None:
        self._book, self._labels = book, book.letters + book.codes
        self._rows: dict[str, int] = {}
        self._places: list[Place] = []
        self._given: list[NDArray[np.bool_]] = []
        self._likely: list[NDArray[np.float32]] = []
        self._same: dict[Place, int] = {}
        self._at = 0

    def add(self, record: Record) -> None:
        """Collect the units of a document."""
        for place, (_, unit) in enumerate(judged(record)):
            row = self._rows.setdefault(text_of(unit), len(self._rows))
            self._same[self._at, place] = row
            if row == len(self._places):
                self._collect((self._at, place), unit)
        self._at += 1

    def _collect(self, place: Place, unit: Record) -> None:
        given = {*unit["labels"], *self._book.base(unit["codes"])}
        self._places.append(place)
        self._given.append(np.array([label in given for label in self._labels]))
        # Four places are written, and half the memory is enough for them.
        self._likely.append(np.array([unit["probabilities"][label] for label in self._labels], np.float32))

    def pool(self) -> Pool:
        """All that was read."""
        shape = (len(self._places), len(self._labels))
        given = np.array(self._given, dtype=np.bool_).reshape(shape)
        likely = np.array(self._likely, dtype=np.float32).reshape(shape)
        return Pool(self._labels, self._places, list(self._rows), given, likely, self._same)


@dataclass(frozen=True)
class Done:
    """What is coded already: one's own units, and the SHA-1 of the texts that the shipped model learnt."""

    own: Sequence[CodedUnit] = ()
    learnt: frozenset[str] = frozenset()

    def codes(self, book: Codebook) -> dict[str, frozenset[str]]:
        """Base codes of one's own units by the SHA-1 of their text."""
        return {unit.sha1: book.base(unit.codes) for unit in self.own}


def read_done(own: Path | None, corpus: Path | None, book: Codebook) -> Done:
    """Read what is coded.

    Args:
        own: a file or folder of one's own codings; rows of a sheet without codes yet do not count.
        corpus: the corpus folder, where it is there; by another codebook its texts are not coded.
        book: whose codes they are.

    Raises:
        CorpusError: the first line that is no coded unit.
    """
    units = []
    for _, _, outcome in scan(own, book) if own else ():
        if not isinstance(outcome, CodedUnit):
            raise CorpusError(str(outcome))
        units.append(outcome)
    shipped = book.fingerprint == load_codebook().fingerprint
    return Done(tuple(units), _learnt(Corpus(corpus)) if corpus and shipped else frozenset())


def _learnt(corpus: Corpus) -> frozenset[str]:
    labels = [*(corpus.labels() if corpus.labels_path.is_file() else ()), *corpus.selected()]
    return frozenset(coding.sha1 for coding in (*corpus.authored(), *labels))
