"""Texts whose canonical form takes nothing but Simplified characters: nearly every unit.

Compiled code tells them by one look at every character, and converts them. What is rare is left to
the rules themselves (see :mod:`wuxing_nlp.text.script`): characters that are cleaned or that stand
beyond the basic plane, glosses, both scripts in one text, and words that the reviewed table replaces.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from wuxing_nlp.text import opencc
from wuxing_nlp.text.characters import untidy
from wuxing_nlp.text.glosses import OPENINGS, TONED
from wuxing_nlp.text.marks import simplified_marks, traditional_marks

try:
    from wuxing_nlp.text import _native as native
except ImportError:  # built without a compiler
    native = None  # type: ignore[assignment]

_LAST = "\uffff"


class Tables(NamedTuple):
    """What compiled code has to know, all of it of the basic plane.

    ``kinds`` holds ranges of characters, of five kinds: those that are left to the rules, openings of
    glosses, toned letters, marks of Traditional and of Simplified script. The others are what is
    replaced, and by what: characters, phrases of OpenCC, words of the reviewed table. Nothing stands
    for what would be beyond the basic plane.
    """

    kinds: list[list[tuple[str, str]]]
    characters: Mapping[str, str]
    phrases: Mapping[str, str]
    words: Mapping[str, str]

    @classmethod
    def of(cls, also: Mapping[str, str], words: Mapping[str, str]) -> Tables:
        """With the characters of ``also`` converted beside OpenCC's, and the reviewed table."""
        characters = opencc.character_table() | dict(also)
        to_far = (old for old, new in characters.items() if new > _LAST)
        marks = traditional_marks().characters, simplified_marks().characters
        kinds = [[*untidy(), *_ranges(to_far)], *map(_ranges, (OPENINGS, TONED, *marks))]
        near = [[span for span in ranges if span[1] <= _LAST] for ranges in kinds]
        changes = {old: new for old, new in characters.items() if max(old, new) <= _LAST}
        return cls(near, changes, _near(opencc.phrase_table()), _near(words))


def _ranges(characters: Iterable[str]) -> list[tuple[str, str]]:
    return [(character, character) for character in characters]


def _near(changes: Mapping[str, str]) -> dict[str, str]:
    near = ((old, new) for old, new in changes.items() if max(old) <= _LAST)
    return {old: new if max(new) <= _LAST else "" for old, new in near}


Simplify = Callable[[str], tuple[str, bool] | None]


def simplifier(also: Mapping[str, str], words: Mapping[str, str]) -> Simplify:
    """A function that gives a text in canonical characters, and whether words of the reviewed table
    are to be replaced in it; None where the rules have to be asked, which is for every text in a build
    without compiled code.

    Args:
        also: characters that are converted beside OpenCC's.
        words: the reviewed table.
    """
    if native is None:
        return unjudged
    return native.Simplifier(Tables.of(also, words)).simplify


def unjudged(text: str) -> None:
    """What stands in a simplifier's place where nothing is compiled."""
