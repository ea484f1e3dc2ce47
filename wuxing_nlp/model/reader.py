"""Units to the columns and values of their features, and to the places behind them.

Two readers give the same answers. :class:`PlainReader` says in Python what each feature is;
``NativeReader`` is the same in compiled code, for speed, where the package was built with a
compiler. One of them serves training, tagging and evidence alike, so that none of these can drift
from the others.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from wuxing_nlp.cues import Cue, cue_finder, cue_ngrams
from wuxing_nlp.model.ngrams import (
    CHARACTER_LENGTHS,
    CLASS_WEIGHT,
    FIGURE,
    JOINT,
    character_keys,
    cue_keys,
    shape,
    word_keys,
)
from wuxing_nlp.model.rows import Rows
from wuxing_nlp.text.opencc import longest_match

if TYPE_CHECKING:
    from wuxing_nlp.model.features import FeatureSpace

_FIGURE_OR_CHARACTER = re.compile(rf"{FIGURE.pattern}|\S")


class Places(NamedTuple):
    """Features at their places in one unit: ``columns``, ``starts`` and ``ends`` int32 (n_places,) in
    the canonical text, and ``parts`` float64, of the feature's value what falls on one character."""

    columns: NDArray[np.int32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    parts: NDArray[np.float64]


class Reader(Protocol):
    """Reads canonical unit texts and their words."""

    def rows(self, texts: Iterable[str], segmented: Iterable[Sequence[str]]) -> Rows:
        """Features of the units."""

    def places(self, text: str, words: Sequence[str]) -> Places:
        """Every known feature of a unit at every place."""


class PlainReader:
    """A reader in Python; the reference.

    Args:
        space: the features that the model knows.
    """

    def __init__(self, space: FeatureSpace) -> None:
        self._idf = space.idf
        self._finder = cue_finder(space.lexicon) if space.lexicon else None
        self._word_at = _columns(space.words, 0)
        self._character_at = _columns(space.characters, len(space.words))
        self._cue_at = _columns(space.cues, len(space.words) + len(space.characters))
        self._class_at = _columns(space.classes, len(space.idf) + len(space.terms))
        self._terms = [longest_match(terms) for terms in space.terms]

    def rows(self, texts: Iterable[str], segmented: Iterable[Sequence[str]]) -> Rows:
        """See :meth:`Reader.rows`."""
        columns: list[int] = []
        values: list[float] = []
        ends = [0]
        for text, words in zip(texts, segmented, strict=True):
            for column, value in self._row(text, words).items():
                columns.append(column)
                values.append(value)
            ends.append(len(columns))
        return Rows(
            np.array(columns, dtype=np.int32),
            np.array(values, dtype=np.float32),
            np.array(ends, dtype=np.int64),
        )

    def _row(self, text: str, words: Sequence[str]) -> dict[int, float]:
        cues = self._find(text)
        row = (
            self._block(word_keys(words), self._word_at)
            | self._block(character_keys(text), self._character_at)
            | self._block(cue_keys(text, cues), self._cue_at)
        )
        letters = (at for at, terms in enumerate(self._terms) if terms.search(text))
        row |= dict.fromkeys((len(self._idf) + at for at in letters), 1.0)
        return row | dict.fromkeys((self._class_at[cue.name] for cue in cues), CLASS_WEIGHT)

    def _block(self, keys: Iterable[str], known: dict[str, int]) -> dict[int, float]:
        """Columns of one block of one unit, with sublinear tf-idf weights of unit length."""
        counts = Counter(at for key in keys if (at := known.get(key)) is not None)
        weights = {at: (1 + math.log(count)) * float(self._idf[at]) for at, count in counts.items()}
        norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {at: weight / norm for at, weight in weights.items()}

    def _find(self, text: str) -> list[Cue]:
        """The cues of a text; none for a model that knows none, as those of the first format."""
        return self._finder.find(text) if self._finder else []

    def places(self, text: str, words: Sequence[str]) -> Places:
        """See :meth:`Reader.places`."""
        values = {column: float(np.float32(value)) for column, value in self._row(text, words).items()}
        places = list(self._occurrences(text, words))
        counts = Counter(column for column, _, _ in places)
        parts = [values[column] / counts[column] / (end - start) for column, start, end in places]
        spans = np.array(places, dtype=np.int32).reshape(-1, 3)
        return Places(spans[:, 0], spans[:, 1], spans[:, 2], np.array(parts, dtype=np.float64))

    def _occurrences(self, text: str, words: Sequence[str]) -> Iterator[tuple[int, int, int]]:
        """Every known feature at every place: (column, start, end) in the canonical text."""
        yield from self._word_occurrences(words)
        yield from self._character_occurrences(text)
        yield from self._cue_occurrences(text)
        for at, terms in enumerate(self._terms):
            for match in terms.finditer(text):
                yield len(self._idf) + at, match.start(), match.end()

    def _word_occurrences(self, words: Sequence[str]) -> Iterator[tuple[int, int, int]]:
        placed: list[tuple[str, int, int]] = []
        at = 0
        for word in words:
            if not word.isspace():
                placed.append((shape(word), at, at + len(word)))
            at += len(word)
        for word, start, end in placed:
            if (column := self._word_at.get(word)) is not None:
                yield column, start, end
        for (first, start, _), (second, _, end) in pairwise(placed):
            if (column := self._word_at.get(first + JOINT + second)) is not None:
                yield column, start, end

    def _character_occurrences(self, text: str) -> Iterator[tuple[int, int, int]]:
        squeezed, starts, ends = _squeeze(text)
        for length in CHARACTER_LENGTHS:
            for at in range(len(squeezed) - length + 1):
                column = self._character_at.get(squeezed[at : at + length])
                if column is not None:
                    yield column, starts[at], ends[at + length - 1]

    def _cue_occurrences(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Cues where they stand; a pair or triple where each of its cues stands."""
        cues = self._find(text)
        for key, made_of in cue_ngrams(text, cues):
            if (column := self._cue_at.get(key)) is not None:
                for cue in made_of:
                    yield column, cue.start, cue.end
        for cue in cues:
            yield self._class_at[cue.name], cue.start, cue.end


def _columns(keys: Sequence[str], first: int) -> dict[str, int]:
    return {key: at for at, key in enumerate(keys, start=first)}


def _squeeze(text: str) -> tuple[str, list[int], list[int]]:
    """The text as :func:`character_keys` sees it, with the span behind each of its characters."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _FIGURE_OR_CHARACTER.finditer(text):
        pieces.append("0" if match.group()[0] in "0123456789" else match.group())
        starts.append(match.start())
        ends.append(match.end())
    return "".join(pieces), starts, ends


def best_reader(space: FeatureSpace) -> Reader:
    """The compiled reader where the package was built with one, else the plain one."""
    try:
        from wuxing_nlp.model._native import NativeReader
    except ImportError:
        return PlainReader(space)
    try:
        return NativeReader(space)
    except (ValueError, RuntimeError):
        # Its tables cannot hold the vocabulary: two keys have one hash, as no text but a forger makes them.
        return PlainReader(space)
