"""The same bytes, whatever process, order of sets, number of threads, engine or compiler."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from wuxing_nlp.coding import default_root

ROOT = Path(__file__).resolve().parents[2]

Process = Callable[..., subprocess.CompletedProcess[bytes]]


def threads(count: int) -> dict[str, str]:
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    return dict.fromkeys(names, str(count))


# Every process differs from the first in more than one way.
PROCESSES = [
    ([], {"PYTHONHASHSEED": "0", **threads(1)}),
    ([], {"PYTHONHASHSEED": "4242", "LC_ALL": "C", "PYTHONUTF8": "0", **threads(2)}),
    (["jieba"], {"PYTHONHASHSEED": "1", **threads(2)}),
    (["rjieba"], {"PYTHONHASHSEED": "random", "PYTHONMALLOC": "malloc", **threads(2)}),
]
PLAIN = (["plain"], {"PYTHONHASHSEED": "2", **threads(2)})


def fingerprint(words: list[str], variables: dict[str, str], environment: dict[str, str]) -> list[str]:
    line = [sys.executable, "-m", "tests.attacks.tagging", "fingerprint", *words]
    done = subprocess.run(line, cwd=ROOT, env=environment | variables, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.fixture(scope="module")
def first() -> list[str]:
    environment = {"PYTHONPATH": str(ROOT), "PATH": ""}
    return fingerprint(*PROCESSES[0], environment)


@pytest.mark.parametrize(("words", "variables"), PROCESSES[1:])
def test_a_process_says_what_the_first_one_said(
    words: list[str], variables: dict[str, str], environment: dict[str, str], first: list[str]
) -> None:
    assert len(first) == 2
    assert fingerprint(words, variables, environment) == first


def test_compiled_code_changes_no_code_and_no_place(environment: dict[str, str], first: list[str]) -> None:
    """Its sums are in another order: probabilities differ in the seventh digit, and nothing else."""
    assert fingerprint(*PLAIN, environment)[1] == first[1]


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def test_a_run_writes_the_same_bytes(process: Process, tmp_path: Path) -> None:
    """All its files, those of several tables and the page among them."""
    runs = []
    for workers, variables in ((1, PROCESSES[0][1]), (2, PROCESSES[1][1])):
        out = tmp_path / f"of {workers}"
        tables = ("--tables", "csv,xlsx,jsonl,parquet", "--workers", workers, "--out", out)
        done = process("classify", default_root() / "samples", *tables, **variables)
        assert done.returncode == 0, done.stderr.decode(errors="replace")
        runs.append(files(out))
    assert {"units.csv", "units.parquet", "results.jsonl", "report.html", "run.json"} <= runs[0].keys()
    assert runs[0] == runs[1]
