"""Which units say most: what a person is shown of a document or a label."""

from __future__ import annotations

from collections.abc import Iterable

from wuxing_nlp.batch.outcome import Record


def surest_tag(unit: Record) -> Record:
    """The tag of a labelled unit with the highest probability."""
    tag: Record = max(unit["tags"], key=lambda tag: tag["probability"])
    return tag


def most_telling(units: Iterable[Record], count: int = 3) -> list[Record]:
    """The units that say most: the surest tag of each, no letter twice while others are left."""
    ranked = sorted(
        (unit for unit in units if unit["tags"]),
        key=lambda unit: (-surest_tag(unit)["probability"], unit["start"]),
    )
    chosen: list[Record] = []
    seen: set[str] = set()
    for unit in ranked:
        if set(unit["labels"]) - seen and len(chosen) < count:
            chosen.append(unit)
            seen.update(unit["labels"])
    rest = [unit for unit in ranked if unit not in chosen]
    return (chosen + rest)[:count]


def words_of(unit: Record, evidence: Iterable[Record]) -> list[str]:
    """The words of a unit's evidence, each once, in the order of the evidence."""
    start = unit["start"]
    return list(dict.fromkeys(unit["text"][span["start"] - start : span["end"] - start] for span in evidence))
