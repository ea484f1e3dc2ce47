"""One character for another over a whole text, as fast as ``str.translate`` can."""

from __future__ import annotations

import re
from collections.abc import Mapping

FAR = "\U00010000-\U0010ffff"
"""Characters beyond the Basic Multilingual Plane, as the inside of a regular expression's class."""

_FAR = re.compile(f"[{FAR}]")
_NEAR = 0x10000


class Translation:
    """A mapping of single characters, to be applied to whole texts.

    ``str.translate`` raises and catches an error for every character that its table lacks, which is
    most of its time where most characters stay. This table is a list that lacks none below U+10000;
    a text with characters beyond, which few have, is translated by a plain dictionary.
    """

    def __init__(self, changes: Mapping[str, str]) -> None:
        self._all = {ord(old): ord(new) for old, new in changes.items()}
        self._near = list(range(_NEAR))
        for old, new in self._all.items():
            if old < _NEAR:
                self._near[old] = new

    def apply(self, text: str) -> str:
        """The text with every mapped character replaced; it is as long as before."""
        return text.translate(self._all if _FAR.search(text) else self._near)
