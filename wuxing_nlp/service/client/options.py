"""The options of calls, once for both clients. What is not given is as the service has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict


class FileOptions(TypedDict, total=False):
    """Options of ``tag_files``.

    Attributes:
        evidence: whether to find the words behind every code (True).
        probabilities: whether judged units list those of all labels (False).
        min_probability: codes below it are left out (0).
        prefer: ``balanced``, ``precision`` or ``recall``.
        text_column: the column of a table that holds the texts, where it is not to be guessed.
        id_column: the column that names rows.
    """

    evidence: bool
    probabilities: bool
    min_probability: float
    prefer: str
    text_column: str | None
    id_column: str | None


class TagOptions(TypedDict, total=False):
    """Options of ``tag`` and ``tag_many``.

    Attributes:
        cut: False where every text is one coding unit already (True).
        evidence: whether to find the words behind every code (True).
        probabilities: whether judged units list those of all labels (False).
        min_probability: codes below it are left out (0).
        units_only: True to leave profile and script out (False).
        prefer: ``balanced``, ``precision`` or ``recall``.
    """

    cut: bool
    evidence: bool
    probabilities: bool
    min_probability: float
    units_only: bool
    prefer: str


class JobOptions(TypedDict, total=False):
    """Options of ``submit``.

    Attributes:
        name: what the job is called.
        evidence: whether to find the words behind every code (True).
        text: whether results may quote the texts (True).
        prefer: ``balanced``, ``precision`` or ``recall``.
        text_column: the column of a table that holds the texts, where it is not to be guessed.
        id_column: the column that names rows.
        idempotency_key: names this submission, so that one that is repeated makes one job only; a
            random one without it.
    """

    name: str
    evidence: bool
    text: bool
    prefer: str
    text_column: str | None
    id_column: str | None
    idempotency_key: str


def given(options: Mapping[str, object], kind: type) -> dict[str, object]:
    """The options that were given, of those that a kind of call has.

    Raises:
        TypeError: it has no such option; the service would pass some by silently.
    """
    known = kind.__annotations__
    for name in options:
        if name not in known:
            raise TypeError(f"there is no option {name!r}; there are {', '.join(known)}")
    return {name: value for name, value in options.items() if value is not None}
