"""A whole run of ``wuxing classify`` over ever more input: its memory should not grow."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import psutil

from benchmarks.contest import Contest
from benchmarks.results import Figure, Results
from benchmarks.startup import ROOT

WORKERS = 2

_ROW = 400
"""Characters of a row: some ten units, as a citizen's letter has."""

_DISTINCT_ROWS = 20_000
"""Rows that are made; a larger file has them again under other numbers, for making them takes longer
than tagging."""

_LOOK_EVERY = 0.1  # seconds
_MIB = 2**20


def measure(contest: Contest) -> Results:
    """``stream memory`` / MB of input: the most MiB that all processes of a run took together;
    ``stream`` / MB of input: units/s from the first byte read to the last file in its place."""
    results = Results()
    for megabytes in contest.settings.stream_megabytes:
        with TemporaryDirectory() as folder:
            table = Path(folder, "letters.csv")
            _write(contest, table, megabytes * 1_000_000)
            peak, seconds = _run(contest, table, Path(folder, "out"))
            units = _units(Path(folder, "out", "documents.csv"))
        results.figures[f"stream memory/{megabytes}"] = Figure(peak, "MiB")
        results.figures[f"stream/{megabytes}"] = Figure(units / seconds, "units/s")
    return results


def _write(contest: Contest, table: Path, size: int) -> None:
    wanted = min(_DISTINCT_ROWS, size // (3 * _ROW) + 2)
    text = contest.texts.report(wanted * _ROW, "traditional", 0, "stream").replace("\n", "")
    rows = len(text) // _ROW
    with table.open("w", encoding="utf-8", newline="") as stream:
        lines = csv.writer(stream)
        lines.writerow(["id", "text", "year"])
        number = 0
        while stream.tell() < size:
            at = number % rows * _ROW
            lines.writerow([number, f"第{number}号来信：{text[at : at + _ROW]}", 2000 + number % 25])
            number += 1


def _run(contest: Contest, table: Path, out: Path) -> tuple[float, float]:
    """The most memory in MiB, and seconds."""
    command = [sys.executable, "-m", "wuxing_nlp", "classify", str(table), "--out", str(out), "--quiet"]
    command += ["--workers", str(WORKERS), "--model", str(contest.bundle), "--no-report", "--no-evidence"]
    peak, begun = 0.0, perf_counter()
    with subprocess.Popen(command, cwd=ROOT) as running:
        watched = psutil.Process(running.pid)
        while running.poll() is None:
            peak = max(peak, memory(watched))
            try:
                running.wait(_LOOK_EVERY)
            except subprocess.TimeoutExpired:
                continue
    if running.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {running.returncode}")
    return peak / _MIB, perf_counter() - begun


def memory(process: psutil.Process) -> float:
    """Bytes of a process and of those that it started; what they share counts for each."""
    total = 0.0
    try:
        for one in (process, *process.children(recursive=True)):
            total += one.memory_info().rss
    except psutil.NoSuchProcess:
        pass
    return total


def _units(documents: Path) -> int:
    with documents.open(encoding="utf-8-sig", newline="") as stream:
        return sum(int(row["units"]) for row in csv.DictReader(stream))
