"""What comes of one document: its tags, or why there are none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from wuxing_nlp.documents import Document, ReadOptions, Source, completed, read_documents
from wuxing_nlp.errors import DocumentError
from wuxing_nlp.model.results import TaggedDocument
from wuxing_nlp.model.tagger import Tagger

Record = dict[str, Any]
"""A tagged document as plain JSON values: what ``results.jsonl`` has on a line."""

Item = Source | Document | DocumentError
"""What is to be tagged: bytes still to be read, a text, or what could not be found."""


@dataclass(frozen=True, slots=True)
class Result:
    """A document and what tagging found in it."""

    document: Document
    tagged: TaggedDocument

    def to_dict(self, *, text: bool = True) -> Record:
        """The result as plain JSON values: where the text came from, then the fields of the tagged
        document. Without ``text`` nothing is quoted: no unit's text and no title."""
        metadata = asdict(self.document.metadata)
        record = {
            "document": self.document.name,
            "encoding": self.document.encoding,
            "metadata": metadata,
            "fields": dict(self.document.fields),
            **self.tagged.to_dict(),
        }
        if not text:
            metadata["title"] = ""
            for unit in record["units"]:
                del unit["text"]
        return record


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that gave no result: which, what was seen, what to do."""

    name: str
    seen: str
    advice: str

    @classmethod
    def of(cls, error: DocumentError) -> Failure:
        """The failure that an error tells."""
        return cls(error.name, error.seen, error.advice)

    def __str__(self) -> str:
        return f"{self.name}: {self.seen}; {self.advice}"


def tag_items(
    tagger: Tagger, items: Iterable[Item], options: ReadOptions | None = None, *, probabilities: bool = False
) -> Iterator[Result | Failure]:
    """Read and tag, lazily and in order; one bad document never stops the others."""
    for item in items:
        for document in _documents(item, options):
            if isinstance(document, DocumentError):
                yield Failure.of(document)
            else:
                yield Result(document, tagger.tag(document.text, probabilities=probabilities))


def _documents(item: Item, options: ReadOptions | None) -> Iterator[Document | DocumentError]:
    if isinstance(item, Source):
        yield from read_documents(item, options)
    else:
        yield completed(item) if isinstance(item, Document) else item
