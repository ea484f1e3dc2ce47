"""Replacing phrases until none is left to replace, in time linear in the text.

A replacement may complete another phrase with what stands beside it, and so along a whole line:
感测测测 → 传感测测 → 传传感测 … To look through the text again for each of them takes quadratic time.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from wuxing_nlp.text.aligned import AlignedText
from wuxing_nlp.text.phrases import Phrases

_Cell = tuple[str, int, int]
"""A character with its span of the source."""


def settle(text: AlignedText, phrases: Phrases, changing: Sequence[bool] | None = None) -> AlignedText:
    """Replace phrases, the leftmost first, until :meth:`Phrases.find` finds none with a replacement of
    its own.

    Args:
        phrases: none holds a line break; together they lead to an end.
        changing: for every line, whether phrases are replaced on it; on all of them by default.
    """
    lines = text.text.split("\n")
    cells: list[_Cell] = []
    at = 0
    for number, line in enumerate(lines):
        own = _cells(text, at, at + len(line))
        cells += _settled(own, phrases) if changing is None or changing[number] else own
        at += len(line)
        cells += _cells(text, at, min(at + 1, len(text.text)))  # the line's end
        at += 1
    starts = array("q", [start for _, start, _ in cells])
    ends = array("q", [end for _, _, end in cells])
    return AlignedText("".join(character for character, _, _ in cells), text.source, starts, ends)


def _cells(text: AlignedText, start: int, end: int) -> list[_Cell]:
    return [(text.text[at], *text.span(at, at + 1)) for at in range(start, end)]


def _settled(line: list[_Cell], phrases: Phrases) -> list[_Cell]:
    ahead = line[::-1]
    behind: list[list[_Cell]] = []  # phrases that stay and single characters, as they were found
    while ahead:
        old, new = _first(ahead, phrases)
        taken = [ahead.pop() for _ in old]
        if new == old:
            behind.append(taken)
            continue
        ahead += _replaced(taken, new)[::-1]
        # What was found so near that it looked at what has changed now is looked for again.
        seen = 0
        while behind and seen < phrases.longest - 1:
            ahead += behind[-1][::-1]
            seen += len(behind.pop())
    return [cell for found in behind for cell in found]


def _first(ahead: list[_Cell], phrases: Phrases) -> tuple[str, str]:
    """The phrase, or else the character, that comes next, and what replaces it."""
    window = "".join(cell[0] for cell in ahead[: -phrases.longest - 1 : -1])
    found = phrases.find(window)
    if found and found[0][0] == 0:
        return window[: found[0][1]], found[0][2]
    return window[0], window[0]


def _replaced(cells: list[_Cell], new: str) -> list[_Cell]:
    """As :meth:`AlignedText.edit` has it: places stay where the length does."""
    if len(new) == len(cells):
        return [(character, start, end) for character, (_, start, end) in zip(new, cells, strict=True)]
    return [(character, cells[0][1], cells[-1][2]) for character in new]
