"""Fixtures of all tests: the shared real text where it is there, and Hypothesis profiles."""

from __future__ import annotations

import gzip
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from wuxing_nlp.cli import main
from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.coding import Corpus, default_root
from wuxing_nlp.model.bundle import Model
from wuxing_nlp.model.ngrams import Frequencies
from wuxing_nlp.model.tagger import Tagger, load
from wuxing_nlp.model.train import Recipe, train
from wuxing_nlp.model.training_set import TrainingSet

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


@pytest.fixture(scope="session")
def small_set() -> TrainingSet:
    """A fifth of the authored units, every code among them: enough to train in a second."""
    return TrainingSet.of(load_codebook(), Corpus(default_root()).authored()[::5])


@pytest.fixture(scope="session")
def small_model(small_set: TrainingSet) -> Model:
    """A model of the small set, named as one that is saved."""
    model = train(load_codebook(), small_set, Frequencies(), Recipe(inner_folds=2))
    model.facts.update(name="wuxing-small", version="0")
    return model


@pytest.fixture(scope="session")
def tagger() -> Tagger:
    """The shipped tagger."""
    return load()


@pytest.fixture
def wuxing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Run the command line in this process: exit code, standard output, standard error."""

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["wuxing", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0), *capsys.readouterr()

    return run
