"""Label Studio's JSON: a list of tasks, each with data and annotations, one annotation a coder.

The format is that of labelstud.io/guide/task_format. A task that was submitted without a choice has
an annotation with an empty result: it was coded and carries none. One without an annotation was not
coded, whatever a model predicted of it; a skipped one has an annotation that ``was_cancelled``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from wuxing_nlp.atomic import write_file
from wuxing_nlp.codebook import Codebook
from wuxing_nlp.coding.exchange.fields import filled, unit_of
from wuxing_nlp.coding.exchange.items import Item
from wuxing_nlp.coding.exchange.label_config import CHOICES, TEXT, label_config
from wuxing_nlp.coding.exchange.outcomes import CANCELLED, NOT_CODED, Coding, Left, Outcome, caught
from wuxing_nlp.coding.exchange.spelling import Spellings, labels_of
from wuxing_nlp.errors import CorpusError

CONFIG = ".config.xml"
"""Ending of the file with the labelling interface, which goes into a project's settings."""

_NOTES = ("textarea", "rating", "number", "datetime")
"""Types of results that coders give beside their choices."""

_Tasks = list[tuple[str, Any]]


def write(items: Sequence[Item], path: Path, model: str, book: Codebook) -> list[Path]:
    """Write the tasks, and beside them the labelling interface; ``model`` names who suggests codes."""
    tasks = json.dumps([_task(item, model, book) for item in items], ensure_ascii=False, indent=1)
    write_file(path, [tasks.encode(), b"\n"])
    config = path.with_name(path.stem + CONFIG)
    write_file(config, [label_config(book).encode()])
    return [path, config]


def _task(item: Item, model: str, book: Codebook) -> dict[str, Any]:
    task: dict[str, Any] = {"data": filled(item.unit)}
    # Without completed_by: Label Studio refuses a coder that it does not know.
    if item.codes is not None:
        task["annotations"] = [{"result": [_result(item.codes, book)]}]
    if item.suggested is not None:
        task["predictions"] = [{"model_version": model, "result": [_result(item.suggested, book)]}]
    return task


def _result(codes: Iterable[str], book: Codebook) -> dict[str, Any]:
    choices = labels_of(codes, book)
    return {"from_name": CHOICES, "to_name": TEXT, "type": "choices", "value": {"choices": choices}}


def read(path: Path, empty_is_none: bool, book: Codebook) -> Iterator[Outcome]:
    """The codings of an export, each coder's under the email or number in ``completed_by``.

    Args:
        path: the file.
        empty_is_none: of no effect, since the format itself says what was coded.
        book: whose labels.

    Raises:
        CorpusError: the file cannot be read, or is no list of tasks.
    """
    spellings = Spellings(book)
    tasks = _tasks(path)
    ours = any(_from_ours(task) for _, task in tasks)
    for place, task in tasks:
        yield from caught(path, place, partial(_codings, task, place, spellings, ours))


def _tasks(path: Path) -> _Tasks:
    try:
        tasks = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise CorpusError(f"{path} cannot be read: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise CorpusError(f"{path} is not JSON ({error}); export the project as JSON") from error
    # A storage of Label Studio holds a task a file.
    tasks = [tasks] if isinstance(tasks, dict) and "data" in tasks else tasks
    if not isinstance(tasks, list):
        raise CorpusError(f"{path} holds {type(tasks).__name__}; a list of Label Studio's tasks is expected")
    return [(_place(number, task), task) for number, task in enumerate(tasks, 1)]


def _place(number: int, task: object) -> str:
    known = task.get("id") if isinstance(task, dict) else None
    return f"task {known}" if isinstance(known, int | str) else f"task no. {number}"


def _codings(task: object, place: str, spellings: Spellings, ours: bool) -> Iterator[Coding | Left]:
    if not isinstance(task, dict) or not isinstance(data := task.get("data"), dict):
        raise CorpusError("a task with 'data' is expected; export the project as JSON, not as JSON-MIN")
    default = task.get("id")
    name = place.replace(" ", "-") if default is None else str(default)
    make = partial(unit_of, data, default=name, book=spellings.book)
    make(())
    annotations = _annotations(task)
    if not annotations:
        yield Left(place, NOT_CODED)
    for annotation in annotations:
        if annotation.get("was_cancelled") or annotation.get("skipped"):
            yield Left(place, CANCELLED)
        else:
            codes = spellings.codes(_choices(annotation, ours))
            yield Coding(place, _coder(annotation), make(codes))


def _annotations(task: Mapping[str, Any]) -> list[dict[str, Any]]:
    # Before version 1.0 they were called completions.
    found = task.get("annotations", task.get("completions")) or []
    if not isinstance(found, list) or not all(isinstance(it, dict) for it in found):
        raise CorpusError("a list of annotations is expected; export them whole, not their numbers only")
    return found


def _results(annotation: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The results; none where nothing was chosen (older versions write null)."""
    found = annotation.get("result") or []
    if not isinstance(found, list) or not all(isinstance(result, dict) for result in found):
        raise CorpusError(f"the result {found!r:.60} of an annotation is no list of results")
    return found


def _from_ours(task: object) -> bool:
    """True where a task has results of our own group of choices: others then ask something else."""
    try:
        annotations = _annotations(task) if isinstance(task, dict) else []
        return any(_is_ours(result) for annotation in annotations for result in _results(annotation))
    except CorpusError:
        return False


def _is_ours(result: Mapping[str, Any]) -> bool:
    return result.get("type") == "choices" and result.get("from_name") == CHOICES


def _choices(annotation: Mapping[str, Any], ours: bool) -> Iterator[str | list[str]]:
    for result in _results(annotation):
        kind = result.get("type")
        if kind == "choices":
            if not ours or _is_ours(result):
                yield from _chosen(result.get("value"))
        elif kind not in _NOTES:
            raise CorpusError(f"a result of the type {kind!r} is found; a project of choices is expected")


def _chosen(value: object) -> list[str | list[str]]:
    chosen = value.get("choices") if isinstance(value, dict) else None
    if not isinstance(chosen, list) or not all(map(_is_label, chosen)):
        raise CorpusError(f"the value {value!r:.60} of a result is expected to hold a list of choices")
    return chosen


def _is_label(label: object) -> bool:
    """A choice, or the path to one among nested choices."""
    nested = isinstance(label, list) and bool(label) and all(isinstance(part, str) for part in label)
    return nested or isinstance(label, str)


def _coder(annotation: Mapping[str, Any]) -> str:
    """Who coded it: the email, else the number; "" where the file names nobody."""
    coder = annotation.get("completed_by")
    if isinstance(coder, dict):
        coder = coder.get("email") or coder.get("id")
    return "" if coder is None else str(coder)
