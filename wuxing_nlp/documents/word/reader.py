"""The reader of Word documents: .docx files, as Word, WPS and LibreOffice write them.

One line a paragraph, in the order of the body, tables (cell by cell, nested ones too), text boxes
and content controls among them; a text box stands before the paragraph that it hangs on, for red
letterheads and titles hang on the first one. Tracked changes count as accepted. Foot- and endnotes
follow the body, in the order of their references: a coding unit is a sentence of the body, and a
note amid the paragraphs would stand between sentences that belong together; plain text saved by
Word has them there too. Not text are: headers and footers, hidden text, comments, automatic numbers
(``一、`` is text only where it was typed), instructions of fields, readings over characters, and
the title in the file's properties, which is mostly that of the template.
"""

from __future__ import annotations

from collections.abc import Iterator

from docx.opc.packuri import PackURI

from wuxing_nlp.documents.document import Document
from wuxing_nlp.documents.making import make_document
from wuxing_nlp.documents.options import ReadOptions
from wuxing_nlp.documents.source import Source
from wuxing_nlp.documents.word.package import Package, open_package
from wuxing_nlp.documents.word.story import Story, hidden_styles, note_id
from wuxing_nlp.errors import DocumentError


def read(source: Source, options: ReadOptions) -> Iterator[Document]:
    """Read a Word document.

    Raises:
        DocumentError: it cannot be read, is empty or too large, encrypted, damaged, a bomb, another
            kind of file, or has its text in other files.
    """
    with open_package(source.read(options.max_bytes), source.name) as package:
        text = _text(package, source.name)
    yield make_document(source.name, text, options)


def _text(package: Package, name: str) -> str:
    main = package.main_uri
    styles = package.related(main, "styles")
    hidden = hidden_styles(package.root(styles)) if styles else frozenset()
    body = Story(package.root(main), hidden)
    if body.elsewhere:
        raise DocumentError(
            name,
            f"text that lies in other files or formats ({', '.join(sorted(body.elsewhere))})",
            "open it in Word and save it as .docx, which takes that text in",
        )
    lines = [*body.lines]
    for kind in ("footnote", "endnote"):
        if body.notes[kind] and (part := package.related(main, f"{kind}s")):
            lines += _notes(package, part, body.notes[kind], hidden)
    return "\n".join(lines)


def _notes(package: Package, part: PackURI, wanted: list[str], hidden: frozenset[str]) -> Iterator[str]:
    """The lines of the wanted notes of a part, each note once."""
    notes = {note_id(note): note for note in package.root(part)}
    for number in dict.fromkeys(wanted):
        if number in notes:
            yield from (line for line in Story(notes[number], hidden).lines if line.strip())
