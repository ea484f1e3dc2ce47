"""Parts to tables: what a worker of a run does when everything is tagged."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from wuxing_nlp.atomic import atomic_file
from wuxing_nlp.batch.columns import Column, DocumentTable, FailureTable, UnitTable
from wuxing_nlp.batch.outcome import Failure
from wuxing_nlp.batch.parts import FOLDER, outcome_of, read_lines
from wuxing_nlp.batch.record import CODEBOOK, REPORT, RUN
from wuxing_nlp.batch.settings import Settings
from wuxing_nlp.batch.tables import FORMATS, table_format
from wuxing_nlp.codebook import Codebook
from wuxing_nlp.errors import OutputError

RESULTS = "results.jsonl"
FAILURES = "failures.csv"


@dataclass(frozen=True)
class Joint:
    """How parts become files; the same in every process.

    Attributes:
        codebook: the codebook of the labels.
        settings: those of the run.
        fields: the names of the inputs' own columns.
    """

    codebook: Codebook
    settings: Settings
    fields: tuple[str, ...]

    def tables(self) -> tuple[UnitTable, DocumentTable]:
        """The tables of results."""
        return (
            UnitTable(self.codebook, text=self.settings.text),
            DocumentTable(self.codebook, self.fields),
        )

    def files(self) -> dict[str, tuple[str, list[Column]]]:
        """File name to format and columns, of all tables."""
        files = {
            f"{table.name}.{form}": (form, table.columns)
            for form in self.settings.tables
            for table in self.tables()
        }
        return files | {FAILURES: ("csv", FailureTable().columns)}


@dataclass(frozen=True, slots=True)
class Task:
    """A part that is to be encoded for every file."""

    part: Path
    joint: Joint


def encode_part(task: Task) -> dict[str, bytes]:
    """What a part adds to every file, by the file's name."""
    read = [(line, outcome_of(line)) for line in read_lines(task.part)]
    records = [outcome for _, outcome in read if not isinstance(outcome, Failure)]
    failures = (outcome for _, outcome in read if isinstance(outcome, Failure))
    # As they are: what a record is written as again would be the same, and takes as long as tagging it.
    added = {RESULTS: b"".join(line for line, outcome in read if not isinstance(outcome, Failure))}
    for table in task.joint.tables():
        rows = [row for record in records for row in table.rows(record)]
        for form in task.joint.settings.tables:
            added[f"{table.name}.{form}"] = table_format(form).encode(rows, table.columns)
    failed = FailureTable()
    rows = [row for failure in failures for row in failed.rows(failure)]
    added[FAILURES] = table_format("csv").encode(rows, failed.columns)
    return added


NAMES = (
    RUN,
    REPORT,
    RESULTS,
    FAILURES,
    CODEBOOK,
    *(f"{name}.{form}" for name in ("units", "documents") for form in FORMATS),
)
"""What a run may write, its record first."""


def check_files(out: Path) -> None:
    """Pass a folder whose files of these names are a run's. Raises OutputError: they are not."""
    if (out / RUN).exists() or (out / FOLDER).exists():
        return
    if foreign := [name for name in NAMES if (out / name).exists()]:
        raise OutputError(
            f"{out} holds {', '.join(foreign)}, which no run there wrote; name another folder, or move "
            "them away"
        )


def remove_files(out: Path) -> None:
    """Remove what an earlier run left, its record first: it must not vouch for other tables.

    Raises:
        OutputError: a file cannot be removed.
    """
    for name in NAMES:
        try:
            (out / name).unlink(missing_ok=True)
        except OSError as error:
            raise OutputError(
                f"{out / name} cannot be replaced: {error.strerror or error}; close it where it is open"
            ) from error


def write_files(out: Path, joint: Joint, encoded: Iterable[dict[str, bytes]]) -> None:
    """Put encoded parts together to the files of a run, each of them whole or not there.

    Raises:
        OutputError: a file cannot be written, or a format's library is missing.
    """
    with ExitStack() as stack:
        results = stack.enter_context(atomic_file(out / RESULTS))
        writers = {
            name: stack.enter_context(
                table_format(form).writer(
                    stack.enter_context(atomic_file(out / name)), columns, Path(name).stem
                )
            )
            for name, (form, columns) in joint.files().items()
        }
        for added in encoded:
            results.write(added.pop(RESULTS))
            for name, rows in added.items():
                writers[name].write(rows)
