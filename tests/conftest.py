"""Fixtures of all tests: the shared real text where it is there, and Hypothesis profiles."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

SHARED = Path(__file__).resolve().parents[2] / "shared" / "corpora"

settings.register_profile("local", deadline=None, max_examples=150)
settings.register_profile("ci", deadline=None, max_examples=40)
settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.fixture(scope="session")
def shared_corpora() -> Path:
    """The folder of real text and codings that lies beside the repository, never in it."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared/corpora (real text, not part of the repository)")
    return SHARED


@pytest.fixture(scope="session")
def shared_units(shared_corpora: Path) -> list[dict[str, Any]]:
    """The coded units of the shared corpora."""
    with (shared_corpora / "units.jsonl").open(encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


@pytest.fixture(scope="session")
def shared_documents(shared_corpora: Path) -> list[dict[str, Any]]:
    """The whole documents of the shared corpora."""
    with gzip.open(shared_corpora / "documents.jsonl.gz", "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]
