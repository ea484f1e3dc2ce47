"""A page's nodes in document order, and the lines that a reader of the page would see.

White space folds as HTML has it: to one space, and to none where a line of the source breaks
between two Chinese characters (CSS Text 3, “segment break transformation”); at the ends of a line
it goes. 　 and a no-break space are no white space there and stay. What a browser numbers by itself
(``<ol>``) is not text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeAlias

from selectolax.lexbor import LexborNode

LeftOut: TypeAlias = Callable[[LexborNode], bool]
"""True for an element that is not to be looked into."""

_BLOCK_NAMES = (
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre "
    "section summary table tbody td tfoot th thead tr ul"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
# What is never text of the page; of ruby the reading (经<rt>jīng</rt>). Forms themselves stay: some
# servers wrap the whole page in one.
_TEXTLESS = (
    "head script style noscript template iframe noframes object applet embed audio video canvas svg map "
    "select datalist button textarea input rt rp"
)
_NEVER = frozenset(_TEXTLESS.split())
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SHOWN_AS_BLOCK = re.compile(r"display\s*:\s*(?:block|flex|grid|table|list-item)\b", re.IGNORECASE)
_WHITE = re.compile("[ \t\n\r\f]+")
_LINE_END = re.compile("\r\n?|\n")
_WIDE_MARKS = frozenset("“”‘’…—·")


class Line(NamedTuple):
    """A line of the page; ``linked`` of its characters stand in links."""

    text: str
    linked: int


class Edge(NamedTuple):
    """Where an element begins or ends among the lines."""

    node: LexborNode
    begins: bool


def is_unseen(node: LexborNode) -> bool:
    """True for what is never text, and for what is hidden. Not for the body: scripts show it later."""
    if node.tag in _NEVER:
        return True
    if not node.is_element_node or node.tag in ("html", "body"):
        return False
    attributes = node.attributes
    return "hidden" in attributes or _HIDDEN.search(attributes.get("style") or "") is not None


def walk(root: LexborNode, left_out: LeftOut) -> Iterator[tuple[LexborNode, bool]]:
    """The nodes from ``root`` down, in document order, each with True where it begins and False
    where it ends. By iteration: a page may nest deeper than Python's stack."""
    node, depth = root, 0
    while True:
        child = None
        if not left_out(node):
            yield node, True
            if (child := node.first_child) is None:
                yield node, False
        if child is not None:
            node, depth = child, depth + 1
            continue
        while depth and (following := node.next) is None:
            node, depth = _parent(node), depth - 1
            yield node, False
        if not depth:
            return
        assert following is not None
        node = following


def _parent(node: LexborNode) -> LexborNode:
    parent = node.parent
    assert parent is not None, "the walk goes up only where it came down"
    return parent


def read_lines(root: LexborNode, left_out: LeftOut) -> Iterator[Line | Edge]:
    """The lines below ``root`` as the page shows them, between the edges of its elements. A block
    begins and ends a line; ``<br>`` ends one, an empty one too; so does a line's end in ``<pre>``."""
    line = _LineMaker()
    kept = 0
    for node, begins in walk(root, left_out):
        if not node.is_element_node:
            if begins and node.is_text_node:
                yield from line.add(node.text_content or "", kept=kept > 0)
            continue
        if _is_block(node):
            yield from line.end()
        line.links += (node.tag == "a") * (1 if begins else -1)
        kept += (node.tag == "pre") * (1 if begins else -1)
        yield Edge(node, begins)
        if begins and node.tag == "br":
            yield line.take()
    yield from line.end()


def text_lines(stream: Iterable[Line | Edge]) -> list[str]:
    """The texts of the lines alone."""
    return [item.text for item in stream if isinstance(item, Line)]


class _LineMaker:
    """Pieces of text that become a line."""

    def __init__(self) -> None:
        self.links = 0
        self._pieces: list[str] = []
        self._linked = 0

    def add(self, text: str, *, kept: bool) -> Iterator[Line]:
        """Take a piece; where line ends are ``kept``, each of them ends a line."""
        *whole, text = _LINE_END.split(text) if kept else [text]
        for piece in whole:
            self._take_in(piece)
            yield self.take()
        self._take_in(text)

    def _take_in(self, text: str) -> None:
        self._pieces.append(text)
        if self.links > 0:
            self._linked += len(text)

    def take(self) -> Line:
        """The line so far, be it empty."""
        line = Line(_folded("".join(self._pieces)), self._linked)
        self._pieces.clear()
        self._linked = 0
        return line

    def end(self) -> Iterator[Line]:
        """The line so far, if anything is on it."""
        if self._pieces and (line := self.take()).text:
            yield line


def _is_block(node: LexborNode) -> bool:
    return node.tag in _BLOCKS or _SHOWN_AS_BLOCK.search(node.attributes.get("style") or "") is not None


def _folded(text: str) -> str:
    return _WHITE.sub(_fold, text).strip(" ")


def _fold(match: re.Match[str]) -> str:
    if "\n" not in match.group() and "\r" not in match.group():
        return " "
    text, start, end = match.string, *match.span()
    inside = start > 0 and end < len(text)
    return "" if inside and _is_wide(text[start - 1]) and _is_wide(text[end]) else " "


def _is_wide(character: str) -> bool:
    return character in _WIDE_MARKS or unicodedata.east_asian_width(character) in "WF"
