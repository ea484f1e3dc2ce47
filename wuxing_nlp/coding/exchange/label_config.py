"""The labelling interface of a Label Studio project for the codebook, as its settings take it."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.coding.exchange.spelling import NONE, shown

CHOICES = "codes"
"""The name of the group of choices, ``from_name`` of its results."""

TEXT = "text"
"""The name of the text, ``to_name`` of the results, and its key in a task's data."""


def label_config(book: Codebook) -> str:
    """The interface in XML: the text, and one box a base code under its letter, and one for none.

    A choice shows code and name, gives its definition as a hint, and is exported as the code alone.
    """
    view = Element("View")
    SubElement(view, "Text", name=TEXT, value=f"${TEXT}")
    choices = SubElement(view, "Choices", name=CHOICES, toName=TEXT, choice="multiple", required="true")
    for letter in book.letters:
        group = SubElement(choices, "View")
        SubElement(group, "Header", value=f"{letter} {book.name(letter)}", size="5")
        for code in book.codes:
            if code[0] == letter:
                _add_choice(group, code, book)
    _add_choice(SubElement(choices, "View"), NONE, book)
    indent(view)
    return tostring(view, encoding="unicode") + "\n"


def _add_choice(group: Element, code: str, book: Codebook) -> None:
    choice = SubElement(group, "Choice", value=shown(code, book), alias=code)
    if hint := _hint(code, book):
        choice.set("hint", hint)


def _hint(code: str, book: Codebook) -> str:
    for entry in book.labels():
        if getattr(entry, "code", "") == code or (
            book.stance_of(code) and getattr(entry, "letter", "") == code[0]
        ):
            return entry.definition
    return ""
