"""A run's folder, read for a report."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from wuxing_nlp.batch.joining import FAILURES, RESULTS
from wuxing_nlp.batch.outcome import Failure, Record
from wuxing_nlp.batch.record import CODEBOOK, RUN
from wuxing_nlp.codebook import Codebook
from wuxing_nlp.documents.tables.formulas import bare
from wuxing_nlp.errors import ReportError

_NEEDED = ("versions", "model", "codebook", "prefer", "text", "inputs", "counts")


class Reader(Protocol):
    """What reads the results of a run."""

    def add(self, record: Record) -> None:
        """Take a tagged document."""


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


def check_codebook(folder: Path, run: dict[str, Any], book: Codebook) -> None:
    """Pass a run that was tagged with this codebook. Raises ReportError: it was another version, or the
    codebook that the run keeps was changed."""
    if (folder / CODEBOOK).is_file() and run["codebook"]["sha256"] != book.fingerprint:
        raise ReportError(f"{folder / CODEBOOK} is not the codebook of this run any more; make the run anew")
    if run["codebook"]["version"] != book.version:
        raise ReportError(
            f"{folder} was tagged with codebook {run['codebook']['version']}, but here it is {book.version}; "
            "make the run anew, or the report with the version of wuxing_nlp that made the run"
        )


def check_documents(folder: Path, run: dict[str, Any], documents: int) -> None:
    """Pass a run whose results are complete. Raises ReportError: they hold more or fewer documents."""
    if documents != run["counts"]["documents"]:
        raise ReportError(
            f"{folder} holds the results of {documents:,} documents, but its run had "
            f"{run['counts']['documents']:,}; make the run anew"
        )


def read_results(folder: Path, reader: Reader) -> None:
    """Give every tagged document of a run to a reader, one after the other.

    Raises:
        ReportError: the file cannot be read, or a line of it is no tagged document.
    """
    path = folder / RESULTS
    with _readable(path), path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            try:
                record: Record = json.loads(line)
                reader.add(record)
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
        return [Failure(*map(bare, row)) for row in islice(rows, most)]


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
