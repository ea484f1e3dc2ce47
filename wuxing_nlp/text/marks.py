"""Marks: characters that only one of the two scripts has, by which a text shows its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, cached_property

from wuxing_nlp.text import opencc
from wuxing_nlp.text.characters import in_class
from wuxing_nlp.text.translation import FAR

_FAR = re.compile(f"[{FAR}]")


class Marks:
    """The marks of one script, found at the speed of a regular expression."""

    def __init__(self, characters: frozenset[str]) -> None:
        self.characters = characters

    @cached_property
    def _candidates(self) -> re.Pattern[str]:
        # A class is one look-up a character below U+10000, and a walk through all its members above:
        # there, every character is a candidate.
        near = (character for character in self.characters if character <= "\uffff")
        return re.compile(f"[{in_class(near)}{FAR}]")

    def are_in(self, text: str) -> bool:
        """Does the text hold at least one of the marks?"""
        found = self._candidates.search(text)
        if found is None or found.group() in self.characters:
            return found is not None
        return not self.characters.isdisjoint(self._candidates.findall(text))

    def replace(self, text: str, table: Mapping[str, str]) -> str:
        """The text with every mark as ``table`` has it."""
        new = {mark: table[mark] for mark in self.characters.intersection(self._candidates.findall(text))}
        return self._candidates.sub(lambda match: new.get(match.group(), match.group()), text)


@cache
def traditional_marks() -> Marks:
    """Characters of Traditional script alone."""
    # GB 2312 holds the characters of everyday Simplified text: 乾, 於, 后 … are in it and prove nothing.
    return Marks(frozenset(c for c in opencc.character_table() if len(c.encode("gb2312", "ignore")) != 2))


@cache
def simplified_marks() -> Marks:
    """Characters of Simplified script alone."""
    return Marks(opencc.simplified_forms())


@cache
def _letters() -> list[str]:
    letters = ["-"] * 0x10000
    for letter, marks in (("t", traditional_marks()), ("s", simplified_marks())):
        for character in marks.characters:
            if character <= "\uffff":
                letters[ord(character)] = letter
    return letters


def count_marks(text: str) -> tuple[int, int]:
    """How many Traditional and how many Simplified marks the text holds."""
    # Three letters for all characters are counted several times faster than marks one by one.
    letters = text.translate(_letters())
    traditional, simplified = letters.count("t"), letters.count("s")
    if not letters.isascii():  # what is beyond the list has stayed
        for character in _FAR.findall(letters):
            traditional += character in traditional_marks().characters
            simplified += character in simplified_marks().characters
    return traditional, simplified
