"""What comes of one document: its tags, or why there are none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any

from wuxing_nlp.documents import Document, ReadOptions, Source, completed, read_documents
from wuxing_nlp.errors import DocumentError
from wuxing_nlp.model.results import TaggedDocument
from wuxing_nlp.model.tagger import Tagger

Record = dict[str, Any]
"""A tagged document as plain JSON values: what ``results.jsonl`` has on a line."""

TOGETHER = 20_000
"""Characters from which on tagging gains nothing from more of them at once."""

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
        about = self.document.metadata
        metadata = {field.name: getattr(about, field.name) for field in fields(about)}
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
    tagger: Tagger,
    items: Iterable[Item],
    options: ReadOptions | None = None,
    *,
    evidence: bool = True,
    probabilities: bool = False,
) -> Iterator[Result | Failure]:
    """Read and tag, lazily and in order; one bad document never stops the others. Short documents
    are read ahead and tagged together, which is faster."""
    read = (document for item in items for document in _documents(item, options))
    for group in _groups(read):
        texts = [document.text for document in group if isinstance(document, Document)]
        tagged = iter(tagger.tag_together(texts, evidence=evidence, probabilities=probabilities))
        for document in group:
            if isinstance(document, Document):
                yield Result(document, next(tagged))
            else:
                yield Failure.of(document)


def _groups(
    documents: Iterable[Document | DocumentError],
) -> Iterator[list[Document | DocumentError]]:
    group: list[Document | DocumentError] = []
    length = 0
    for document in documents:
        group.append(document)
        length += len(document.text) if isinstance(document, Document) else 0
        if length >= TOGETHER:
            yield group
            group, length = [], 0
    yield group


def _documents(item: Item, options: ReadOptions | None) -> Iterator[Document | DocumentError]:
    if isinstance(item, Source):
        yield from read_documents(item, options)
    else:
        yield completed(item) if isinstance(item, Document) else item
