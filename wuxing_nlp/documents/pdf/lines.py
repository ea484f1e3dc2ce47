"""A PDF page's characters to its lines, in the order in which they are read.

A PDF holds no text but characters at places. They are taken in the order in which the program that
made the page wrote them: it goes through columns and table cells one by one, which no look at the
places alone can do as well. Where that order jumps about, the places decide.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from ctypes import addressof, c_double
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise
from math import hypot
from statistics import median
from sys import maxunicode
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from wuxing_nlp.documents.pdf.garble import is_unreadable

_NUMBER = "[一二三四五六七八九十百零〇0-9]"
ITEM = re.compile(
    rf"(?:[（(]{_NUMBER}{{1,4}}[)）]|{_NUMBER}{{1,4}}[、.．)）]|第{_NUMBER}{{1,5}}[章节编部分条款]|附件{_NUMBER}*[：:]"
    r"|[①-⑳●■◆▲★☆○◇□►·•※\uf0b7-]|[A-Za-z][.)、])"
)
"""What a list item, a numbered heading or an article begins with."""

_WIDE_GAP = 1.5
"""In ems: what is further apart on one line are two cells or columns; justified text is closer."""
_WORD_GAP = 0.2
"""In ems: a wider gap stands for a space."""
_MIXED_GAP = 0.3
"""In ems: the same between Chinese and Latin, where many programs set a quarter by themselves."""
_FEWEST_GAPS = 4
_SAME_LINE = 0.5
"""In ems: by how much characters of one line may stand higher or lower (superscripts)."""

_LARGEST = 2_000
"""In points: no page has larger characters."""
_FAR = 20
"""In ems: no gap between lines that follow each other is as high."""

# What no line is broken inside: brackets with what they open or close, words, 4.5%—5%.
_SET_WHOLE = re.compile(
    "[（《〈“‘「『【〔(]*(?:[!-~]+|.)(?:[—–…～·“”‘’]+[!-~]*)*[，。、；：！？）》〉”’」』】〕,;:!?)]*",
    re.DOTALL,
)
_CLOSING = frozenset("，。、；：！？）》〉”’」』】〕,.;:!?)")
_HYPHEN = "\x02"  # what pdfium makes of a hyphen at the end of a line
_NARROW = re.compile("[!-~]")
_RADICALS = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]")
# Radicals that Unicode does not decompose; fonts name their glyphs by them all the same.
_SUPPLEMENT = dict(
    zip(
        "⺊⺒⺓⺝⺠⺩⺶⺻⻁⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻯⻰⻳",
        "卜巳幺月民王羊聿虎西见角贝车長长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿竜龙龟",
        strict=True,
    )
)


class Glyph(NamedTuple):
    """A character at its place, "" for one that cannot be read: points from the left and from the
    bottom of the upright page."""

    character: str
    left: float
    right: float
    baseline: float
    size: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page or of one of its columns or cells; lengths in points.

    Attributes:
        text: without white space around it.
        left, right: where it begins and ends.
        edge: where it ends without closing marks, which some setters let stick out.
        inner: where the text behind an item's mark begins.
        head: width of its beginning that cannot be broken: a character with its marks, a word.
        baseline: height of its baseline above the page's bottom.
        size: of its font.
        page: number of the page, from 0.
        spaced: white space stands behind it.
    """

    text: str
    left: float
    right: float
    edge: float
    inner: float
    head: float
    baseline: float
    size: float
    page: int
    spaced: bool = False

    def beside(self, other: Line) -> bool:
        """Do both stand on one baseline?"""
        return abs(self.baseline - other.baseline) < _SAME_LINE * max(self.size, other.size)


class PageLines(NamedTuple):
    """Lines of a page, how many characters it shows, and how many of those nobody can read."""

    lines: list[Line]
    characters: int
    unreadable: int


def page_lines(page: Any, textpage: Any, number: int) -> PageLines:
    """The lines of the page ``number``, given as a ``PdfPage`` and its ``PdfTextPage``."""
    glyphs = list(_glyphs(page, textpage.raw))
    pieces = _in_order(_pieces(glyphs))
    lines = [line for piece in pieces if (line := _line(piece, number))]
    characters = sum(not glyph.character.isspace() for glyph in glyphs)
    return PageLines(lines, characters, sum(map(_unreadable, pieces)))


