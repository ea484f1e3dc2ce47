"""Inputs to results, one document after the other."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wuxing_nlp.documents import Document, find_documents, read_document, read_stream
from wuxing_nlp.errors import DocumentError
from wuxing_nlp.model.results import TaggedDocument
from wuxing_nlp.model.tagger import Tagger

STREAM = "-"


@dataclass(frozen=True, slots=True)
class Result:
    """A document and what tagging found in it."""

    document: Document
    tagged: TaggedDocument

    def to_dict(self) -> dict[str, Any]:
        """One line of JSON output: where the text came from, then the fields of the tagged document."""
        origin = {
            "document": self.document.name,
            "title": self.document.title,
            "encoding": self.document.encoding,
        }
        return origin | self.tagged.to_dict()


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that gave no result, and why; the reason is one line for a person."""

    name: str
    reason: str


def find_inputs(paths: Sequence[str]) -> tuple[list[str], list[Failure]]:
    """Files below the given paths (``-`` stands for standard input), each once, and what failed."""
    inputs: dict[str, str] = {}
    failures: list[Failure] = []
    for path in paths:
        if path == STREAM:
            inputs.setdefault(STREAM, STREAM)
            continue
        try:
            for found in find_documents([path]):
                inputs.setdefault(os.path.realpath(found), str(found))
        except DocumentError as error:
            failures.append(Failure(path, str(error)))
    return list(inputs.values()), failures


def classify(tagger: Tagger, inputs: Iterable[str], *, stream: bytes = b"") -> Iterator[Result | Failure]:
    """Tag every input, lazily and in order; ``stream`` is the content of the input ``-``."""
    for name in inputs:
        try:
            document = read_stream(stream) if name == STREAM else read_document(Path(name))
        except DocumentError as error:
            yield Failure(name, str(error))
            continue
        yield Result(document, tagger.tag(document.text))
