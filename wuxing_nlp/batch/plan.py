"""A run's plan: its inputs by hash, and the chunks that they are worked off in.

Chunks depend on inputs and settings alone, never on the number of workers or on what was done
before: that is why every way through a run ends in the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from wuxing_nlp.batch.outcome import Item
from wuxing_nlp.batch.settings import Settings
from wuxing_nlp.batch.versions import versions
from wuxing_nlp.documents import Document, Found, Source, format_of, read_documents
from wuxing_nlp.errors import DocumentError
from wuxing_nlp.model.bundle import Model

CHUNK_BYTES = 200_000
"""Size of a chunk, in bytes of its files or of its rows' text; some 1,700 units."""

CHUNK_ITEMS = 1_000
"""The most files or rows of a chunk."""

_BLOCK = 1_000_000
_PACKED = frozenset({".parquet", ".xlsx"})
_BYTES_A_CHARACTER = 3  # of Chinese text in UTF-8


@dataclass(frozen=True, slots=True)
class Input:
    """A file of a run: what a paper can cite. A file that cannot be read has no hash."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """Items that are worked off together: ``number`` is the chunk's place, ``size`` its weight in
    bytes."""

    number: int
    items: tuple[Item, ...]
    size: int


def way(settings: Settings, model: Model) -> dict[str, Any]:
    """Everything but the inputs that results depend on, as plain JSON values."""
    options = asdict(settings.options)
    del options["notify"]
    return {
        "versions": versions(),
        "model": {"name": model.name, "sha256": model.facts["fingerprint"], "bundle": _digest(model)},
        "codebook": {"version": model.codebook.version, "sha256": model.codebook.fingerprint},
        "prefer": settings.prefer.value,
        "text": settings.text,
        "evidence": settings.evidence,
        "options": options,
    }


def _digest(model: Model) -> str:
    """SHA-256 of the hashes of all parts of a model's bundle: thresholds change codes as weights do."""
    return hashlib.sha256(json.dumps(model.facts["parts"], sort_keys=True).encode()).hexdigest()


class Plan:
    """What is to be done: which documents, by which model, with which settings.

    Args:
        found: the documents, as :func:`wuxing_nlp.documents.find_sources` finds them.
        settings: what the run is to do.
        model: the model that ``settings`` name.
    """

    def __init__(self, found: Found, settings: Settings, model: Model) -> None:
        self.found = found
        self.settings = settings
        self.model = model
        self.notices: list[str] = []
        self.inputs = [hashed(source) for source in _files(found.sources)]

    def identity(self) -> dict[str, Any]:
        """Everything that the results depend on, as plain JSON values."""
        return {
            **way(self.settings, self.model),
            "inputs": [asdict(item) for item in self.inputs],
            "failed": [str(error) for error in self.found.failures],
        }

    def size(self) -> int:
        """Bytes of all inputs."""
        return sum(item.bytes for item in self.inputs)

    def weight(self) -> int | None:
        """What the sizes of all chunks add up to, so far as the inputs tell it before they are read;
        None where one is a table that is packed."""
        if any(source.suffix in _PACKED for source in self.found.sources):
            return None
        return sum(map(_size, self.found.sources))

    def chunks(self) -> Iterator[Chunk]:
        """The work in order, lazily: a chunk has whole files, or rows of a table."""
        items: list[Item] = []
        weight = number = 0
        for item, size in self._items():
            if items and (weight + size > CHUNK_BYTES or len(items) >= CHUNK_ITEMS):
                yield Chunk(number, tuple(items), weight)
                items, weight, number = [], 0, number + 1
            items.append(item)
            weight += size
        if items:
            yield Chunk(number, tuple(items), weight)

    def _items(self) -> Iterator[tuple[Item, int]]:
        """Every item with its weight. Tables are read here, row by row; what holds one document is
        left to the worker that tags it."""
        self.notices.clear()
        # What a row's text says of itself is left to the worker that tags it, too.
        options = replace(self.settings.options, metadata=False, notify=self.notices.append)
        yield from ((error, 0) for error in self.found.failures)
        for source in self.found.sources:
            if not _is_table(source):
                yield source, _size(source)
                continue
            for row in read_documents(source, options):
                yield row, _row_size(row) if isinstance(row, Document) else 0


def _row_size(row: Document) -> int:
    return _BYTES_A_CHARACTER * (len(row.text) + sum(map(len, row.fields.values())))


def _is_table(source: Source) -> bool:
    try:
        return format_of(source).table
    except DocumentError:
        return False


def _size(source: Source) -> int:
    try:
        return source.size()
    except (DocumentError, OSError):
        return 0


def _files(sources: Iterable[Source]) -> Iterator[Source]:
    """The files that sources lie in, each once: of an archive's members the archive."""
    seen: set[Path | str] = set()
    for source in sources:
        key = source.path or source.name
        if key not in seen:
            seen.add(key)
            yield Source.of(source.path) if source.path else source


def hashed(source: Source) -> Input:
    """A file by its content."""
    digest, size = hashlib.sha256(), 0
    try:
        with source.open() as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
                size += len(block)
    except (DocumentError, OSError):
        return Input(source.name, 0, "")
    return Input(source.name, size, digest.hexdigest())
