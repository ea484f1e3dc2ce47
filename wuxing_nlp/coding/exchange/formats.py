"""Which formats there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.coding.exchange import doccano, label_studio, long_csv, long_xlsx
from wuxing_nlp.coding.exchange.items import Item
from wuxing_nlp.coding.exchange.outcomes import Outcome
from wuxing_nlp.errors import CorpusError


class Writer(Protocol):
    """Writes items, with the labels of a codebook; ``model`` names who suggests codes. Gives the files
    that were written."""

    def __call__(self, items: Sequence[Item], path: Path, model: str, book: Codebook) -> list[Path]: ...


class Reader(Protocol):
    """Reads a file of a codebook's labels, one outcome a place and coder."""

    def __call__(self, path: Path, empty_is_none: bool, book: Codebook) -> Iterator[Outcome]: ...


@dataclass(frozen=True, slots=True)
class Format:
    """How a format is written and read."""

    write: Writer
    read: Reader


FORMATS = {
    "doccano": Format(doccano.write, doccano.read),
    "label-studio": Format(label_studio.write, label_studio.read),
    "csv": Format(long_csv.write, long_csv.read),
    "xlsx": Format(long_xlsx.write, long_xlsx.read),
}
"""Name to format."""


def named(name: str) -> Format:
    """The format of that name. Raises CorpusError: there is none."""
    if name not in FORMATS:
        raise CorpusError(f"{name!r} is no format of codings; there are {', '.join(FORMATS)}")
    return FORMATS[name]
