"""The folder of a job: inputs under their names, one process at a time, and nothing left over."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from wuxing_nlp.service.folders import open_folder, uploads_folder
from wuxing_nlp.service.jobs import folder
from wuxing_nlp.service.pool.tasks import Upload


@pytest.fixture
def data(tmp_path: Path) -> Path:
    open_folder(tmp_path)
    folder.jobs_folder(tmp_path).mkdir()
    return tmp_path


def test_uploads_become_inputs_with_their_hashes(tmp_path: Path) -> None:
    for number, text in enumerate(["乙", "甲"]):
        (tmp_path / str(number)).write_text(text, encoding="utf-8")
    folder.place([Upload("b.txt", tmp_path / "0"), Upload("x/a.txt", tmp_path / "1")], tmp_path)
    assert folder.seal(tmp_path) == [
        ("a.txt", hashlib.sha256("甲".encode()).hexdigest()),
        ("b.txt", hashlib.sha256("乙".encode()).hexdigest()),
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["inputs"]


def test_a_folder_is_removed_whole(data: Path) -> None:
    (folder.jobs_folder(data) / "1" / "out").mkdir(parents=True)
    (folder.jobs_folder(data) / "1" / "out" / "units.csv").write_text("x")
    folder.remove(data, "1")
    folder.remove(data, "1")
    assert list(folder.jobs_folder(data).iterdir()) == []
    assert list(uploads_folder(data).iterdir()) == []


def test_folders_that_nobody_knows_are_swept(data: Path) -> None:
    for name in "123":
        (folder.jobs_folder(data) / name).mkdir()
    assert folder.sweep(data, {"2", "4"}) == 2
    assert [path.name for path in folder.jobs_folder(data).iterdir()] == ["2"]


def test_one_process_at_a_time_works_in_a_folder(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom wuxing_nlp.service.jobs.folder import alone\n"
        "print('waits', flush=True)\n"
        "with alone(Path(sys.argv[1])):\n    print(Path(sys.argv[1], 'told').read_text())\n"
    )
    with folder.alone(tmp_path):
        other = subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        assert other.stdout
        assert other.stdout.readline() == "waits\n"
        (tmp_path / "told").write_text("the first was done")
    told, _ = other.communicate()
    assert told == "the first was done\n"
