"""What a worker process does: the bytes of requests to the bytes of answers.

Bodies are parsed here and not in the process that listens, so that it never stops listening.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import singledispatchmethod
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticSerializationError, to_json

from wuxing_nlp.batch.lines import json_line
from wuxing_nlp.batch.outcome import Failure, Record, Result, tag_items
from wuxing_nlp.documents import Document, ReadOptions, Source, find_sources, read_documents
from wuxing_nlp.errors import DocumentError, PreferenceError
from wuxing_nlp.model.bundle import load_model
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.model.results import Profile, TaggedDocument, TaggedUnit
from wuxing_nlp.model.tagger import Tagger
from wuxing_nlp.service.pool.certain import at_least
from wuxing_nlp.service.pool.tasks import Answer, FilesTask, RowsTask, TagTask
from wuxing_nlp.service.problems import Problem
from wuxing_nlp.service.settings import ServiceSettings
from wuxing_nlp.service.wire.requests import RowsRequest, TagRequest
from wuxing_nlp.text.script import detect_script

_Request = TypeVar("_Request", bound=BaseModel)

_SEVERAL = "send several calls, or give it to POST /v1/jobs, which takes more"
_MOST_ERRORS = 20
_LONGEST_NAME = 40


class Desk:
    """Holds the model and answers tasks, one at a time.

    Raises:
        BundleError: the model cannot be loaded.
    """

    def __init__(self, settings: ServiceSettings) -> None:
        self._settings = settings
        self._model = load_model(settings.bundle)
        self._taggers = {Preference.BALANCED: Tagger(self._model)}

    @singledispatchmethod
    def do(self, task: object) -> Answer:
        """The answer to a task. Raises Problem: what the sender should mend."""
        raise TypeError(f"no task: {type(task).__name__}")

    @do.register
    def _tag(self, task: TagTask) -> Answer:
        request = _parsed(TagRequest, task.body)
        texts = request.given()
        self._check("texts", [len(text) for text in texts])
        documents = self._tagged(texts, request)
        answer = {
            "documents": [_document(each, units_only=request.units_only) for each in documents],
            "model": self._model.name,
            "prefer": request.prefer.value,
        }
        return self._answer(answer, len(documents), sum(len(each.units) for each in documents))

    @do.register
    def _tag_files(self, task: FilesTask) -> Answer:
        notices: list[str] = []
        documents: list[Record] = []
        failures: list[Failure] = []
        tagged = tag_items(
            self._tagger(task.prefer),
            self._documents(task, notices),
            evidence=task.evidence,
            probabilities=task.probabilities,
        )
        for outcome in tagged:
            if isinstance(outcome, Failure):
                failures.append(outcome)
            else:
                documents.append(self._file_document(outcome, task.min_probability))
        return self._files_answer(task, documents, failures, notices)

    @do.register
    def _rows(self, task: RowsTask) -> Answer:
        request = _parsed(RowsRequest, task.body)
        return Answer(b"".join(map(json_line, request.rows)), len(request.rows))

    def _tagger(self, prefer: Preference) -> Tagger:
        if prefer not in self._taggers:
            try:
                self._taggers[prefer] = Tagger(self._model, prefer=prefer)
            except PreferenceError as error:
                raise Problem("invalid", str(error)) from None
        return self._taggers[prefer]

    def _tagged(self, texts: Sequence[str], request: TagRequest) -> list[TaggedDocument]:
        tagger = self._tagger(request.prefer)
        wanted = {"evidence": request.evidence, "probabilities": request.probabilities}
        if request.cut:
            documents = tagger.tag_together(texts, **wanted)
        else:
            units = tagger.tag_units(texts, **wanted)
            documents = [self._whole(text, unit, tagger) for text, unit in zip(texts, units, strict=True)]
        return [at_least(each, request.min_probability, self._model.codebook) for each in documents]

    def _whole(self, text: str, unit: TaggedUnit, tagger: Tagger) -> TaggedDocument:
        """The document of a text that is one unit."""
        profile = Profile.of([unit], self._model.codebook)
        return TaggedDocument((unit,), profile, detect_script(text), self._model.name, tagger.prefer)

    def _documents(self, task: FilesTask, notices: list[str]) -> Iterator[Document | DocumentError]:
        """The documents of the files, as long as they are not too many for one call."""
        options = ReadOptions(
            max_bytes=self._settings.upload_bytes,
            max_characters=self._settings.characters,
            text_column=task.text_column,
            id_column=task.id_column,
            metadata=False,  # it is read where the documents are tagged
            notify=notices.append,
        )
        found = find_sources([Source(upload.name, upload.path) for upload in task.files])
        lengths = [0] * len(found.failures)
        self._check("documents or more", lengths)
        yield from found.failures
        for source in found.sources:
            for document in read_documents(source, options):
                lengths.append(len(document.text) if isinstance(document, Document) else 0)
                self._check("documents or more", lengths)
                yield document

    def _file_document(self, result: Result, probability: float) -> Record:
        tagged = at_least(result.tagged, probability, self._model.codebook)
        record = replace(result, tagged=tagged).to_dict()
        del record["model"], record["prefer"]
        return {**record, "text": result.document.text}

    def _files_answer(
        self, task: FilesTask, documents: list[Record], failures: list[Failure], notices: list[str]
    ) -> Answer:
        failed = [{"name": each.name, "seen": each.seen, "advice": each.advice} for each in failures]
        if not documents:
            told = failures[0] if failures else "there is nothing in it; give a document with text"
            raise Problem("unreadable", str(told), {"failures": failed})
        answer = {
            "documents": documents,
            "failures": failed,
            "notices": notices,
            "model": self._model.name,
            "prefer": task.prefer.value,
        }
        units = sum(len(document["units"]) for document in documents)
        return self._answer(answer, len(documents), units)

    def _answer(self, answer: dict[str, Any], documents: int, units: int) -> Answer:
        body = _json(answer)
        if len(body) > self._settings.answer_bytes:
            limit = f"{self._settings.answer_bytes:,}; leave probabilities out"
            raise _too_much(
                f"an answer of {len(body):,} bytes", limit, _SEVERAL.replace("send", "or send", 1)
            )
        return Answer(body, documents, units)

    def _check(self, what: str, lengths: Sequence[int]) -> None:
        """Pass what is not too much for one call. Raises Problem."""
        limits = self._settings
        if len(lengths) > limits.texts:
            raise _too_much(f"{len(lengths):,} {what}", f"{limits.texts:,}", _SEVERAL)
        if (longest := max(lengths, default=0)) > limits.characters:
            raise _too_much(f"a text of {longest:,} characters", f"{limits.characters:,}", "split the text")
        if (whole := sum(lengths)) > limits.call_characters:
            raise _too_much(f"{whole:,} characters", f"{limits.call_characters:,} a call", _SEVERAL)


def _too_much(seen: str, limit: str, advice: str) -> Problem:
    return Problem("too-much", f"{seen}, the limit is {limit}; {advice}")


def _document(tagged: TaggedDocument, *, units_only: bool) -> dict[str, Any]:
    if units_only:
        return {"units": [unit.to_dict() for unit in tagged.units]}
    record = tagged.to_dict()
    del record["model"], record["prefer"]
    return record


def _json(value: dict[str, Any]) -> bytes:
    """A value as JSON, in a quarter of the time that the standard library takes."""
    try:
        return to_json(value)
    except PydanticSerializationError:  # half a surrogate pair, which a row of a table may hold
        return json_line(value)


def _parsed(model: type[_Request], body: bytes) -> _Request:
    """A request's body. Raises Problem: it is no JSON, or not what is expected."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        # What was sent is not repeated: it may be protected text, and long.
        found = error.errors(include_url=False, include_input=False, include_context=False)
        if found[0]["type"] == "json_invalid":
            raise Problem(
                "not-json", f"the body is not JSON in UTF-8 ({_json_error(found[0]['msg'])})"
            ) from None
        errors = [_error(each, model) for each in found[:_MOST_ERRORS]]
        first = errors[0]
        detail = f"{first['where'] or 'the body'}: {first['seen']}; see /openapi.json for what is taken"
        raise Problem("invalid", detail, {"errors": errors}) from None


def _error(found: ErrorDetails, model: type[BaseModel]) -> dict[str, str]:
    # A place may be a name that the sender invented: any text, of any length.
    where = ".".join(str(part)[:_LONGEST_NAME] for part in found["loc"])
    seen = found["msg"].removeprefix("Value error, ")
    if found["type"] == "extra_forbidden":
        seen = f"there is no field of this name; there are {', '.join(model.model_fields)}"
    return {"where": where, "seen": seen}


def _json_error(message: str) -> str:
    return message.removeprefix("Invalid JSON: ")
