"""The codebook, the model and the limits as they are answered."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from wuxing_nlp.codebook.entries import Name, Problem, Rule, Stance, Type


class CodebookAnswer(BaseModel):
    """What the labels mean; a form that a name does not have is ""."""

    sha256: str
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
    sha256: str


class ModelAnswer(BaseModel):
    """What tags: ``cited`` is what a paper names, ``card`` is Markdown, ``parts`` are the bundle's
    files with their SHA-256, ``package`` is the version of wuxing_nlp."""

    name: str
    version: str
    fingerprint: str
    cited: str
    codebook: CodebookFacts
    letters: list[str]
    codes: list[str]
    untrained: list[str]
    preferences: list[str]
    scores: dict[str, Any]
    parts: dict[str, dict[str, Any]]
    versions: dict[str, str]
    card: str
    package: str


class LimitsAnswer(BaseModel):
    """The limits of this service; see ``wuxing serve --help`` for what each means."""

    body_bytes: int
    upload_bytes: int
    job_bytes: int
    characters: int
    call_characters: int
    texts: int
    files: int
    seconds: float
    workers: int
    queue: int
    jobs: int


class Health(BaseModel):
    """Whether the service lives, or is ready: ``status`` says it in a word."""

    status: str
