"""Results without the codes that are less certain than a caller wants."""

from __future__ import annotations

from dataclasses import replace

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.model.results import Profile, TaggedDocument, TaggedUnit


def at_least(document: TaggedDocument, probability: float, codebook: Codebook) -> TaggedDocument:
    """The document without codes below a probability, its profile counted anew. A unit that loses
    its last code is ``abstained``: the model gave one, and a human should look."""
    if not probability:
        return document
    units = tuple(_unit(unit, probability, codebook) for unit in document.units)
    return replace(document, units=units, profile=Profile.of(units, codebook))


def _unit(unit: TaggedUnit, probability: float, codebook: Codebook) -> TaggedUnit:
    tags = tuple(tag for tag in unit.tags if tag.probability >= probability)
    if len(tags) == len(unit.tags):
        return unit
    codes = tuple(tag.code for tag in tags)
    status = unit.status if codes else "abstained"
    return replace(unit, tags=tags, codes=codes, labels=codebook.letters_of(codes), status=status)
