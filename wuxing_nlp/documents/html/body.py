"""Where a page's article stands.

First by the names that the content management systems of Chinese authorities give its container,
then by ``<article>`` or ``<main>``, else by where the sentences are. What those systems mark is
taken whole; in an unknown page the parts that HTML itself calls furniture are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from wuxing_nlp.documents.html.outside import outside_of
from wuxing_nlp.documents.html.page import LeftOut, Line, is_unseen, read_lines, text_lines, walk
from wuxing_nlp.text.characters import han_count
from wuxing_nlp.text.furniture import FurnitureReader

# One rank a line, best first: within a rank every match counts. An id or class of gov.cn and UCAP,
# of 博达 (vsb, v_news), of templates that wrap the editor's text together with its annexes, of the
# editor of TRS (Custom_UnionStyle is inside it), and at last names of article parts in general.
_CONTAINERS = [
    re.compile(rf"(?:{names})", re.IGNORECASE)
    for names in (
        r"ucap-?content|ivs_content",
        r"vsb_content(?:_\d+)?(?:_u\d+)?|v_news_content|wp_articlecontent",
        r"pages_content|zfxxgk_zw_content|xxgk_content|zoom|zoomcon|bt_content",
        r"trs_editor|trs_ueditor|trs_editor_view",
        r"custom_unionstyle",
        r"article[-_]?(?:content|body|text|con)|articlecontents|news[-_]?content|info[-_]?content"
        r"|detail[-_]?content|text[-_]?content|con[-_]?detail|xl[-_]?content",
    )
]
_BY_TAG = ("article", "main")
HEADINGS = frozenset(("h1", "h2", "h3"))
_PARTS = frozenset(("html", "body", "div", "section", "td", "center", "form", "table", "tbody", "tr", "dd"))
_SENTENCE = re.compile("[。；！？]|[，：].*[，：]")

_MOST = 0.9
"""The article's element holds at least this share of the characters of all sentences."""
_JUNK = 3
"""What joins an article from around it has this many times the characters of the links beside it."""


@dataclass(frozen=True, slots=True)
class Body:
    """The elements that hold the article, in order, and what is to be left out inside them."""

    roots: list[LexborNode]
    left_out: LeftOut

    def lines(self) -> list[str]:
        """The lines of the article."""
        return [line for root in self.roots for line in text_lines(read_lines(root, self.left_out))]


def find_body(page: LexborNode) -> Body:
    """The article of a page, given its ``html`` element."""
    if roots := _known_roots(page):
        return Body(roots, is_unseen)
    is_outside = outside_of(page)
    return Body([_densest(page, is_outside)], is_outside)


def _known_roots(page: LexborNode) -> list[LexborNode]:
    """The outermost elements of the best rank that hold text of a reader's interest."""
    outermost: dict[int, list[LexborNode]] = {}
    around: list[tuple[int, int]] = []
    for node, begins in walk(page, is_unseen):
        if not begins:
            if around and around[-1][0] == node.mem_id:
                around.pop()
            continue
        rank = _rank(node) if node.is_element_node else None
        if rank is not None and all(rank != outer for _, outer in around):
            outermost.setdefault(rank, []).append(node)
            around.append((node.mem_id, rank))
    for _, nodes in sorted(outermost.items()):
        if roots := [node for node in nodes if _tells(node)]:
            return roots
    return []


def _rank(node: LexborNode) -> int | None:
    if node.tag in ("html", "body", "a", "img"):
        return None
    attributes = node.attributes
    names = [attributes.get("id") or "", *(attributes.get("class") or "").split()]
    for rank, known in enumerate(_CONTAINERS):
        if any(map(known.fullmatch, names)):
            return rank
    return len(_CONTAINERS) + _BY_TAG.index(node.tag) if node.tag in _BY_TAG else None


def _tells(node: LexborNode) -> bool:
    lines = (item.text for item in read_lines(node, is_unseen) if isinstance(item, Line))
    return any(line.strip() and not _is_furniture(line) for line in lines)


def _is_furniture(line: str) -> bool:
    return FurnitureReader([line]).is_furniture(0)


class _Text:
    """The lines of a page with their characters, summed: of sentences, of other text, of links and
    furniture; and the ``elements`` that may hold an article, inner ones first, with the lines that
    stand in each."""

    def __init__(self, page: LexborNode, left_out: LeftOut) -> None:
        self.sentences = [0]
        self.other = [0]
        self.junk = [0]
        self.elements: list[tuple[LexborNode, int, int]] = []
        self._read(page, left_out)

    def _read(self, page: LexborNode, left_out: LeftOut) -> None:
        begun: list[int] = []
        headings = 0
        for item in read_lines(page, left_out):
            if isinstance(item, Line):
                self._take(item, is_heading=headings > 0)
                continue
            headings += (item.node.tag in HEADINGS) * (1 if item.begins else -1)
            if item.begins:
                begun.append(len(self.junk) - 1)
                continue
            start, end = begun.pop(), len(self.junk) - 1
            if item.node.tag in _PARTS and end - start > 1:
                self.elements.append((item.node, start, end))

    def _take(self, line: Line, *, is_heading: bool) -> None:
        size = han_count(line.text)
        is_junk = 2 * line.linked > len(line.text) or _is_furniture(line.text)
        is_sentence = not (is_junk or is_heading) and _SENTENCE.search(line.text) is not None
        self.junk.append(self.junk[-1] + size * is_junk)
        self.sentences.append(self.sentences[-1] + size * is_sentence)
        self.other.append(self.other[-1] + size * (not is_junk and not is_sentence))


def _densest(page: LexborNode, left_out: LeftOut) -> LexborNode:
    """The innermost element that holds most sentences, or one around it that adds text and few
    links: an article may begin or end outside, and ends in lines that are no sentences."""
    text = _Text(page, left_out)
    telling = text.sentences if text.sentences[-1] else text.other
    least = _MOST * telling[-1]
    chain = [
        (node, start, end) for node, start, end in text.elements if telling[end] - telling[start] >= least
    ]
    if not least or not chain:
        return page
    best, start, end = chain[0]
    for around, first, last in chain[1:]:
        # What stands before an article and is no sentence is its title and its date: see html.py.
        added = _around(text.sentences, first, start, end, last) + text.other[last] - text.other[end]
        if added < _JUNK * _around(text.junk, first, start, end, last):
            break
        if added:
            best, start, end = around, first, last
    return best


def _around(sums: list[int], first: int, start: int, end: int, last: int) -> int:
    return sums[start] - sums[first] + sums[last] - sums[end]
