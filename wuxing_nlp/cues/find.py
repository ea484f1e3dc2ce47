"""Find the lexicon's expressions in canonical text."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

from wuxing_nlp.cues.lexicon import CLAUSE_ENDS, GAP, CueLexicon

WIDEST_GAP = 8
"""Characters that may stand between two parts of an expression."""

_CLAUSE_END = re.compile(f"[{re.escape(CLAUSE_ENDS)}]")
_HERE = ""  # the key, in a node of the tree, of what ends there


class Cue(NamedTuple):
    """An expression of a cue class at its place in the text."""

    start: int
    end: int
    name: str


class CueFinder:
    """All places of a lexicon's expressions; of one class, the longest at a place alone.

    Time is linear in the text: from each character one walk down a tree of the expressions.
    """

    def __init__(self, lexicon: CueLexicon) -> None:
        self._tree: dict[str, Any] = {}
        for name, expressions in lexicon.expressions.items():
            for expression in expressions:
                first, *others = expression.split(GAP)
                node = self._tree
                for character in first:
                    node = node.setdefault(character, {})
                node.setdefault(_HERE, []).append((name, tuple(others)))

    def find(self, text: str) -> list[Cue]:
        """The cues of a canonical text by their start, longer ones first."""
        ends = [match.start() for match in _CLAUSE_END.finditer(text)] + [len(text)]
        found: list[Cue] = []
        last: dict[str, int] = {}
        clause = 0
        for start in range(len(text)):
            if start > ends[clause]:
                clause += 1
            longest = self._longest(text, start, ends[clause])
            for name, end in sorted(longest.items(), key=lambda item: (-item[1], item[0])):
                if end > last.get(name, 0):
                    last[name] = end
                    found.append(Cue(start, end, name))
        return found

    def _longest(self, text: str, start: int, clause_end: int) -> dict[str, int]:
        """Where the longest expression of each class ends, of those that begin here."""
        longest: dict[str, int] = {}
        node = self._tree
        for at in range(start, clause_end):
            found = node.get(text[at])
            if found is None:
                break
            node = found
            for name, others in node.get(_HERE, ()):
                end = _follow(text, at + 1, others, clause_end) if others else at + 1
                if end > longest.get(name, 0):
                    longest[name] = end
        return longest


def _follow(text: str, at: int, parts: tuple[str, ...], clause_end: int) -> int:
    """Where the last of the parts ends, each at its first place near behind the one before; 0 where
    one is missing."""
    for part in parts:
        place = text.find(part, at, min(at + WIDEST_GAP + len(part), clause_end))
        if place < 0:
            return 0
        at = place + len(part)
    return at


@cache
def cue_finder(lexicon: CueLexicon) -> CueFinder:
    """The finder of a lexicon, built once a process."""
    return CueFinder(lexicon)
