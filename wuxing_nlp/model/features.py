"""Canonical text to sparse features: word and character n-grams, and the codebook's own terms.

Words (1–2-grams) and characters (1–4-grams) are two blocks, each weighted by sublinear tf-idf and
scaled to unit length by itself; the third block says which letters' codebook terms occur. The same
code serves training, tagging and evidence, so that none of them can drift from the others.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.text.opencc import longest_match

WORD_LENGTHS = (1, 2)
CHARACTER_LENGTHS = (1, 2, 3, 4)
_JOINT = "\t"  # between the words of a bigram: no word holds it
_SPACE = re.compile(r"\s+")
_DIGITS = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_FIGURE_OR_CHARACTER = re.compile(rf"{_DIGITS.pattern}|\S")


def _shape(word: str) -> str:
    """A word as a feature: figures are worth their being figures, not their value."""
    return _DIGITS.sub("0", word)


def word_keys(words: Sequence[str]) -> Iterator[str]:
    """Word unigrams and bigrams of a unit, white space left out."""
    shaped = [_shape(word) for word in words if not word.isspace()]
    yield from shaped
    for first, second in pairwise(shaped):
        yield first + _JOINT + second


def character_keys(text: str) -> Iterator[str]:
    """Character n-grams of a unit, white space left out and figures shortened to 0."""
    squeezed = _SPACE.sub("", _shape(text))
    for length in CHARACTER_LENGTHS:
        for start in range(len(squeezed) - length + 1):
            yield squeezed[start : start + length]


class FeatureSpace:
    """The features that a model knows, with their weights by rarity.

    ``words`` and ``characters`` are the known n-grams, ``idf`` their inverse document frequencies
    (one array over words, then characters). Columns: words, characters, one a letter of the codebook.
    """

    def __init__(
        self,
        codebook: Codebook,
        words: Sequence[str],
        characters: Sequence[str],
        idf: NDArray[np.float32],
    ) -> None:
        self.codebook = codebook
        self.words = list(words)
        self.characters = list(characters)
        self.idf = idf
        self._word_at = {key: at for at, key in enumerate(self.words)}
        self._character_at = {key: at for at, key in enumerate(self.characters, start=len(self.words))}

    @classmethod
    def learn(
        cls,
        codebook: Codebook,
        texts: Sequence[str],
        segmented: Sequence[Sequence[str]],
        *,
        min_units: int = 2,
    ) -> FeatureSpace:
        """All n-grams that occur in at least ``min_units`` units, with smoothed idf (as scikit-learn's
        TfidfVectorizer: ``log((1 + n) / (1 + df)) + 1``)."""
        frequencies = [Counter[str](), Counter[str]()]
        for text, words in zip(texts, segmented, strict=True):
            frequencies[0].update(set(word_keys(words)))
            frequencies[1].update(set(character_keys(text)))
        kept = [sorted(key for key, n in counts.items() if n >= min_units) for counts in frequencies]
        df = np.array([counts[key] for counts, keys in zip(frequencies, kept, strict=True) for key in keys])
        idf = np.log((1 + len(texts)) / (1 + df)) + 1
        return cls(codebook, kept[0], kept[1], idf.astype(np.float32))

    def __len__(self) -> int:
        return len(self.words) + len(self.characters) + len(self.codebook.letters)

    def subset(self, columns: NDArray[np.bool_]) -> FeatureSpace:
        """The space of the chosen n-grams; ``columns`` has one flag an n-gram (letters always stay)."""
        words = [key for key, keep in zip(self.words, columns, strict=False) if keep]
        characters = [
            key for key, keep in zip(self.characters, columns[len(self.words) :], strict=False) if keep
        ]
        return FeatureSpace(self.codebook, words, characters, self.idf[columns[: len(self.idf)]])

    @cached_property
    def _terms(self) -> list[re.Pattern[str]]:
        return [longest_match(self.codebook.keywords[letter]) for letter in self.codebook.letters]

    def matrix(self, texts: Iterable[str], segmented: Iterable[Sequence[str]]) -> csr_matrix:
        """Features of canonical unit texts and their words: float32, (n_units, n_features)."""
        indices: list[int] = []
        values: list[float] = []
        ends = [0]
        for text, words in zip(texts, segmented, strict=True):
            for keys, known in (
                (word_keys(words), self._word_at),
                (character_keys(text), self._character_at),
            ):
                columns, weights = self._block(keys, known)
                indices += columns
                values += weights
            found = self._letters_found(text)
            indices += found
            values += [1.0] * len(found)
            ends.append(len(indices))
        data = np.array(values, dtype=np.float32)
        return csr_matrix(
            (data, np.array(indices, dtype=np.int32), np.array(ends, dtype=np.int64)),
            shape=(len(ends) - 1, len(self)),
        )

    def _block(self, keys: Iterable[str], known: dict[str, int]) -> tuple[list[int], list[float]]:
        """Columns and unit-length tf-idf weights of one block of one unit."""
        counts = Counter(at for key in keys if (at := known.get(key)) is not None)
        columns = sorted(counts)
        weights = [(1 + math.log(counts[at])) * float(self.idf[at]) for at in columns]
        norm = math.sqrt(sum(weight * weight for weight in weights)) or 1.0
        return columns, [weight / norm for weight in weights]

    def _letters_found(self, text: str) -> list[int]:
        offset = len(self.words) + len(self.characters)
        return [offset + at for at, terms in enumerate(self._terms) if terms.search(text)]

    def occurrences(self, text: str, words: Sequence[str]) -> Iterator[tuple[int, int, int]]:
        """Every known feature at every place: (column, start, end) in the canonical text."""
        yield from self._word_occurrences(words)
        yield from self._character_occurrences(text)
        offset = len(self.words) + len(self.characters)
        for at, terms in enumerate(self._terms):
            for match in terms.finditer(text):
                yield offset + at, match.start(), match.end()

    def _word_occurrences(self, words: Sequence[str]) -> Iterator[tuple[int, int, int]]:
        placed: list[tuple[str, int, int]] = []
        at = 0
        for word in words:
            if not word.isspace():
                placed.append((_shape(word), at, at + len(word)))
            at += len(word)
        for word, start, end in placed:
            if (column := self._word_at.get(word)) is not None:
                yield column, start, end
        for (first, start, _), (second, _, end) in pairwise(placed):
            if (column := self._word_at.get(first + _JOINT + second)) is not None:
                yield column, start, end

    def _character_occurrences(self, text: str) -> Iterator[tuple[int, int, int]]:
        squeezed, starts, ends = _squeeze(text)
        for length in CHARACTER_LENGTHS:
            for at in range(len(squeezed) - length + 1):
                column = self._character_at.get(squeezed[at : at + length])
                if column is not None:
                    yield column, starts[at], ends[at + length - 1]


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
