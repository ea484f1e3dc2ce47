"""doccano's JSON lines of text classification: an example a line, its labels a list.

Read and written as the project's code does it (github.com/doccano/doccano, ``data_import`` and
``data_export``): every key that is neither text nor label is metadata, stands beside them, and comes
back. Older exports nest it under ``meta``, call the labels ``labels`` or give ``annotations``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from wuxing_nlp.atomic import write_file
from wuxing_nlp.codebook import Codebook
from wuxing_nlp.coding.exchange.fields import filled, unit_of
from wuxing_nlp.coding.exchange.items import Item
from wuxing_nlp.coding.exchange.outcomes import NOT_CODED, Coding, Flaw, Left, Outcome, caught
from wuxing_nlp.coding.exchange.spelling import NONE, Spellings, labels_of
from wuxing_nlp.coding.files import Problem, json_lines, write_json_lines
from wuxing_nlp.errors import CorpusError

LABELS = ".labels.json"
"""Ending of the file of labels, which doccano's page of labels imports."""

_KEYS = ("label", "labels", "cats", "annotations")


def write(items: Sequence[Item], path: Path, model: str, book: Codebook) -> list[Path]:
    """Write the examples, and beside them the labels that coders choose from."""
    rows = (
        filled(item.unit) | {"label": [] if item.shown is None else labels_of(item.shown, book)}
        for item in items
    )
    write_json_lines(rows, path)
    names = path.with_name(path.stem + LABELS)
    labels = [{"text": code, "prefix_key": None, "suffix_key": None} for code in (*book.codes, NONE)]
    write_file(names, [json.dumps(labels, ensure_ascii=False, indent=1).encode(), b"\n"])
    return [path, names]


def read(path: Path, empty_is_none: bool, book: Codebook) -> Iterator[Outcome]:
    """The codings of an export.

    An example without labels was not coded, unless its export says that someone approved it: doccano
    writes nothing to tell the two apart.

    Args:
        path: the file.
        empty_is_none: True where only examples that coders confirmed were exported, so that one
            without labels was coded and carries none.
        book: whose labels.
    """
    spellings = Spellings(book)
    for number, row in json_lines(path):
        place = f"line {number}"
        if isinstance(row, Problem):
            yield Flaw(path, place, row.what)
        else:
            default = f"{path.stem}-{number:04d}"
            yield from caught(path, place, partial(_codings, row, place, default, spellings, empty_is_none))


def _codings(
    row: dict[str, Any], place: str, default: str, spellings: Spellings, empty_is_none: bool
) -> Iterator[Coding | Left]:
    values = row | _meta(row)
    by_coder = _labels(row, values)
    approved = bool(row.get("annotation_approver"))
    if not any(by_coder.values()) and not approved and not empty_is_none:
        unit_of(values, (), default, spellings.book)
        yield Left(place, NOT_CODED)
        return
    for coder, labels in by_coder.items():
        yield Coding(place, coder, unit_of(values, spellings.codes(labels), default, spellings.book))


def _meta(row: dict[str, Any]) -> dict[str, Any]:
    """The metadata of an older export: an object, or one in a string."""
    meta = row.get("meta")
    if isinstance(meta, str):
        try:
            meta = json.loads(meta)
        except (ValueError, RecursionError):
            return {}
    # Its text and labels are always the row's own.
    return {key: meta[key] for key in meta if key not in ("text", *_KEYS)} if isinstance(meta, dict) else {}


def _labels(row: dict[str, Any], values: dict[str, Any]) -> dict[str, list[str]]:
    """The labels by coder; where the export names no coders, one without a name."""
    found: Any = next((row[key] for key in _KEYS if row.get(key) is not None), [])
    labels = found if isinstance(found, list) else [found]
    single = values.get("username")
    by_coder: dict[str, list[str]] = {}
    for label in labels:
        coder = _coder(label) if isinstance(label, dict) else ""
        by_coder.setdefault(coder or (single if isinstance(single, str) else ""), []).append(_label(label))
    return by_coder or {single if isinstance(single, str) else "": []}


def _coder(annotation: dict[str, Any]) -> str:
    name = annotation.get("user_name", annotation.get("user"))
    return "" if name is None else str(name)


def _label(label: object) -> str:
    if isinstance(label, dict):
        label = label.get("label_name", label.get("label"))
        if not isinstance(label, str):
            raise CorpusError(
                f"the label {label!r} is a number that only doccano's own database knows; "
                "export as JSONL with text labels"
            )
    if isinstance(label, list):
        raise CorpusError(f"the label {label!r} marks a span; a project of text classification is expected")
    if not isinstance(label, (str, int)) or isinstance(label, bool):
        raise CorpusError(f"the label {label!r} is no text; a list of labels is expected")
    return str(label)
