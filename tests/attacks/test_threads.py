"""Threads and processes: first use at once, one tagger for all, fork and spawn."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 300
"""Seconds until a process counts as hanging."""


def run(*words: str, environment: dict[str, str]) -> str:
    line = [sys.executable, "-m", "tests.attacks.tagging", *words]
    done = subprocess.run(
        line, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", timeout=LIMIT
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("way", "engine"),
    [("first_use", "compiled"), ("first_use", "jieba"), ("shared", "compiled"), ("processes", "compiled")],
)
def test_threads_and_processes_say_the_same(way: str, engine: str, environment: dict[str, str]) -> None:
    run(way, engine, environment=environment)
