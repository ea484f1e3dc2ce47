"""How a run gets on: a bar where standard error is a terminal, and every failure as one line."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from wuxing_nlp.batch.parts import Counts
from wuxing_nlp.batch.tagging import Done
from wuxing_nlp.cli import terminal

MOST_FAILURES = 20
"""Failures that are told one by one; the table of failures has all."""


class Progress:
    """Watches a run.

    Args:
        size: what the sizes of its chunks add up to; None where nobody knows.
        quiet: True to show no bar.
    """

    def __init__(self, size: int | None, *, quiet: bool = False) -> None:
        shown = terminal.console(error=True)
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[said]}"),
            TimeRemainingColumn(),
            console=shown,
            disable=quiet or not shown.is_terminal,
            transient=True,
        )
        self._tagging = self._bar.add_task("tagging 标注", total=size or None, said="")
        self._joining = self._bar.add_task("writing 写表", total=None, said="", visible=False)
        self._counts = Counts()
        self._told = 0

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()
        if (more := self._counts.failures - self._told) > 0 and kind is None:
            terminal.tell(f"{more:,} more failures; the table of failures has all")

    def tagged(self, done: Done) -> None:
        """A chunk is tagged."""
        self._counts.add(done.counts)
        for failure in done.failures[: MOST_FAILURES - self._told]:
            self._told += 1
            self._bar.console.print(f"wuxing: {failure}", markup=False, highlight=False, soft_wrap=True)
        elapsed = self._bar.tasks[self._tagging].elapsed or 0
        speed = f", {self._counts.units / elapsed:,.0f} units/s" if elapsed else ""
        said = f"{self._counts.documents:,} documents{speed}"
        self._bar.update(self._tagging, advance=done.size, said=said)

    def joined(self, part: int, parts: int) -> None:
        """So many parts of all stand in the tables."""
        self._bar.update(self._joining, total=parts, completed=part, visible=True)
