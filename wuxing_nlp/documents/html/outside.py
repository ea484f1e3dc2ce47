"""What of a page is not of the article unless it stands inside a container of one."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from wuxing_nlp.documents.html.page import LeftOut, is_unseen, walk

_OUTSIDE = frozenset(("nav", "aside", "footer"))
_TITLES = frozenset(("h1", "h2"))


def outside_of(page: LexborNode) -> LeftOut:
    """True for what is left out: what is unseen, and what HTML calls furniture. A header stays where it
    holds a heading that leads nowhere: the page's own title."""
    titled = _titled(page) if page.css_first("header") is not None else frozenset()

    def is_outside(node: LexborNode) -> bool:
        if is_unseen(node) or node.tag in _OUTSIDE:
            return True
        return node.tag == "header" and node.mem_id not in titled

    return is_outside


def _titled(page: LexborNode) -> frozenset[int]:
    """The headers that hold a heading with text and without a link, in one walk: pages may nest
    thousands of headers around thousands of headings."""
    titled: set[int] = set()
    headers: list[int] = []
    begun: list[tuple[int, int]] = []
    texts = links = 0
    for node, begins in walk(page, lambda _: False):
        texts += begins and node.is_text_node and bool((node.text_content or "").strip())
        links += begins and node.tag == "a"
        if node.tag == "header":
            headers.append(node.mem_id) if begins else headers.pop()
        elif node.tag in _TITLES and begins:
            begun.append((texts, links))
        elif node.tag in _TITLES:
            before = begun.pop()
            if texts > before[0] and links == before[1]:
                _note(headers, titled)
    return frozenset(titled)


def _note(headers: list[int], titled: set[int]) -> None:
    """Note all open headers; around one that is noted all are."""
    for header in reversed(headers):
        if header in titled:
            return
        titled.add(header)
