"""A rewritten text in which every character still knows where it came from."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

Edit = tuple[int, int, str]
"""Replace ``text[start:end]`` by the string; edits are given in order and never overlap."""


@dataclass(slots=True)
class AlignedText:
    """A text derived from ``source``, with the span of the source behind every character.

    ``starts`` and ``ends`` hold one source offset a character, in code points; both are ``None``
    while the text is as long as its source and stands character for character in its place. Treat
    it as frozen; it is not declared so because a frozen dataclass takes four times as long to make,
    which would be a tenth of the time in which a sentence is normalised.
    """

    text: str
    source: str
    starts: array[int] | None = field(default=None, repr=False)
    ends: array[int] | None = field(default=None, repr=False)

    @classmethod
    def of(cls, source: str) -> AlignedText:
        """The text itself, every character at its own place."""
        return cls(source, source)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Source offsets of ``text[start:end]``; an empty span maps to an empty span.

        Raises:
            IndexError: the span does not lie inside the text.
        """
        if not 0 <= start <= end <= len(self.text):
            raise IndexError(f"span {start}:{end} lies outside a text of {len(self.text)} characters")
        if self.starts is None or self.ends is None:
            return start, end
        if start == end:
            at = self.starts[start] if start < len(self.starts) else len(self.source)
            return at, at
        return self.starts[start], self.ends[end - 1]

    def with_characters(self, text: str) -> AlignedText:
        """The same places with other characters: ``text`` has as many as there are now."""
        if len(text) != len(self.text):
            raise ValueError(f"{len(text)} characters cannot stand in {len(self.text)} places")
        return AlignedText(text, self.source, self.starts, self.ends)

    def edit(self, edits: Iterable[Edit]) -> AlignedText:
        """Apply the edits. A replacement of equal length keeps its characters' places; of any
        other length, each of its characters stands for the whole span that it replaces."""
        edits = list(edits)
        if not edits:
            return self
        text = self._replaced(edits)
        moving = [edit for edit in edits if len(edit[2]) != edit[1] - edit[0]]
        if not moving:
            return self.with_characters(text)
        return AlignedText(text, self.source, *self._moved(moving))

    def _replaced(self, edits: list[Edit]) -> str:
        pieces: list[str] = []
        done = 0
        for start, end, new in edits:
            pieces += (self.text[done:start], new)
            done = end
        return "".join([*pieces, self.text[done:]])

    def _moved(self, edits: list[Edit]) -> tuple[array[int], array[int]]:
        """Starts and ends of all characters after edits that change the length."""
        old_starts = _count_up(0, len(self.text)) if self.starts is None else self.starts
        old_ends = _count_up(1, len(self.text)) if self.ends is None else self.ends
        starts: array[int] = array("q")
        ends: array[int] = array("q")
        done = 0
        for start, end, new in edits:
            starts += old_starts[done:start]
            ends += old_ends[done:start]
            if new:
                starts += array("q", [old_starts[start]]) * len(new)
                ends += array("q", [old_ends[end - 1]]) * len(new)
            done = end
        starts += old_starts[done:]
        ends += old_ends[done:]
        return starts, ends

    def substitute(self, pattern: re.Pattern[str], new: Callable[[str], str]) -> AlignedText:
        """Replace every match of ``pattern`` by ``new(match)``; matches that stay are left alone."""
        edits = [
            (match.start(), match.end(), replacement)
            for match in pattern.finditer(self.text)
            if (replacement := new(match.group())) != match.group()
        ]
        return self.edit(edits)


def _count_up(first: int, count: int) -> array[int]:
    # Through NumPy: array("q", range(…)) makes every number one by one, which is most of an edit's time.
    return array("q", np.arange(first, first + count, dtype=np.int64).tobytes())
