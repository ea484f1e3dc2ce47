"""A document as the rooms above see it: its text, where it comes from, what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a document says of itself; "" where it does not say.

    Attributes:
        title: as its first lines give it, or the page or file that holds it.
        number: 发文字号, as 赣府发〔2018〕18号.
        issuer: the body that issued it.
        region: the province-level region that it comes from, in full and Simplified, or 全国.
        date: of issue, ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``.
        kind: what sort of document it is, one of :data:`wuxing_nlp.documents.metadata.kinds.KINDS`.
    """

    title: str = ""
    number: str = ""
    issuer: str = ""
    region: str = ""
    date: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One document's text: offsets of units point into ``text``.

    Attributes:
        name: what to show a person: the path as it was given, the path of the archive and the member
            in it, or of the table and the row in it; "-" for standard input.
        text: never blank. Of plain text exactly as the file holds it, line ends untouched, without a
            byte-order mark; of other formats one line a paragraph, heading or table cell.
        encoding: the codec that the text was read with, by Python's name for it; "" where the format
            leaves no choice.
        metadata: what the document says of itself.
        fields: of a table's row the other columns, as text, untouched and in their order.
    """

    name: str
    text: str
    encoding: str = ""
    metadata: Metadata = Metadata()
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The document's title; "" where none was found."""
        return self.metadata.title