def _unreadable(piece: list[Glyph]) -> int:
    """How many characters of a piece cannot be read; a sign of a symbol font before it is a bullet."""
    bullet = not piece[0].character and len(piece) > 1 and piece[1].character
    return sum(not glyph.character for glyph in piece) - bool(bullet)


def plain_character(character: str) -> str:
    """Of a radical or a compatibility ideograph the character that it stands for (⼀ 一, ⻓ 长)."""
    if character in _SUPPLEMENT:
        return _SUPPLEMENT[character]
    plain = unicodedata.normalize("NFKC", character) if _RADICALS.match(character) else character
    return plain if len(plain) == 1 else character


def _glyphs(page: Any, textpage: Any) -> Iterator[Glyph]:
    """The upright characters of a page in its own order; left out are a watermark set aslant and
    what lies beyond the page's edges."""
    turn = _Turn(page.get_rotation(), *page.get_bbox())
    x, y, box = c_double(), c_double(), pdfium.FS_RECTF()
    sizes: dict[int | None, float] = {}
    for index in range(pdfium.FPDFText_CountChars(textpage)):
        if pdfium.FPDFText_IsGenerated(textpage, index) == 1:  # put in by pdfium
            continue
        text_object = pdfium.FPDFText_GetTextObject(textpage, index)
        address = addressof(text_object.contents) if text_object else None
        if address not in sizes:
            sizes[address] = _upright_size(textpage, index, turn)
        if not sizes[address]:
            continue
        pdfium.FPDFText_GetCharOrigin(textpage, index, x, y)
        if not (turn.left <= x.value <= turn.right and turn.bottom <= y.value <= turn.top):
            continue
        pdfium.FPDFText_GetLooseCharBox(textpage, index, box)
        left, right, baseline = box.left, box.right, y.value
        if turn.degrees:
            edges = turn.point(box.left, box.bottom)[0], turn.point(box.right, box.top)[0]
            left, right, baseline = min(edges), max(edges), turn.point(x.value, y.value)[1]
        yield Glyph(_character(textpage, index), left, right, baseline, sizes[address])


class _Turn(NamedTuple):
    """By how much a page is turned to the right when it is shown, and its edges before that."""

    degrees: int
    left: float
    bottom: float
    right: float
    top: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where a point is shown."""
        if self.degrees == 90:
            return y - self.bottom, self.right - x
        if self.degrees == 180:
            return self.right - x, self.top - y
        return (self.top - y, x - self.left) if self.degrees == 270 else (x, y)

    def direction(self, across: float, up: float) -> tuple[float, float]:
        """Where a direction is shown to point."""
        return _Turn(self.degrees, 0, 0, 0, 0).point(across, up)


def _upright_size(textpage: Any, index: int, turn: _Turn) -> float:
    """The size in which a character is shown; 0 where it does not stand upright or no page holds it."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(textpage, index, matrix)
    across, up = turn.direction(matrix.a, matrix.b)
    size = pdfium.FPDFText_GetFontSize(textpage, index) * hypot(matrix.c, matrix.d)
    return size if across > abs(up) and 0 < size < _LARGEST else 0.0


def _character(textpage: Any, index: int) -> str:
    """The character; "" for one whose meaning the font does not tell: pdfium then gives the number
    of its shape, which is rubbish. It keeps its place, or the gap would look like a space."""
    if pdfium.FPDFText_HasUnicodeMapError(textpage, index) == 1:
        return ""
    return _readable(pdfium.FPDFText_GetUnicode(textpage, index))


@lru_cache(maxsize=20_000)
def _readable(code: int) -> str:
    if code > maxunicode:
        return ""
    character = "-" if chr(code) == _HYPHEN else plain_character(chr(code))
    return "" if is_unreadable(character) else character


