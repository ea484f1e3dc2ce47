"""A host program keeps its jieba, its settings and its random numbers, and we keep our words."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Jieba's own, which the host imports before us.
QUIET = ("-W", "ignore::SyntaxWarning", "-W", "ignore::DeprecationWarning", "-W", "ignore::UserWarning")


@pytest.mark.parametrize("engine", ["compiled", "rjieba", "jieba"])
def test_host_and_tagger_change_nothing_of_each_other(
    engine: str, environment: dict[str, str], tmp_path: Path
) -> None:
    line = [sys.executable, *QUIET, "-m", "tests.attacks.host", engine]
    own = environment | {"TMPDIR": str(tmp_path)}
    done = subprocess.run(line, cwd=ROOT, env=own, capture_output=True, encoding="utf-8", timeout=300)
    assert done.returncode == 0, done.stderr
