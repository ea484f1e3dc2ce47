"""Texts to calls that a service takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wuxing_nlp.batch.lines import json_line
from wuxing_nlp.errors import ServiceError
from wuxing_nlp.service.wire.about import LimitsAnswer

_AROUND = 1_000
"""Bytes of a body that are not texts: its options, and some to spare."""


def batches(texts: Iterable[str], limits: LimitsAnswer, most: int) -> Iterator[list[str]]:
    """The texts in order, at most ``most`` together, and no more than one call may have. A text that is
    too long for any call is alone: the service says of it what is to be done.

    Raises:
        ServiceError: ``most`` is below 1, or it is one text and not several.
    """
    if isinstance(texts, str):
        raise ServiceError("tag_many takes several texts; give one to tag")
    if most < 1:
        raise ServiceError(f"batch is {most}; give 1 or more")
    piece: list[str] = []
    characters = weight = 0
    for text in texts:
        length, size = len(text), len(json_line(text))
        characters, weight = characters + length, weight + size
        full = len(piece) >= min(most, limits.texts) or _too_much(characters, weight, limits)
        if piece and (full or max(length, len(piece[-1])) > limits.characters):
            yield piece
            piece, characters, weight = [], length, size
        piece.append(text)
    if piece:
        yield piece


def _too_much(characters: int, weight: int, limits: LimitsAnswer) -> bool:
    return characters > limits.call_characters or weight > limits.body_bytes - _AROUND
