"""What a process that tags has to import: nothing that only training or the command line needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import wuxing_nlp
from wuxing_nlp.model.bundle import Model, save

SLOW = {"sklearn", "scipy", "joblib", "pydantic", "rich", "typer", "importlib.metadata"}
TAG = "import wuxing_nlp; wuxing_nlp.load({!r}).tag('坚决整治推诿扯皮。')"


def imported_by(code: str) -> set[str]:
    """Names of all modules that a new process has imported when the code is done."""
    code += "; import sys; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@pytest.fixture(scope="module")
def folder(small_model: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("start") / "bundle"
    save(small_model, folder, "# 说明\n")
    return folder


def test_the_command_line_imports_no_training() -> None:
    modules = imported_by("import wuxing_nlp.cli")
    assert modules & {"sklearn", "scipy", "pandas", "pyarrow", "docx", "pypdfium2", "distributed"} == set()


def test_scores_are_defined_without_what_computes_them() -> None:
    modules = imported_by("import wuxing_nlp.evaluation.scoring.pages")
    assert modules & {"sklearn", "scipy", "pandas"} == set()


def test_tagging_imports_nothing_that_is_slow(folder: Path) -> None:
    modules = imported_by(TAG.format(str(folder)))
    assert {"wuxing_nlp.model.bundle", "numpy"} <= modules
    assert modules & SLOW == set()
    assert "wuxing_nlp.documents" not in modules


def test_readers_of_files_are_there_when_they_are_asked_for() -> None:
    code = "import wuxing_nlp; print(wuxing_nlp.read_document.__module__, wuxing_nlp.Document.__name__)"
    assert {"wuxing_nlp.documents.reading", "Document"} <= imported_by(code)
    with pytest.raises(AttributeError, match="no attribute 'read_all'"):
        wuxing_nlp.read_all  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize(
    ("module", "needed"), [("wuxing_nlp.model.train", "sklearn"), ("wuxing_nlp.cli", "typer")]
)
def test_what_is_slow_would_be_seen(module: str, needed: str) -> None:
    assert needed in imported_by(f"import {module}")
