"""A run's folder, read for a report."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from wuxing_nlp.batch.joining import FAILURES, RESULTS
from wuxing_nlp.batch.outcome import Failure, Record
from wuxing_nlp.batch.record import RUN
from wuxing_nlp.batch.tables.csv import safe
from wuxing_nlp.errors import ReportError
from wuxing_nlp.report.survey import Survey

_NEEDED = ("versions", "model", "codebook", "prefer", "text", "inputs", "counts")


def read_run(folder: Path) -> dict[str, Any]:
    """What ``run.json`` records of a run.

    Raises:
        ReportError: there is none, or it is not one of a run.
    """
    path = folder / RUN
    with _readable(path):
        run = json.loads(path.read_bytes())
    if not isinstance(run, dict) or (missing := [key for key in _NEEDED if key not in run]):
        what = f"has no {', '.join(missing)}" if isinstance(run, dict) else "is no record of a run"
        raise ReportError(f"{path} {what}; make the run anew with this version of wuxing_nlp")
    return run


def read_results(folder: Path, survey: Survey) -> None:
    """Count every tagged document of a run, one after the other.

    Raises:
        ReportError: the file cannot be read, or a line of it is no tagged document.
    """
    path = folder / RESULTS
    with _readable(path), path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            try:
                record: Record = json.loads(line)
                survey.add(record)
            except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
                raise ReportError(
                    f"{path}, line {number}: no tagged document ({type(error).__name__}: {error}); "
                    "make the run anew"
                ) from error


def read_failures(folder: Path, most: int) -> list[Failure]:
    """The first failures of a run.

    Raises:
        ReportError: the file cannot be read.
    """
    path = folder / FAILURES
    with _readable(path), path.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.reader(stream)
        next(rows, None)
        return [Failure(*map(_as_it_was, row)) for row in islice(rows, most)]


def _as_it_was(cell: str) -> str:
    """A cell without the apostrophe that keeps spreadsheets from running it."""
    bare = cell.removeprefix("'")
    return bare if safe(bare) == cell else cell


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Says what is wrong with a file of a run, and what to do."""
    try:
        yield
    except OSError as error:
        raise ReportError(
            f"{path.parent} holds no finished run: {path.name} cannot be read ({error.strerror or error}); "
            "give the folder of `wuxing classify --out`, or repeat that command to finish it"
        ) from error
    except (ValueError, RecursionError, csv.Error, TypeError) as error:
        raise ReportError(f"{path} is damaged: {error}; make the run anew") from error
