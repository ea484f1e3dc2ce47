"""Tagged documents as they are answered: the fields of the Python API."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from wuxing_nlp.model.preference import Preference
from wuxing_nlp.model.results import Status
from wuxing_nlp.text.script import Region, Script
from wuxing_nlp.text.units import Kind

Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Letter = Annotated[str, Field(pattern="^[A-Z]$")]
Code = Annotated[str, Field(pattern="^[A-Z]([0-9]|!|-|!-)$")]
"""As the codebook writes it: `F2`, `J!`, `J-`, and `J!-` for both stances."""


class Evidence(BaseModel):
    """A span of the given text that speaks for a tag. Offsets count Unicode code points."""

    start: Count
    end: Count
    weight: float


class Tag(BaseModel):
    """One code of a unit, with its calibrated probability."""

    code: Code
    name: str
    probability: Share
    stance: Literal["exists", "tackled", "both"] | None
    evidence: list[Evidence]


class Unit(BaseModel):
    """One coding unit: ``text`` is ``source[start:end]`` of the document's text, in code points.
    ``probabilities`` are those of every letter and base code, where they were asked for."""

    text: str
    start: Count
    end: Count
    kind: Kind
    status: Status
    codes: list[Code]
    labels: list[Letter]
    tags: list[Tag]
    probabilities: dict[str, Share] | None = None


class Profile(BaseModel):
    """Counts of a document; shares are of ``coded`` units."""

    units: Count
    coded: Count
    statuses: dict[Status, Count]
    letters: dict[Letter, Count]
    codes: dict[Code, Count]
    shares: dict[Letter, Share]


class ScriptFacts(BaseModel):
    """The script of a text, with the counts behind it."""

    script: Script
    region: Region | None
    traditional: Count
    simplified: Count


class Document(BaseModel):
    """A tagged text; ``units_only`` leaves profile and script out."""

    units: list[Unit]
    profile: Profile | None = None
    script: ScriptFacts | None = None


_EXAMPLE: JsonDict = {
    "documents": [
        {
            "units": [
                {
                    "text": "坚决整治推诿扯皮。",
                    "start": 0,
                    "end": 9,
                    "kind": "sentence",
                    "status": "labelled",
                    "codes": ["P-"],
                    "labels": ["P"],
                    "tags": [
                        {
                            "code": "P-",
                            "name": "怕·整治",
                            "probability": 0.98,
                            "stance": "tackled",
                            "evidence": [{"start": 4, "end": 8, "weight": 3.1}],
                        }
                    ],
                }
            ]
        }
    ],
    "model": "wuxing-default 0.3.0 (9d89025205ee)",
    "prefer": "balanced",
}
"""With ``units_only``."""


class TagAnswer(BaseModel):
    """The documents, in the order of the texts; ``model`` is what a paper cites."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

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
