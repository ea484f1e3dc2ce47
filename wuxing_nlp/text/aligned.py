"""A rewritten text in which every character still knows where it came from."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

Edit = tuple[int, int, str]
"""Replace ``text[start:end]`` by the string; edits are given in order and never overlap."""


@dataclass(frozen=True, slots=True)
class AlignedText:
    """A text derived from ``source``, with the span of the source behind every character.

    ``starts`` and ``ends`` hold one source offset a character, in code points; both are ``None``
    while the text is as long as its source and stands character for character in its place.
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
        pieces: list[str] = []
        starts: array[int] = array("q")
        ends: array[int] = array("q")
        old_starts = self.starts if self.starts is not None else array("q", range(len(self.text)))
        old_ends = self.ends if self.ends is not None else array("q", range(1, len(self.text) + 1))
        done = 0
        for start, end, new in edits:
            pieces += (self.text[done:start], new)
            starts += old_starts[done:start]
            ends += old_ends[done:start]
            if len(new) == end - start:
                starts += old_starts[start:end]
                ends += old_ends[start:end]
            else:
                starts += array("q", [old_starts[start]] * len(new))
                ends += array("q", [old_ends[end - 1]] * len(new))
            done = end
        if not pieces:
            return self
        pieces.append(self.text[done:])
        starts += old_starts[done:]
        ends += old_ends[done:]
        return AlignedText("".join(pieces), self.source, starts, ends)

    def substitute(self, pattern: re.Pattern[str], new: Callable[[str], str]) -> AlignedText:
        """Replace every match of ``pattern`` by ``new(match)``; matches that stay are left alone."""
        edits = [
            (match.start(), match.end(), replacement)
            for match in pattern.finditer(self.text)
            if (replacement := new(match.group())) != match.group()
        ]
        if all(len(new_text) == end - start for start, end, new_text in edits):
            return self._same_length(edits)
        return self.edit(edits)

    def _same_length(self, edits: list[Edit]) -> AlignedText:
        if not edits:
            return self
        pieces: list[str] = []
        done = 0
        for start, end, new in edits:
            pieces += (self.text[done:start], new)
            done = end
        return self.with_characters("".join([*pieces, self.text[done:]]))
