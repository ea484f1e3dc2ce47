"""The policy lexicon: words that the segmenter keeps whole, with the frequencies that keep them so."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from wuxing_nlp.errors import LexiconError

_FOLDER = Path(__file__).parent
_NAME = "lexicon.tsv"
_COLUMNS = ("word", "source", "frequency")


@cache
def frequencies() -> dict[str, int]:
    """The lexicon's words, in the order of the file → their frequencies in the segmenter.

    A frequency is what jieba's ``suggest_freq`` gives when the words are added in the order of the
    file; it stands in the file so that every engine is given the same.

    Raises:
        LexiconError: a line is incomplete, a word is doubled or has a single character, a frequency
            is no positive whole number.
    """
    lines = (_FOLDER / _NAME).read_text(encoding="utf-8").splitlines()
    found: dict[str, int] = {}
    for number, row in enumerate(csv.reader(lines[1:], delimiter="\t"), start=2):
        if fault := _fault(row, found):
            raise LexiconError(f"{_NAME}, line {number}: {fault}")
        found[row[0]] = int(row[2])
    return found


def _fault(row: list[str], before: dict[str, int]) -> str | None:
    if len(row) != len(_COLUMNS) or not all(row):
        return f"a word, its source and its frequency expected, {row!r} found"
    word, _, frequency = row
    if len(word) < 2:
        return f"{word!r} is a single character; remove it"
    if word in before:
        return f"{word} stands there twice; keep one"
    if not (frequency.isascii() and frequency.isdecimal() and int(frequency)):
        return f"a frequency is a whole number above 0, {frequency!r} found"
    return None


def lexicon() -> tuple[str, ...]:
    """The lexicon's words, in the order of the file. Raises LexiconError as :func:`frequencies`."""
    return tuple(frequencies())
