"""The repository as a whole: what its pages promise, and what must not stand in it."""

from __future__ import annotations

import fnmatch
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import wuxing_nlp
from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.model import bundle, card

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "wuxing_nlp"
MODEL = ROOT / "models" / "default"
PAGES = ("README.md", "corpus/README.md", "deploy/README.md", "CONTRIBUTING.md")

LONG = ("wuxing corpus fetch", "wuxing train", "wuxing evaluate", "wuxing serve")
"""Commands that need the network or minutes: their options are checked, other tests run them."""

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def shell_lines(name: str) -> list[str]:
    """Lines of the shell blocks of a page, without their prompts."""
    blocks = [text for kind, text in _BLOCK.findall(page(name)) if kind in ("console", "sh", "bash")]
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]


def commands(*, long: bool) -> list[str]:
    """The distinct ``wuxing`` command lines of the pages."""
    lines = dict.fromkeys(line for name in PAGES for line in shell_lines(name) if line.startswith("wuxing "))
    return [line for line in lines if line.startswith(LONG) == long]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to run commands in: the corpus at hand, and ``wuxing`` in ``bin``."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "corpus").symlink_to(ROOT / "corpus")
    (folder / "bin").mkdir()
    script = folder / "bin" / "wuxing"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m wuxing_nlp "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    return folder


def run(arguments: list[str], desk: Path) -> subprocess.CompletedProcess[str]:
    path = f"{desk / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        arguments, cwd=desk, env=environment, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8"
    )


# --------------------------------------------------------------------------------- what pages promise


def test_the_pages_show_commands_and_code() -> None:
    assert len(commands(long=False)) >= 5
    assert any(kind == "python" for kind, _ in _BLOCK.findall(page("README.md")))


@pytest.mark.parametrize("line", commands(long=False))
def test_a_command_of_the_pages_runs(line: str, desk: Path) -> None:
    done = run(["sh", "-c", line], desk)
    assert done.returncode == 0, done.stderr
    assert done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize("line", commands(long=True))
def test_a_long_command_of_the_pages_has_its_options(line: str, desk: Path) -> None:
    words = shlex.split(line, comments=True)
    name = [word for word in words[:3] if word in ("wuxing", "corpus", "fetch", "train", "evaluate")]
    shown = run([*name, "--help"], desk)
    assert shown.returncode == 0, shown.stderr
    for option in (word for word in words if word.startswith("--")):
        assert re.search(rf"^ +{option}\b", shown.stdout, flags=re.MULTILINE), option


@pytest.mark.parametrize("name", [name for name in PAGES if "```python" in page(name)])
def test_the_python_of_a_page_runs(name: str, desk: Path) -> None:
    blocks = [text for kind, text in _BLOCK.findall(page(name)) if kind == "python"]
    assert blocks
    done = run([sys.executable, "-c", "\n".join(blocks)], desk)
    assert done.returncode == 0, done.stderr


def test_every_make_target_of_the_pages_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", page("Makefile"), flags=re.MULTILINE))
    named = {line.split()[1] for name in PAGES for line in shell_lines(name) if line.startswith("make ")}
    assert named
    assert named <= targets


def test_links_of_the_pages_lead_somewhere() -> None:
    for name in PAGES:
        links = re.findall(r"\]\((?!https?://|#)([^)#]+)", page(name))
        assert [link for link in links if not (ROOT / name).parent.joinpath(link).exists()] == []


def test_the_changelog_has_the_packages_version() -> None:
    assert re.search(
        rf"^## \[?{re.escape(wuxing_nlp.__version__)}\]?( |$)", page("CHANGELOG.md"), re.MULTILINE
    )


def test_the_card_holds_exactly_the_manifests_figures() -> None:
    facts = bundle.load_model(MODEL).facts
    assert "scores" in facts
    assert (MODEL / bundle.CARD).read_text(encoding="utf-8") == card.text(facts, load_codebook())


def test_the_bundle_is_at_most_16_mb() -> None:
    assert sum(path.stat().st_size for path in MODEL.iterdir()) <= 16_000_000


# --------------------------------------------------------------------------- what stands in the files


def _ignored(path: Path, patterns: list[str]) -> bool:
    """True where .gitignore (plain names, ``folder/`` and ``/path`` patterns) leaves the path out."""
    whole = "/" + path.relative_to(ROOT).as_posix() + ("/" if path.is_dir() else "")
    return any(
        whole.startswith(pattern) if pattern.startswith("/") else fnmatch.fnmatch(whole, f"*/{pattern}")
        for pattern in patterns
    )


def repository_files() -> Iterator[Path]:
    """Every file of the repository that .gitignore does not leave out."""
    patterns = [*page(".gitignore").split(), ".git/"]
    for folder, folders, files in os.walk(ROOT):
        folders[:] = sorted(name for name in folders if not _ignored(Path(folder, name), patterns))
        yield from (Path(folder, name) for name in files if not _ignored(Path(folder, name), patterns))


def repository_texts() -> Iterator[tuple[str, str]]:
    """Path and content of every text file of the repository."""
    for path in repository_files():
        data = path.read_bytes()
        if b"\0" not in data:
            yield path.relative_to(ROOT).as_posix(), data.decode("utf-8")


def test_the_files_are_found() -> None:
    names = {name for name, _ in repository_texts()}
    assert {"README.md", "tests/test_project.py", "corpus/samples/notice.txt", ".ci/run"} <= names
    assert not any("__pycache__" in name or name.startswith((".git/", ".venv/")) for name in names)
    assert "corpus/real/units.jsonl" not in names


def test_no_file_names_a_machine_or_a_registry() -> None:
    # In pieces, or this very file would be found.
    banned = ["/" + "work/", "/" + "root/", "/" + "home/", "index" + "-url", "https://" + "pypi"]
    found = [(name, words) for name, text in repository_texts() for words in banned if words in text]
    assert found == []


def test_constraints_are_names_and_versions_only() -> None:
    lines = page("constraints.txt").splitlines()
    assert lines
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9_.+!-]+", line)] == []
    names = [re.sub(r"[-_.]+", "-", line.split("==")[0]).lower() for line in lines]
    assert len(set(names)) == len(names)


def test_no_module_is_longer_than_400_lines() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in PACKAGE.rglob("*.py")}
    assert len(lengths) > 40
    assert {str(path): length for path, length in lengths.items() if length > 400} == {}


def test_every_module_says_what_it_is_and_every_room_is_typed() -> None:
    for path in PACKAGE.rglob("*.py"):
        assert path.read_text(encoding="utf-8").startswith('"""'), path
    assert (PACKAGE / "py.typed").is_file()


RUN = 24
"""Characters in a row that show that a text was copied."""


def runs_of(text: str) -> Iterator[str]:
    """All runs of RUN characters."""
    return (text[at : at + RUN] for at in range(len(text) - RUN + 1))


def test_no_text_of_the_shared_corpora_stands_in_the_repository(shared_units: list[dict[str, Any]]) -> None:
    real = {run for unit in shared_units for run in runs_of(unit["text"])}
    assert len(real) > 100_000
    found = [
        (name, run)
        for name, text in repository_texts()
        if not name.startswith("models/")
        for run in runs_of(text)
        if run in real
    ]
    assert found == []
