"""The features that a model knows, and the vectors of units in their space.

Words (1–2-grams), characters (1–4-grams) and cues (:func:`wuxing_nlp.cues.cue_ngrams`) are three
blocks, each weighted by sublinear tf-idf and scaled to unit length by itself; the last block says
which letters' codebook terms and which cue classes occur. See :mod:`wuxing_nlp.model.reader` for
how a unit is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.cues import CueLexicon, cue_lexicon
from wuxing_nlp.model.keys import Keys
from wuxing_nlp.model.ngrams import Frequencies
from wuxing_nlp.model.reader import Reader, best_reader
from wuxing_nlp.model.rows import Rows

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


class FeatureSpace:
    """The features that a model knows, with their weights by rarity.

    ``words``, ``characters`` and ``cues`` are the known n-grams, ``idf`` their inverse document
    frequencies (one array over words, characters, cues); ``lexicon`` finds the cues, each of whose
    ``classes`` has a flag. A model that knows no cues, as those of the first format, has none.
    Columns: words, characters, cues, one a letter of the codebook, one a class.
    ``vocabularies`` are the three as texts; their strings are made when they are asked for.

    Raises:
        ValueError: an n-gram holds a line's end.
    """

    def __init__(
        self,
        codebook: Codebook,
        words: Keys | Sequence[str],
        characters: Keys | Sequence[str],
        idf: NDArray[np.float32],
        *,
        cues: Keys | Sequence[str] = (),
        lexicon: CueLexicon | None = None,
    ) -> None:
        self.codebook = codebook
        given = (words, characters, cues)
        self.vocabularies = tuple(keys if isinstance(keys, Keys) else Keys.of(keys) for keys in given)
        self.lexicon = lexicon
        self.idf = idf

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
        return cls(codebook, words, characters, idf.astype(np.float32), cues=cues, lexicon=cue_lexicon())

    def __len__(self) -> int:
        return len(self.idf) + len(self.codebook.letters) + len(self.classes)

    @property
    def words(self) -> list[str]:
        """The known n-grams of words."""
        return self.vocabularies[0].strings

    @property
    def characters(self) -> list[str]:
        """The known n-grams of characters."""
        return self.vocabularies[1].strings

    @property
    def cues(self) -> list[str]:
        """The known n-grams of cues."""
        return self.vocabularies[2].strings

    @property
    def terms(self) -> list[Sequence[str]]:
        """The codebook's terms of each letter."""
        return [self.codebook.keywords[letter] for letter in self.codebook.letters]

    @property
    def classes(self) -> tuple[str, ...]:
        """The cue classes with a flag."""
        return self.lexicon.classes if self.lexicon else ()

    @property
    def expression_rows(self) -> list[tuple[str, str]]:
        """Cue classes with rows of their expressions."""
        return list(self.lexicon.rows()) if self.lexicon else []

    @cached_property
    def reader(self) -> Reader:
        """What reads units for this space."""
        return best_reader(self)

    def __getstate__(self) -> dict[str, Any]:
        """Without the reader, which is made anew: a compiled one cannot be pickled."""
        return {name: value for name, value in self.__dict__.items() if name != "reader"}

    def rows(self, texts: Iterable[str], segmented: Iterable[Sequence[str]]) -> Rows:
        """Features of canonical unit texts and their words, as tagging needs them."""
        return self.reader.rows(texts, segmented)

    def matrix(self, texts: Iterable[str], segmented: Iterable[Sequence[str]]) -> csr_matrix:
        """The same as training needs them: float32, (n_units, n_features)."""
        return self.rows(texts, segmented).matrix(len(self))
