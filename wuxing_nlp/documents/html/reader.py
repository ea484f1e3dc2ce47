"""The reader of web pages: .html and .htm files, as Chinese authorities publish documents.

The text is the article alone, one line a paragraph, heading, list item or table cell. It begins
with the page's title wherever the page shows one above the article: the nearest ``<h1>`` or, where
the page names its title in ``ArticleTitle`` or ``<title>``, the element that holds just that. A
title that the article itself begins with is not repeated. So a page gives the units that the same
document has as plain text. Nothing is fetched and nothing is run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from wuxing_nlp.documents.document import Document, Metadata
from wuxing_nlp.documents.html.body import HEADINGS, find_body
from wuxing_nlp.documents.html.facts import PageFacts
from wuxing_nlp.documents.html.nesting import check_nesting
from wuxing_nlp.documents.html.outside import outside_of
from wuxing_nlp.documents.html.page import Line, read_lines
from wuxing_nlp.documents.making import make_document
from wuxing_nlp.documents.options import ReadOptions
from wuxing_nlp.documents.plain.decoding import decode, plausibility
from wuxing_nlp.documents.source import Source
from wuxing_nlp.errors import DocumentError

_DECLARED = re.compile(
    rb"""<meta\s[^>]*?charset\s*=\s*["']?\s*([\w-]+)|<\?xml\s[^>]*?encoding\s*=\s*["']([\w-]+)""",
    re.IGNORECASE,
)
_DECLARED_WITHIN = 4096
# A page that says gb2312 holds what its maker's Windows had: the superset is read.
_CODECS = dict.fromkeys((b"gb2312", b"gbk", b"gb18030", b"x-gbk", b"cp936", b"gb_2312-80"), "gb18030")
_CODECS |= dict.fromkeys((b"big5", b"big5-hkscs", b"x-x-big5", b"cp950"), "big5hkscs")
_PLAUSIBLE = 0.75

_WEB_ARCHIVE = re.compile(rb"\s*(?:From: <Saved by|MIME-Version:)", re.IGNORECASE)
_ANY_TAG = re.compile("<[a-zA-Z!/]")
_TITLED = re.compile(
    r"(?:^|[\s_-])(?:article|news|xl|con(?:tent)?|doc|info|page)?[-_]?(?:title|tit|bt|biaoti)\b",
    re.IGNORECASE,
)
_SITE = re.compile(r"(?<!\s)\s*[-_|–—]+\s*")  # asked once for every run of white space
_TITLE_WITHIN = 10
_TITLE_LINES = 4
_MOST_LINES, _LONGEST_TITLE = 100, 10_000  # empty lines counted; in characters


def read(source: Source, options: ReadOptions) -> Iterator[Document]:
    """Read a page.

    Raises:
        DocumentError: it cannot be read, is empty or too large, no page, in no known encoding,
            nested without end, or shows no text until a script or a frame brings it.
    """
    text, encoding = _decoded(source.read(options.max_bytes), source.name)
    known = Metadata()
    # A text file under the name of a page: its lines are paragraphs.
    if _ANY_TAG.search(text):
        check_nesting(text, source.name)
        text, known = _read_page(text, source.name)
    yield make_document(source.name, text, options, encoding=encoding, known=known)


def _read_page(text: str, name: str) -> tuple[str, Metadata]:
    page = LexborHTMLParser(text).root
    body = find_body(page) if page is not None else None
    lines = body.lines() if body else []
    if page is None or body is None or not any(map(str.strip, lines)):
        raise DocumentError(
            name,
            "a page without text of its own (a script or a frame brings it)",
            "open it in a browser, wait for its text and save it as .txt (UTF-8)",
        )
    facts = PageFacts(page, body.roots[0])
    title = _title_above(page, body.roots[0], facts.title or _titled(page))
    if title and not _begins_with(lines, "".join(title)):
        lines = [*title, *lines]
    text = "\n".join(lines).strip("\n")
    return text, facts.metadata(text)


def _decoded(data: bytes, name: str) -> tuple[str, str]:
    """The page's text and its codec. What it declares decides only between guesses: a mark or valid
    UTF-8 is surer, and pages are often saved anew without their declaration being changed."""
    if _WEB_ARCHIVE.match(data):
        raise DocumentError(
            name, "a web archive (MHTML)", "open it in a browser and save it as a page, HTML only"
        )
    text, encoding = decode(data, name)
    declared = _declared(data)
    if encoding in _CODECS.values() and declared not in ("", encoding):
        try:
            said = data.decode(declared)
        except UnicodeDecodeError:
            return text, encoding
        if plausibility(said) >= _PLAUSIBLE:
            return said, declared
    return text, encoding


def _declared(data: bytes) -> str:
    match = _DECLARED.search(data[:_DECLARED_WITHIN])
    return _CODECS.get((match[1] or match[2]).lower(), "") if match else ""


def _titled(page: LexborNode) -> str:
    """What ``<title>`` says before the name of the site."""
    node = page.css_first("head title")
    return _SITE.split(node.text().strip())[0] if node is not None else ""


def _title_above(page: LexborNode, article: LexborNode, known: str) -> list[str]:
    """The lines of the title that stands nearest above the article; ``known`` is what it is by other
    witness, "" without one."""
    title: list[str] = []
    lines: list[str] = []
    begun: list[int] = []
    for item in read_lines(page, outside_of(page)):
        if isinstance(item, Line):
            lines.append(item.text)
        elif item.node.mem_id == article.mem_id:
            break
        elif item.begins:
            begun.append(len(lines))
        elif (inside := _few(lines, begun.pop())) and _may_be_title(item.node, inside, known):
            title = inside
    return [line for line in title if line.strip()]


def _few(lines: list[str], start: int) -> list[str]:
    """The lines from ``start`` on; none where they are more or longer than a title's, for an element
    around the whole page is asked, too."""
    if len(lines) - start > _MOST_LINES or sum(map(len, lines[start:])) > _LONGEST_TITLE:
        return []
    return lines[start:]


def _may_be_title(node: LexborNode, lines: list[str], known: str) -> bool:
    if node.tag == "h1":
        # A heading that is a link leads to the front page.
        return node.css_first("a") is None
    is_known = known != "" and _bare("".join(lines)) == _bare(known)
    return is_known and (node.tag in HEADINGS or _is_titled(node))


def _is_titled(node: LexborNode) -> bool:
    attributes = node.attributes
    return bool(_TITLED.search(f"{attributes.get('class') or ''} {attributes.get('id') or ''}"))


def _begins_with(lines: list[str], title: str) -> bool:
    """Is the title one of the first lines, or several of them in a row?"""
    first = [bare for line in lines if (bare := _bare(line))][: _TITLE_WITHIN + _TITLE_LINES]
    runs = (
        "".join(first[at : at + count]) for at in range(_TITLE_WITHIN) for count in range(1, _TITLE_LINES + 1)
    )
    return _bare(title) in runs


def _bare(text: str) -> str:
    return "".join(text.split())
