"""The codebook, the model and the limits as they are answered."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from wuxing_nlp.codebook.entries import Name, Problem, Rule, Stance, Type
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.service.wire.documents import Code, Count, Letter

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class CodebookAnswer(BaseModel):
    """What the labels mean; a form that a name does not have is ""."""

    sha256: Sha256
    version: str
    title: Name
    source: str
    unit: Name
    rules: list[Rule]
    stances: list[Stance]
    types: list[Type]
    problems: list[Problem]


class CodebookFacts(BaseModel):
    """Which codebook a model was trained under."""

    version: str
    sha256: Sha256


class ModelAnswer(BaseModel):
    """What tags: ``cited`` is what a paper names, ``card`` is Markdown, ``parts`` are the bundle's
    files with their SHA-256, ``package`` is the version of wuxing_nlp."""

    name: str
    version: str
    fingerprint: str
    cited: str
    codebook: CodebookFacts
    letters: list[Letter]
    codes: list[Code]
    untrained: list[str]
    preferences: list[Preference]
    scores: dict[str, Any]
    parts: dict[str, dict[str, Any]]
    versions: dict[str, str]
    card: str
    package: str


class LimitsAnswer(BaseModel):
    """The limits of this service; see ``wuxing serve --help`` for what each means."""

    body_bytes: Count
    upload_bytes: Count
    job_bytes: Count
    characters: Count
    call_characters: Count
    texts: Count
    files: Count
    answer_bytes: Count
    seconds: float
    workers: Count
    queue: Count
    jobs: Count


class Health(BaseModel):
    """Whether the service lives, or is ready: ``status`` says it in a word."""

    status: Literal["alive", "ready"]
