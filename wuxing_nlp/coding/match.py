"""Find texts in a larger one when only their SHA-1 and their length are known.

A unit begins behind a mark or white space. From each such place, windows of the wanted lengths are
hashed: first those that also end like a unit, then, for what is still wanted, all of them. This
finds every cut that a coder may have made, not only those of ``wuxing_nlp.text.units``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping

MOST_WINDOWS = 100_000_000
"""Windows that the second, wider search may hash in one file: about two minutes of work."""

_ENDS = "。！？；!?;…”’」』）)》〉】：:，、"
_START = re.compile(r"(?<=[^\w ])|(?<=\s)|^")
_SPACES = re.compile(r"\s+")


def find_texts(candidates: Iterable[str], wanted: Mapping[str, int]) -> dict[str, str]:
    """The wanted texts that stand in the candidates, by their SHA-1.

    Args:
        candidates: texts to search; each also with its white space folded into single spaces.
        wanted: SHA-1 (40 hex digits) to length in characters.
    """
    texts = [variant for text in candidates for variant in _variants(text)]
    search = _Search(wanted)
    for text in texts:
        search.units(text)
    for text in texts:
        search.windows(text)
    return search.found


def _variants(text: str) -> Iterator[str]:
    yield text
    folded = _SPACES.sub(" ", text)
    if folded != text:
        yield folded


class _Search:
    def __init__(self, wanted: Mapping[str, int]) -> None:
        self.found: dict[str, str] = {}
        self._wanted = {bytes.fromhex(sha1): length for sha1, length in wanted.items()}
        self._budget = MOST_WINDOWS

    def units(self, text: str) -> None:
        """Windows that begin and end like a unit."""
        lengths = self._lengths()
        size = len(text)
        for start in self._starts(text):
            for length in lengths:
                end = start + length
                if end > size:
                    break
                if text[end - 1] in _ENDS or end == size or text[end].isspace():
                    self._try(text[start:end])

    def windows(self, text: str) -> None:
        """Windows that only begin like a unit, while the budget lasts."""
        starts, lengths = self._starts(text), self._lengths()
        for start in starts:
            if self._budget < len(lengths) or not self._wanted:
                return
            self._budget -= len(lengths)
            for length in lengths:
                if start + length > len(text):
                    break
                self._try(text[start : start + length])

    def _starts(self, text: str) -> list[int]:
        return [match.start() for match in _START.finditer(text)] if self._wanted else []

    def _lengths(self) -> list[int]:
        return sorted(set(self._wanted.values()))

    def _try(self, text: str) -> None:
        digest = hashlib.sha1(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).digest()
        if digest in self._wanted:
            del self._wanted[digest]
            self.found[digest.hex()] = text
