"""Tagged documents as they are answered: the fields of the Python API."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from wuxing_nlp.model.preference import Preference
from wuxing_nlp.model.results import Status
from wuxing_nlp.text.script import Region, Script
from wuxing_nlp.text.units import Kind


class Evidence(BaseModel):
    """A span of the given text that speaks for a tag. Offsets count Unicode code points."""

    start: int
    end: int
    weight: float


class Tag(BaseModel):
    """One code of a unit, with its calibrated probability."""

    code: str
    name: str
    probability: float
    stance: Literal["exists", "tackled", "both"] | None
    evidence: list[Evidence]


class Unit(BaseModel):
    """One coding unit: ``text`` is ``source[start:end]`` of the document's text, in code points.
    ``probabilities`` are those of every letter and base code, where they were asked for."""

    text: str
    start: int
    end: int
    kind: Kind
    status: Status
    codes: list[str]
    labels: list[str]
    tags: list[Tag]
    probabilities: dict[str, float] | None = None


class Profile(BaseModel):
    """Counts of a document; shares are of ``coded`` units."""

    units: int
    coded: int
    statuses: dict[Status, int]
    letters: dict[str, int]
    codes: dict[str, int]
    shares: dict[str, float]


class ScriptFacts(BaseModel):
    """The script of a text, with the counts behind it."""

    script: Script
    region: Region | None
    traditional: int
    simplified: int


class Document(BaseModel):
    """A tagged text; ``units_only`` leaves profile and script out."""

    units: list[Unit]
    profile: Profile | None = None
    script: ScriptFacts | None = None


class TagAnswer(BaseModel):
    """The documents, in the order of the texts; ``model`` is what a paper cites."""

    documents: list[Document]
    model: str
    prefer: Preference


class About(BaseModel):
    """What a document says of itself; "" where it does not say."""

    title: str
    number: str
    issuer: str
    region: str
    date: str
    kind: str


class FileDocument(Document):
    """A tagged document of a file; ``text`` is what the offsets point into, ``fields`` are the other
    columns of a table's row."""

    document: str
    text: str
    encoding: str
    metadata: About
    fields: dict[str, str]


class Failure(BaseModel):
    """A document that could not be read: what was seen, what to do."""

    name: str
    seen: str
    advice: str


class DocumentsAnswer(BaseModel):
    """The documents of the files, in order, those that could not be read, and what a reader decided
    by itself."""

    documents: list[FileDocument]
    failures: list[Failure]
    notices: list[str]
    model: str
    prefer: Preference
