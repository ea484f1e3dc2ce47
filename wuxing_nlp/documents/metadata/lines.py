"""Lines of a document as they are written, beside a plain form in which both scripts are alike."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from wuxing_nlp.text.marks import traditional_marks
from wuxing_nlp.text.opencc import character_table
from wuxing_nlp.text.translation import Translation

_FOLDING = {chr(code): chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF5B))}
_FOLDING |= dict.fromkeys("\t\u00a0\u3000", " ")
_FOLDED = re.compile("[\t\u00a0\u3000０-９Ａ-ｚ]")


class Line(NamedTuple):
    """A line that is not blank, and the same as :func:`plain` has it; both are stripped and equally
    long. Paragraphs, which are not looked at closely, are as written in both."""

    written: str
    plain: str

    def part(self, start: int, end: int) -> Line:
        """The line from ``start`` to ``end``, stripped."""
        return Line(self.written[start:end].strip(), self.plain[start:end].strip())

    @property
    def unspaced(self) -> Line:
        """The line without its spaces: 通　知 is 通知."""
        return Line("".join(self.written.split()), "".join(self.plain.split()))


def plain(written: str) -> str:
    """A text in Simplified characters, ASCII letters, digits and spaces; it stays as long as it is."""
    folded = _FOLDED.sub(lambda match: _FOLDING[match.group()], written)
    return _simplification().apply(folded) if traditional_marks().are_in(folded) else folded


@cache
def _simplification() -> Translation:
    return Translation(character_table())
