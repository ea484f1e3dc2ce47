"""What a page says of its document: in the block over the article that lists 发文机关, 发文字号,
成文日期 and the like, be it a table, a list or a row of spans, and in its ``meta`` elements.

The names of the ``meta`` elements are those that the State Council's guide for government websites
(政府网站发展指引, 2017) lays down, and those that gov.cn itself has. They tell of the page: when it was
published, where it was taken from. So the document's own text goes before them.
"""

from __future__ import annotations

import re
from dataclasses import replace

from selectolax.lexbor import LexborNode

from wuxing_nlp.documents.document import Metadata
from wuxing_nlp.documents.html.page import is_unseen, walk
from wuxing_nlp.documents.metadata.dates import find_dates
from wuxing_nlp.documents.metadata.extraction import metadata_of
from wuxing_nlp.documents.metadata.labels import labelled
from wuxing_nlp.documents.metadata.lines import Line, plain
from wuxing_nlp.documents.metadata.numbers import labelled_number

_DATES = ("pubdate", "publishdate", "firstpublishedtime")
# A page's source may be a newspaper or the site itself; only an authority issues documents.
_AUTHORITY = re.compile(
    r"(?!本[站网])(?!.*(?:报|网|社|电视台|客户端|公众号)$)"
    r".*(?:政府|国务院|办公厅|办公室|委员会|委|党委|政协|人大|法院|检察院|部|厅|局|署|司|处|办|中心|集团)"
)


class PageFacts:
    """The facts of a page whose article begins with the element ``article``."""

    def __init__(self, page: LexborNode, article: LexborNode) -> None:
        self._meta = _meta(page)
        self._listed = labelled(_pieces_above(page, article))

    @property
    def title(self) -> str:
        """The document's title; "" where neither ``ArticleTitle`` nor the block names it."""
        return self._meta.get("articletitle", "") or self._listed.get("title", "")

    def metadata(self, text: str) -> Metadata:
        """All that page and text say: first the block, then the text, then the ``meta`` elements."""
        number = self._listed.get("number", "")
        listed = Metadata(
            title=self.title,
            number=labelled_number(Line(number, plain(number))) if number else "",
            issuer=self._listed.get("issuer", ""),
            date=_date(self._listed.get("issued", "")),
        )
        found = metadata_of(text, listed)
        return replace(listed, issuer=found.issuer or self._source(), date=found.date or self._published())

    def _source(self) -> str:
        source = self._meta.get("contentsource", "")
        return source if _AUTHORITY.fullmatch(plain(source)) else ""

    def _published(self) -> str:
        values = (self._listed.get("published", ""), *(self._meta.get(name, "") for name in _DATES))
        return next(filter(None, map(_date, values)), "")


def _meta(page: LexborNode) -> dict[str, str]:
    """Names, in lower case, and contents of the ``meta`` elements; of several of a name the first."""
    found: dict[str, str] = {}
    for node in page.css("meta"):
        attributes = node.attributes
        name = (attributes.get("name") or "").casefold()
        found.setdefault(name, " ".join((attributes.get("content") or "").split()))
    return found


def _pieces_above(page: LexborNode, article: LexborNode) -> list[Line]:
    """The pieces of text above the article, one an element: labels and values often share a line
    there, with nothing but the edges of their elements between them."""
    pieces: list[Line] = []
    for node, begins in walk(page, is_unseen):
        if node.mem_id == article.mem_id:
            break
        if begins and node.is_text_node and (piece := " ".join((node.text_content or "").split())):
            pieces.append(Line(piece, plain(piece)))
    return pieces


def _date(value: str) -> str:
    found = find_dates(plain(value))
    return found[0].iso if found else ""
