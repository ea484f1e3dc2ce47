"""The keys of a vocabulary as its file holds them: one text, a key a line.

A model has 200,000 keys. Compiled code learns them from the text; strings are made for who asks for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from operator import lt

try:
    from wuxing_nlp.model import _native
except ImportError:  # built without a compiler
    _native = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Keys:
    """``text`` holds ``count`` keys with a line's end between each two of them."""

    text: str
    count: int

    @classmethod
    def of(cls, strings: Sequence[str]) -> Keys:
        """Keys given as strings. Raises ValueError: one of them holds a line's end."""
        text = "\n".join(strings)
        if text.count("\n") != max(len(strings) - 1, 0):
            raise ValueError("a key of the vocabulary holds a line's end; leave it out")
        return cls(text, len(strings))

    @classmethod
    def read(cls, text: str) -> Keys:
        """The lines of a text; none of an empty one."""
        return cls(text, text.count("\n") + 1 if text else 0)

    def __len__(self) -> int:
        return self.count

    @cached_property
    def strings(self) -> list[str]:
        """Every key."""
        return self.text.split("\n") if self.count else []

    @property
    def are_distinct(self) -> bool:
        """Whether no key is there twice."""
        # Training writes a vocabulary in order; that it is can be seen without a set of 150,000 strings.
        return ascend(self.text) or len(set(self.strings)) == self.count


def ascend(text: str) -> bool:
    """Whether every line of a text is greater than the one before it."""
    return plain_ascend(text) if _native is None else _native.ascend(text)


def plain_ascend(text: str) -> bool:
    """The same without compiled code."""
    lines = text.split("\n")
    return all(map(lt, lines, islice(lines, 1, None)))
