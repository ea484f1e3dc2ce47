"""The n-grams of a unit, as strings: words, characters, cues. And how many units hold each.

Words (1–2-grams), characters (1–4-grams) and cues (:func:`wuxing_nlp.cues.cue_ngrams`) are three
blocks of features, see :mod:`wuxing_nlp.model.features`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from wuxing_nlp.cues import Cue, cue_finder, cue_lexicon, cue_ngrams

CHARACTER_LENGTHS = (1, 2, 3, 4)

CLASS_WEIGHT = 0.15
"""Value of the flag of a cue class, small beside the n-grams, whose blocks have unit length."""

JOINT = "\t"
"""Between the words of a bigram: no word holds it."""

FIGURE = re.compile(r"[0-9]+(?:\.[0-9]+)?")

_SPACE = re.compile(r"\s+")


def shape(text: str) -> str:
    """A text with its figures as 0: they are worth their being figures, not their value."""
    return FIGURE.sub("0", text)


def word_keys(words: Sequence[str]) -> Iterator[str]:
    """Word unigrams and bigrams of a unit, white space left out."""
    shaped = [shape(word) for word in words if not word.isspace()]
    yield from shaped
    for first, second in pairwise(shaped):
        yield first + JOINT + second


def character_keys(text: str) -> Iterator[str]:
    """Character n-grams of a unit, white space left out and figures shortened to 0."""
    squeezed = _SPACE.sub("", shape(text))
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
        find = cue_finder(cue_lexicon()).find
        for text, words in units:
            counted.blocks[0].update(set(word_keys(words)))
            counted.blocks[1].update(set(character_keys(text)))
            counted.blocks[2].update(set(cue_keys(text, find(text))))
            counted.count += 1
        return counted
