"""A document as the rooms above see it: its text, and where the text comes from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Document:
    """One document's text, exactly as its file holds it: offsets of units point into ``text``.

    Attributes:
        name: what to show a person: the path as it was given, or relative to a root; "-" for a stream.
        text: the decoded text, line ends untouched, without a byte-order mark; never blank.
        title: the document's title as its first lines give it; "" where they give none.
        encoding: the codec that the text was read with, by Python's name for it.
        path: the file; None for a stream.
    """

    name: str
    text: str
    title: str
    encoding: str
    path: Path | None = None
