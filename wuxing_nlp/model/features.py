"""Canonical text to sparse features: n-grams of words, characters and cues, and flags.

Words (1–2-grams), characters (1–4-grams) and cues (:func:`wuxing_nlp.cues.cue_ngrams`) are three
blocks, each weighted by sublinear tf-idf and scaled to unit length by itself; the last block says
which letters' codebook terms and which cue classes occur. The same code serves training, tagging
and evidence, so that none of them can drift from the others.
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
from wuxing_nlp.cues import Cue, cue_finder, cue_lexicon, cue_ngrams
from wuxing_nlp.text.opencc import longest_match

CHARACTER_LENGTHS = (1, 2, 3, 4)
CLASS_WEIGHT = 0.15
"""Value of the flag of a cue class, small beside the n-grams, whose blocks have unit length."""

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


def cue_keys(text: str, cues: Sequence[Cue]) -> Iterator[str]:
    """Cues of a unit, alone and in company."""
    for key, _ in cue_ngrams(text, cues):
        yield key


class Frequencies:
    """In how many units each n-gram occurs: of words, of characters, of cues, a block each."""

    def __init__(self) -> None:
        self.blocks: tuple[Counter[str], Counter[str], Counter[str]] = (Counter(), Counter(), Counter())
        self.count = 0

    @classmethod
    def of(cls, units: Iterable[tuple[str, Sequence[str]]]) -> Frequencies:
        """Count units given as canonical text and its words."""
        counted = cls()
        for text, words in units:
            counted.blocks[0].update(set(word_keys(words)))
            counted.blocks[1].update(set(character_keys(text)))
            counted.blocks[2].update(set(cue_keys(text, cue_finder().find(text))))
            counted.count += 1
        return counted


class FeatureSpace:
    """The features that a model knows, with their weights by rarity.

    ``words``, ``characters`` and ``cues`` are the known n-grams, ``idf`` their inverse document
    frequencies (one array over words, characters, cues); ``classes`` are the cue classes with a flag.
    Columns: words, characters, cues, one a letter of the codebook, one a class.
    """

    def __init__(
        self,
        codebook: Codebook,
        words: Sequence[str],
        characters: Sequence[str],
        idf: NDArray[np.float32],
        *,
        cues: Sequence[str] = (),
        classes: Sequence[str] = (),
    ) -> None:
        self.codebook = codebook
        self.words = list(words)
        self.characters = list(characters)
        self.cues = list(cues)
        self.classes = tuple(classes)
        self.idf = idf
        self._word_at = _columns(self.words, 0)
        self._character_at = _columns(self.characters, len(self.words))
        self._cue_at = _columns(self.cues, len(self.words) + len(self.characters))
        self._class_at = _columns(self.classes, len(idf) + len(codebook.letters))

    @classmethod
    def learn(
        cls, codebook: Codebook, units: Frequencies, background: Frequencies, *, min_units: int = 3
    ) -> FeatureSpace:
        """The n-grams of at least ``min_units`` coded units, with smoothed inverse document frequency
        over coded and uncoded units (``log((1 + n) / (1 + df)) + 1``, as in scikit-learn): what is
        rare in the few coded units may be common in the genre."""
        kept = [sorted(key for key, n in block.items() if n >= min_units) for block in units.blocks]
        df = [
            block[key] + other[key]
            for keys, block, other in zip(kept, units.blocks, background.blocks, strict=True)
            for key in keys
        ]
        idf = np.log((1 + units.count + background.count) / (1 + np.array(df))) + 1
        words, characters, cues = kept
        classes = cue_lexicon().classes
        return cls(codebook, words, characters, idf.astype(np.float32), cues=cues, classes=classes)

    def __len__(self) -> int:
        return len(self.idf) + len(self.codebook.letters) + len(self.classes)

    @cached_property
    def _terms(self) -> list[re.Pattern[str]]:
        return [longest_match(self.codebook.keywords[letter]) for letter in self.codebook.letters]

    def matrix(self, texts: Iterable[str], segmented: Iterable[Sequence[str]]) -> csr_matrix:
        """Features of canonical unit texts and their words: float32, (n_units, n_features)."""
        indices: list[int] = []
        values: list[float] = []
        ends = [0]
        for text, words in zip(texts, segmented, strict=True):
            cues = self._find(text)
            for keys, known in (
                (word_keys(words), self._word_at),
                (character_keys(text), self._character_at),
                (cue_keys(text, cues), self._cue_at),
            ):
                columns, weights = self._block(keys, known)
                indices += columns
                values += weights
            letters, classes = self._letters_found(text), self._classes_found(cues)
            indices += letters + classes
            values += [1.0] * len(letters) + [CLASS_WEIGHT] * len(classes)
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

    def _find(self, text: str) -> list[Cue]:
        """The cues of a text; none for a model that knows none, as those of the first format."""
        return cue_finder().find(text) if self.classes else []

    def _letters_found(self, text: str) -> list[int]:
        return [len(self.idf) + at for at, terms in enumerate(self._terms) if terms.search(text)]

    def _classes_found(self, cues: Sequence[Cue]) -> list[int]:
        return sorted({self._class_at[cue.name] for cue in cues})

    def occurrences(self, text: str, words: Sequence[str]) -> Iterator[tuple[int, int, int]]:
        """Every known feature at every place: (column, start, end) in the canonical text."""
        yield from self._word_occurrences(words)
        yield from self._character_occurrences(text)
        yield from self._cue_occurrences(text)
        for at, terms in enumerate(self._terms):
            for match in terms.finditer(text):
                yield len(self.idf) + at, match.start(), match.end()

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
