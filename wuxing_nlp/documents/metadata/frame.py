"""The lines around a document's body, where it says what it is: above, at the opening, at the end."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wuxing_nlp.documents.metadata.labels import begins_with_label
from wuxing_nlp.documents.metadata.lines import Line, plain
from wuxing_nlp.text.furniture import FurnitureReader

_HEAD = 3_000
_FOOT = 1_000
_MOST_LINES = 60
_LONGEST = 120

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_MARKDOWN = re.compile(r"^#{1,6} +", re.M)
_BODY = re.compile(
    r".*[。；！？]|(?!.{0,8}位置).{3,200}[:：]|[（(]?[一二三四五六七八九十]{1,3}[)）、.．].*"
    r"|第[一二三四五六七八九十]{1,3}[章条].*|.{121,}"
)


@dataclass(frozen=True, slots=True)
class Frame:
    """The first 3,000 and last 1,000 characters of a document, line by line.

    Attributes:
        above: lines above the body: before the first sentence, heading or form of address.
        shown: those of them that are no page furniture.
        head: all lines of the first characters.
        foot: all lines of the last ones.
    """

    above: list[Line]
    shown: list[Line]
    head: list[Line]
    foot: list[Line]


def frame_of(text: str) -> Frame:
    """The frame of a document; lines cut off by its limits are left out."""
    head = _lines(text[:_HEAD])
    if len(text) > _HEAD and len(head) > 1:
        head.pop()
    foot = _lines(text[-_FOOT:])
    if len(text) > _FOOT and len(foot) > 1:
        del foot[0]
    above, shown = _above(head[:_MOST_LINES])
    return Frame(above, shown, head, foot)


def _lines(text: str) -> list[Line]:
    text = _UNSEEN.sub("", text)
    if "#" in text:
        text = _MARKDOWN.sub("", text)
    written = [stripped for line in text.splitlines() if (stripped := line.strip())]
    short = plain("\n".join(line for line in written if len(line) <= _LONGEST)).split("\n")
    following = iter(short)
    return [Line(line, next(following) if len(line) <= _LONGEST else line) for line in written]


def _above(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    furniture = FurnitureReader([line.plain for line in lines])
    above: list[Line] = []
    shown: list[Line] = []
    for number, line in enumerate(lines):
        if not furniture.is_furniture(number):
            if _BODY.fullmatch(line.plain) and not begins_with_label(line.plain):
                break
            shown.append(line)
        above.append(line)
    return above, shown
