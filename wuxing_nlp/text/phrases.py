"""Finding many phrases in a text at once, leftmost and longest first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import chain

from wuxing_nlp.text.characters import in_class

Found = tuple[int, int, str]
"""Where a phrase begins and ends, and what replaces it."""


class Phrases:
    """Phrases with what replaces each, found where one alternation of them all, the longest first,
    would match.

    An alternation tries every phrase at every place; here a pattern that costs a few nanoseconds a
    character finds the places where one may begin, and only phrases that begin with the same two
    characters are tried there.
    """

    def __init__(self, replacements: Mapping[str, str]) -> None:
        self.longest = max(map(len, replacements), default=0)
        self._beginnings = _beginnings(list(replacements))
        self._alike: dict[str, list[tuple[str, str]]] = {}
        for phrase in sorted(replacements, key=len, reverse=True):
            self._alike.setdefault(phrase[:2], []).append((phrase, replacements[phrase]))

    def find(self, text: str) -> list[Found]:
        """All phrases of the text, in order; none overlaps another."""
        found: list[Found] = []
        match = self._beginnings.search(text)
        while match:
            start, end = match.span()
            alike = self._alike.get(text[start : start + 2], ()), self._alike.get(text[start], ())
            for phrase, new in chain(*alike):
                if text.startswith(phrase, start):
                    end = start + len(phrase)
                    found.append((start, end, new))
                    break
            match = self._beginnings.search(text, end)
        return found


def _beginnings(phrases: list[str]) -> re.Pattern[str]:
    """A pattern for one character at which a phrase may begin, judged by the two behind it."""
    of_one, of_two = ([phrase for phrase in phrases if len(phrase) == length] for length in (1, 2))
    longer = [phrase for phrase in phrases if len(phrase) > 2]
    behind = f"(?={_class(of_two, 1)}|{_class(longer, 1)}{_class(longer, 2)})"
    # The class of all first characters stands in front: re skips by it to where a match may begin.
    return re.compile(f"{_class(phrases, 0)}(?:{behind}|(?<={_class(of_one, 0)}))")


def _class(phrases: list[str], at: int) -> str:
    members = in_class(phrase[at] for phrase in phrases)
    return f"[{members}]" if members else "(?!)"
