"""Commands that a signal ends at any moment: what they wrote is whole or not there, and the next run
finishes the work. (SIGKILL of runs: tests/test_batch_run.py; of servers: test_service_kills.py.)"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.attacks.disks import content
from wuxing_nlp import atomic
from wuxing_nlp.atomic import atomic_folder
from wuxing_nlp.model.bundle import load_model

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "corpus" / "samples"
DATA = ROOT / "tests" / "data"
NIGHTLY = bool(os.environ.get("WUXING_NIGHTLY"))
STEPS = 400  # more than a save has: its own number is asked for first
KILLS = 20 if NIGHTLY else 3
PATIENCE = 300


def saving(step: int, source: Path, target: Path) -> subprocess.CompletedProcess[str]:
    """Save the model of one bundle in the place of another, and be killed at a step."""
    line = [sys.executable, "-m", "tests.attacks.saving", str(step), str(source), str(target)]
    return subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)


def test_a_save_that_is_killed_at_any_step_leaves_the_old_bundle_or_the_new(
    small_bundle: Path, tmp_path: Path
) -> None:
    shutil.copytree(small_bundle, good := tmp_path / "good")
    (good / "old.txt").write_text("the old one has a further file", encoding="utf-8")
    shutil.copytree(good, target := tmp_path / "desk" / "bundle")
    old = content(target)
    steps = int(saving(STEPS, small_bundle, target).stdout)
    new = content(target)
    assert new != old
    # While parts are written, around the moment when the two change places, and at the very end.
    moments = range(1, steps + 1) if NIGHTLY else [steps // 2, *range(steps - 24, steps - 12), steps]
    seen = set()
    for step in moments:
        shutil.rmtree(target.parent)  # what an earlier one left is swept first, and would count as steps
        shutil.copytree(good, target)
        assert saving(step, small_bundle, target).returncode == -signal.SIGKILL
        found = content(target)
        assert found in (old, new), f"step {step} of {steps}"
        load_model(target)
        seen.add(found == new)
    assert seen == {False, True}
    assert saving(STEPS, small_bundle, target).returncode == 0
    assert content(target) == new
    assert [path.name for path in target.parent.iterdir()] == ["bundle"]


def test_where_folders_take_two_steps_the_old_one_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows: a process that was killed between the steps left the old folder beside."""
    monkeypatch.setattr(atomic, "_exchanged", lambda *folders: False)
    folder = tmp_path / "[bundle]"
    (tmp_path / ".[bundle].0123abcd.old").mkdir()
    (tmp_path / ".[bundle].0123abcd.old" / "part").write_text("old", encoding="utf-8")
    (tmp_path / ".[bundle].4567cdef.part").mkdir()
    (tmp_path / ".other.4567cdef.part").mkdir()
    (tmp_path / ".[bundle].v2.0123abcd.old").mkdir()  # of a folder with a longer name

    def broken() -> None:
        with atomic_folder(folder):
            raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        broken()
    assert content(folder) == {"part": b"old"}
    with atomic_folder(folder) as part:
        (part / "part").write_text("new", encoding="utf-8")
    assert content(folder) == {"part": b"new"}
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".[bundle].v2.0123abcd.old",
        ".other.4567cdef.part",
        "[bundle]",
    ]


def test_a_folder_is_replaced_where_its_link_leads(tmp_path: Path) -> None:
    (real := tmp_path / "real").mkdir()
    (real / "part").write_text("old", encoding="utf-8")
    (link := tmp_path / "desk" / "bundle").parent.mkdir()
    link.symlink_to(real)
    with atomic_folder(link) as part:
        (part / "part").write_text("new", encoding="utf-8")
    assert link.is_symlink()
    assert content(real) == {"part": b"new"}
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["bundle", "desk", "part", "real"]


def killed(line: list[str], number: int, seconds: float) -> tuple[int, str]:
    """Run a command that gets a signal after so many seconds: its exit code, what it said."""
    with subprocess.Popen(line, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, cwd=ROOT) as running:
        assert running.stderr
        try:
            running.wait(seconds)
        except subprocess.TimeoutExpired:
            running.send_signal(number)
        said = running.stderr.read().decode()
    return running.returncode, said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_asked_to_stop_goes_on_when_it_is_repeated(
    number: signal.Signals, command: list[str], tmp_path: Path
) -> None:
    options = ["--workers", "2", "--no-evidence", "--quiet", "--no-report"]
    line = [*command, "classify", str(SAMPLES), "--out"]
    subprocess.run([*line, str(tmp_path / "expected"), *options], cwd=ROOT, check=True)
    expected, out, draw = content(tmp_path / "expected"), tmp_path / "out", random.Random(number)
    for _ in range(KILLS):
        code, said = killed([*line, str(out), *options], number, draw.uniform(0.5, 6))
        assert code in (0, -number, 130, 1), said
        for name, data in content(out).items():
            if ".unfinished" not in name and not name.endswith(".part"):
                assert expected[name] == data, name
    assert subprocess.run([*line, str(out), *options], cwd=ROOT).returncode == 0
    assert content(out) == expected


def test_a_training_that_is_stopped_leaves_the_old_bundle(command: list[str], tmp_path: Path) -> None:
    given = ["--codebook", str(DATA / "policy_tools.toml"), "--only", str(DATA / "policy_tools.csv")]
    line = [*command, "train", *given, "--out", str(tmp_path / "bundle")]
    subprocess.run(line, cwd=ROOT, check=True, capture_output=True)
    old, draw = content(tmp_path / "bundle"), random.Random(9)
    for number in [signal.SIGKILL, signal.SIGTERM, signal.SIGINT] * (7 if NIGHTLY else 1):
        stopped_at_a_line([*line, "--seed", "1"], number, draw.randint(1, 6))
        assert content(tmp_path / "bundle") == old
        assert [path.name for path in tmp_path.iterdir()] == ["bundle"]
    load_model(tmp_path / "bundle")


def stopped_at_a_line(line: list[str], number: int, count: int) -> None:
    """Run a command, and end it by a signal when it has said so many lines of how it gets on."""
    with subprocess.Popen(line, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, cwd=ROOT) as running:
        assert running.stderr
        for _ in range(count):
            assert running.stderr.readline()
        running.send_signal(number)
        running.stderr.read()
    assert running.returncode != 0
