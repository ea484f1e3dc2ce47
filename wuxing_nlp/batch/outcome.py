"""What comes of one document: its tags, or why there are none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from wuxing_nlp.documents import Document, ReadOptions, Source, completed, read_documents
from wuxing_nlp.errors import DocumentError, said
from wuxing_nlp.model.results import TaggedDocument
from wuxing_nlp.model.tagger import Tagger
from wuxing_nlp.text.characters import han_count

Record = dict[str, Any]
"""A tagged document as plain JSON values: what ``results.jsonl`` has on a line."""

_REPORT = "please report it, with the document if you may"
_FAILURE = 50  # what a failure weighs in characters: many of them are not to be kept together

TOGETHER = 20_000
"""Characters from which on tagging gains nothing from more of them at once."""

MOST_HAN = 12
"""Chinese characters that a cell may have which is no text: a name of a place, a body, a kind."""

Item = Source | Document | DocumentError
"""What is to be tagged: bytes still to be read, a text, or what could not be found."""


@dataclass(frozen=True, slots=True)
class Result:
    """A document and what tagging found in it."""

    document: Document
    tagged: TaggedDocument

    def to_dict(self, *, text: bool = True) -> Record:
        """The result as plain JSON values: where the text came from, then the fields of the tagged
        document. Without ``text`` nothing is quoted: no unit's text, no title, and of a table's own
        columns no cell that is the title or as long as a sentence."""
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
            record["fields"] = {name: self._unquoted(cell) for name, cell in self.document.fields.items()}
            metadata["title"] = ""
            for unit in record["units"]:
                del unit["text"]
        return record

    def _unquoted(self, cell: str) -> str:
        return "" if cell == self.document.title or han_count(cell) > MOST_HAN else cell


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
        documents = [document for document in group if isinstance(document, Document)]
        tagged = iter(_tagged(tagger, documents, evidence=evidence, probabilities=probabilities))
        for document in group:
            if isinstance(document, Document):
                yield next(tagged)
            else:
                yield Failure.of(document)


def _tagged(tagger: Tagger, documents: Sequence[Document], **wanted: bool) -> list[Result | Failure]:
    """The results of documents, read together; where that fails, one by one, so that only the one
    is lost that nobody foresaw."""
    try:
        tagged = tagger.tag_together([document.text for document in documents], **wanted)
    except Exception as error:
        if len(documents) == 1:
            return [Failure(documents[0].name, f"tagging it failed ({said(error)})", _REPORT)]
        return [outcome for document in documents for outcome in _tagged(tagger, [document], **wanted)]
    return list(map(Result, documents, tagged))


def _groups(
    documents: Iterable[Document | DocumentError],
) -> Iterator[list[Document | DocumentError]]:
    group: list[Document | DocumentError] = []
    length = 0
    for document in documents:
        group.append(document)
        length += len(document.text) if isinstance(document, Document) else _FAILURE
        if length >= TOGETHER:
            yield group
            group, length = [], 0
    yield group


def _documents(item: Item, options: ReadOptions | None) -> Iterator[Document | DocumentError]:
    if isinstance(item, Source):
        yield from read_documents(item, options)
    elif isinstance(item, Document):
        try:
            yield completed(item)
        except Exception as error:
            yield DocumentError(item.name, f"reading its metadata failed ({said(error)})", _REPORT)
    else:
        yield item
