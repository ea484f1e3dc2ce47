"""One story of a Word document (its body, a note) as lines of text.

WordprocessingML is that of ECMA-376, in both of its dialects (transitional and strict). The tree is
walked by iteration, element by element in document order.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias

from lxml import etree  # type: ignore[import-untyped]

Element: TypeAlias = Any
"""An element of lxml, which has no types."""

_PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "urn:schemas-microsoft-com:vml": "v",
}
# Properties, of which some are named as text is (w:tab) and some hold former ones; what was deleted
# or moved away; readings over characters.
_TEXTLESS = "w:pPr w:rPr w:tblPr w:tblGrid w:trPr w:tcPr w:sectPr w:sdtPr w:sdtEndPr w:del w:moveFrom w:rt"
_LEFT_OUT = frozenset(_TEXTLESS.split())
_ELSEWHERE = frozenset(("w:altChunk", "w:subDoc"))
_CHARACTERS = {"w:tab": "\t", "w:ptab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-"}
_OFF = frozenset(("0", "false", "off"))
_GONE_MARKS = ("del", "moveFrom")
_WHITE = re.compile("[\r\n]+")
_PRIVATE_USE = range(0xE000, 0xF900)


class Story:
    """What an element with paragraphs says.

    Attributes:
        lines: one a paragraph, and one more for each break inside it. An empty paragraph is an empty
            line, but in a table, a text box or a note it is none.
        notes: "footnote" and "endnote" to the identifiers that the text refers to, in order.
        elsewhere: elements by which the text of other files is taken in, which is not read.
    """

    def __init__(self, root: Element, hidden: frozenset[str]) -> None:
        self.lines: list[str] = []
        self.notes: dict[str, list[str]] = {"footnote": [], "endnote": []}
        self.elsewhere: set[str] = set()
        self._hidden = hidden
        self._open: list[_Paragraph] = []
        self._carried: _Paragraph | None = None
        self._chosen: set[Element] = set()
        self._read(root)

    def _read(self, root: Element) -> None:
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            name = _name(element.tag)
            if event == "end":
                if name == "w:p":
                    self._close(self._open.pop())
            elif self._is_left_out(name, element):
                walk.skip_subtree()
            else:
                self._take(name, element)
        self._put_carried()

    def _take(self, name: str, element: Element) -> None:
        if name == "w:p":
            self._open.append(self._begun(element))
        elif name in _ELSEWHERE:
            self.elsewhere.add(name)
        elif name in ("w:footnoteReference", "w:endnoteReference"):
            self.notes[name[2:-9]].append(note_id(element))
        elif name == "v:textpath":  # WordArt, in which letterheads are set
            self.lines += _lines(element.get("string", ""))
        elif self._open:
            self._open[-1].take(name, element)

    def _is_left_out(self, name: str, element: Element) -> bool:
        if name in _LEFT_OUT:
            return True
        if name in ("mc:Choice", "mc:Fallback"):
            return self._is_second_choice(name, element)
        check = _CHECKS.get(name)
        if name == "w:r" and self._open and self._is_hidden(element):
            # A field may begin in hidden text and end outside it.
            self._open[-1].take_fields(element)
            return True
        return check is not None and check(element)

    def _is_second_choice(self, name: str, element: Element) -> bool:
        """Of a thing that stands there for newer and for older programs, all but the first version."""
        thing = element.getparent()
        if thing in self._chosen:
            return True
        if name == "mc:Choice":
            self._chosen.add(thing)
        return False

    def _begun(self, element: Element) -> _Paragraph:
        """A paragraph that begins, with what one without a mark of its own leaves to it."""
        before, style = self._carried, _value(_child(_child(element, "pPr"), "pStyle"))
        paragraph = _Paragraph(element, style in self._hidden)
        if before is not None and before.element.getparent() is element.getparent():
            paragraph.pieces, self._carried = before.pieces, None
        else:
            self._put_carried()
        return paragraph

    def _close(self, paragraph: _Paragraph) -> None:
        if paragraph.is_hidden or _has_no_mark(paragraph.element):
            self._carried = paragraph
        else:
            self._put(paragraph)

    def _put_carried(self) -> None:
        if self._carried is not None and self._carried.text:
            self._put(self._carried)
        self._carried = None

    def _put(self, paragraph: _Paragraph) -> None:
        lines = paragraph.text.split("\n")
        if _is_inside(paragraph.element):
            lines = [line for line in lines if line.strip()]
        self.lines += lines

    def _is_hidden(self, run: Element) -> bool:
        properties = _child(run, "rPr")
        direct = _child(properties, "vanish")
        if direct is not None:
            return _is_on(direct)
        return self._open[-1].is_hidden or _value(_child(properties, "rStyle")) in self._hidden


@dataclass(slots=True)
class _Paragraph:
    """A paragraph whose end is still to come; ``fields`` has one entry a field that is open in it,
    True once its result has begun, and ``awaited`` counts those whose result has not."""

    element: Element
    is_hidden: bool
    pieces: list[str] = field(default_factory=list)
    fields: list[bool] = field(default_factory=list)
    awaited: int = 0

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def take(self, name: str, element: Element) -> None:
        if name == "w:fldChar":
            self._take_field(element)
        elif not self.awaited:
            self.pieces.append(_text_of(name, element))

    def take_fields(self, run: Element) -> None:
        for element in run:
            if _name(element.tag) == "w:fldChar":
                self._take_field(element)

    def _take_field(self, element: Element) -> None:
        kind = _attribute(element, "fldCharType")
        if kind == "begin":
            self.fields.append(False)
            self.awaited += 1
        elif self.fields and kind == "separate":
            self.awaited -= not self.fields[-1]
            self.fields[-1] = True
        elif self.fields and kind == "end":
            self.awaited -= not self.fields.pop()


def hidden_styles(root: Element) -> frozenset[str]:
    """The identifiers of the styles, of a part of styles, whose text is hidden (Word gives such to
    窗体顶端 and 窗体底端, which it puts around forms of pasted pages)."""
    own: dict[str, bool] = {}
    based: dict[str, str] = {}
    for style in root.iter("{*}style"):
        name = _attribute(style, "styleId")
        based[name] = _value(_child(style, "basedOn"))
        vanish = _child(_child(style, "rPr"), "vanish")
        if vanish is not None:
            own[name] = _is_on(vanish)
    for name in based:
        _inherit(name, own, based)
    return frozenset(name for name in based if own[name])


def note_id(element: Element) -> str:
    """The identifier of a note, or of a reference to one."""
    return _attribute(element, "id")


def _inherit(name: str, own: dict[str, bool], based: dict[str, str]) -> None:
    """Give a style, and all between, what the nearest one says that it is based on."""
    heirs: dict[str, None] = {}
    while name in based and name not in own and name not in heirs:
        heirs[name] = None
        name = based[name]
    own.update(dict.fromkeys(heirs, own.get(name, False)))


def _text_of(name: str, element: Element) -> str:
    if name in ("w:t", "m:t"):
        text = "".join((element.text or "", *(child.tail or "" for child in element)))
        # A line end in the markup is white space, not a line of the text.
        return _WHITE.sub(" ", text)
    if name == "w:sym":
        return _symbol(_attribute(element, "char"))
    return _CHARACTERS.get(name, "")


def _symbol(code: str) -> str:
    """The character of a symbol; "" for one that only its font knows."""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    return "" if number in _PRIVATE_USE or not 0x20 <= number < 0xD800 else chr(number)


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _is_deleted_row(row: Element) -> bool:
    return _child(_child(row, "trPr"), "del") is not None


def _is_covered_cell(cell: Element) -> bool:
    """A cell that was deleted, or that a merged one covers: not its first."""
    properties = _child(cell, "tcPr")
    merged = _child(properties, "vMerge")
    continued = merged is not None and _value(merged) in ("", "continue")
    return continued or _child(properties, "cellDel") is not None


_CHECKS: dict[str, Callable[[Element], bool]] = {
    "w:tr": _is_deleted_row,
    "w:tc": _is_covered_cell,
}


def _has_no_mark(paragraph: Element) -> bool:
    """Was the end of the paragraph deleted, or is it hidden? Then the next one goes on in its line."""
    properties = _child(_child(paragraph, "pPr"), "rPr")
    vanish = _child(properties, "vanish")
    if vanish is not None and _is_on(vanish):
        return True
    return any(_child(properties, mark) is not None for mark in _GONE_MARKS)


def _is_inside(paragraph: Element) -> bool:
    return any(_name(around.tag) in ("w:tc", "w:txbxContent") for around in paragraph.iterancestors())


@lru_cache(maxsize=1000)
def _name(tag: object) -> str:
    """``w:p`` for the tag of a paragraph in either dialect; "" for what is of no interest."""
    if not isinstance(tag, str) or not tag.startswith("{"):
        return ""
    namespace, _, name = tag[1:].partition("}")
    return f"{_PREFIXES[namespace]}:{name}" if namespace in _PREFIXES else ""


def _child(element: Element | None, name: str) -> Element | None:
    return None if element is None else element.find(f"{{*}}{name}")


def _attribute(element: Element, name: str) -> str:
    """An attribute of the namespace that its element has."""
    namespace = element.tag.partition("}")[0]
    return str(element.get(f"{namespace}}}{name}", ""))


def _value(element: Element | None) -> str:
    return "" if element is None else _attribute(element, "val")


def _is_on(toggle: Element) -> bool:
    return _value(toggle) not in _OFF