def _pieces(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Runs of characters that stand side by side; white space at their beginning left out."""
    pieces: list[list[Glyph]] = []
    for glyph in glyphs:
        if pieces and _goes_on(pieces[-1], glyph):
            pieces[-1].append(glyph)
        elif not glyph.character.isspace():
            pieces.append([glyph])
    return pieces


def _goes_on(piece: list[Glyph], glyph: Glyph) -> bool:
    last = piece[-1]
    em = max(last.size, glyph.size)
    if abs(glyph.baseline - piece[0].baseline) >= _SAME_LINE * em or glyph.left < last.right - em:
        return False
    gap = glyph.left - last.right
    return gap <= _WIDE_GAP * em or (gap <= 4 * em and _is_mark(piece))


def _is_mark(piece: list[Glyph]) -> bool:
    return len(piece) <= 8 and ITEM.fullmatch(_text(piece).rstrip()) is not None


def _text(piece: list[Glyph]) -> str:
    """The characters, and a space where there is only a gap that stands for one: some programs
    leave spaces out. A justified line is spread evenly, so its own middle gap is what others exceed."""
    gaps = [(glyph.left - last.right) / max(last.size, glyph.size) for last, glyph in pairwise(piece)]
    spread = max(0.0, median(gaps)) if len(gaps) >= _FEWEST_GAPS else 0.0
    parts = [piece[0].character]
    for gap, (last, glyph) in zip(gaps, pairwise(piece), strict=True):
        mixed = (_NARROW.match(last.character) is None) != (_NARROW.match(glyph.character) is None)
        bare = not (last.character.isspace() or glyph.character.isspace())
        if bare and gap > spread + (_MIXED_GAP if mixed else _WORD_GAP):
            parts.append(" ")
        parts.append(glyph.character)
    return "".join(parts)


def _in_order(pieces: list[list[Glyph]]) -> list[list[Glyph]]:
    """The pieces as they are read. What was written out of place (a footer before the text) is
    moved as a whole; where such parts lie in one another, all goes by its place."""
    parts: list[list[list[Glyph]]] = []
    for piece in pieces:
        if parts and not _jumps(parts[-1][-1], piece):
            parts[-1].append(piece)
        else:
            parts.append([piece])
    parts.sort(key=lambda part: -_heights(part)[0])
    if any(_heights(low)[0] > _heights(high)[1] for high, low in pairwise(parts)):
        return _by_place([glyph for piece in pieces for glyph in piece])
    return [piece for part in parts for piece in part]


def _jumps(piece: list[Glyph], following: list[Glyph]) -> bool:
    """Does the next piece stand neither below this one nor to the right of it, or far below, as a
    footer that is written after the header?"""
    em = piece[0].size
    down = (piece[0].baseline - following[0].baseline) / em
    return down > _FAR or (down <= _SAME_LINE and following[0].left < piece[-1].right - em)


def _heights(part: list[list[Glyph]]) -> tuple[float, float]:
    """The highest and the lowest baseline."""
    baselines = [piece[0].baseline for piece in part]
    return max(baselines), min(baselines)


def _by_place(glyphs: list[Glyph]) -> list[list[Glyph]]:
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: -glyph.baseline):
        if rows and rows[-1][0].baseline - glyph.baseline < _SAME_LINE * glyph.size:
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    return [piece for row in rows for piece in _pieces(sorted(row, key=lambda glyph: glyph.left))]


def _line(piece: list[Glyph], page: int) -> Line | None:
    """The line of a piece; None where nothing of it can be read."""
    shown = [glyph for glyph in piece if glyph.character.strip()]
    if not shown:
        return None
    text = _text(piece)
    mark = ITEM.match(text.strip())
    behind = len("".join(mark.group().split())) if mark else 0
    head = _SET_WHOLE.match("".join(glyph.character for glyph in shown))
    return Line(
        text=text.strip(),
        left=piece[0].left,
        right=shown[-1].right,
        edge=next((it.right for it in reversed(shown) if it.character not in _CLOSING), piece[0].left),
        inner=shown[min(behind, len(shown) - 1)].left,
        head=shown[head.end() - 1].right - shown[0].left if head else 0.0,
        baseline=piece[0].baseline,
        size=_size(shown),
        page=page,
        spaced=text[-1:].isspace(),
    )


def _size(glyphs: list[Glyph]) -> float:
    """The size of most of the characters."""
    runs = [(size, len(list(run))) for size, run in groupby(sorted(glyph.size for glyph in glyphs))]
    return max(runs, key=lambda run: run[1])[0]
