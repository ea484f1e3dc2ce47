"""Disks that are full or cannot be written: what a command writes is whole or not there, and one line
says why."""

from __future__ import annotations

import csv
import os
import resource
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.attacks.disks import content, disk, fill, lock
from wuxing_nlp.coding import CodedUnit, Corpus, default_root, write_jsonl
from wuxing_nlp.model.bundle import load_model

Wuxing = Callable[..., tuple[int, str, str]]
Files = dict[str, bytes]
Writer = Callable[[Path, Path], tuple[object, ...]]
"""The arguments of a command, from the folder of its inputs and that of its outputs."""

DATA = Path(__file__).parents[1] / "data"
SAMPLE = default_root() / "samples" / "policy_address_hk.txt"
LEAST, ENOUGH = 1 << 20, 32 << 20  # bytes of a disk
NIGHTLY = bool(os.environ.get("WUXING_NIGHTLY"))
SHARES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9) if NIGHTLY else (0.0,)
"""Of the room that a command needs: what it finds, before it finds half."""

UNFINISHED = ".unfinished/"
"""What a run keeps to go on with, and removes at its end."""

LONG = "长" * 90
DEEP = "/".join(["深" * 60] * 25)


def classify(form: str) -> Writer:
    options = ("--no-evidence", "--quiet", "--tables", form)
    return lambda desk, out: ("classify", SAMPLE, "--out", out / "run", *options)


def exported(form: str, name: str) -> Writer:
    return lambda desk, out: ("corpus", "export", form, desk / "anna.csv", out / name)


WRITERS: dict[str, Writer] = {
    **{f"classify {form}": classify(form) for form in ("csv", "xlsx", "parquet", "jsonl")},
    **{f"export {form}": exported(form, name) for form, name in (
        ("doccano", "a.jsonl"), ("label-studio", "a.json"), ("csv", "a.csv"), ("xlsx", "a.xlsx"),
    )},
    "import": lambda desk, out: ("corpus", "import", "csv", desk / "table.csv", out / "b.jsonl"),
    "report": lambda desk, out: ("report", desk / "run", "--to", out / "report.html"),
    "sample": lambda desk, out: (
        "sample", desk / "run", "--for-estimate", "--size", "40", "--out", out / "sheet.csv",
    ),
    "sample to learn": lambda desk, out: (
        "sample", desk / "run", "--size", "40", "--corpus", desk / "corpus", "--out", out / "sheet.xlsx",
    ),
    "agree": lambda desk, out: (
        "agree", desk / "anna.csv", desk / "ben.csv", "--draws", "50", "--out", out / "agreement",
    ),
    "estimate": lambda desk, out: (
        "estimate", desk / "run", desk / "coded.csv", "--format", "csv", "--out", out / "shares.csv",
    ),
}  # fmt: skip
SLOW: dict[str, Writer] = {
    "evaluate": lambda desk, out: ("evaluate", "--corpus", desk / "corpus", "--json", out / "scores.json"),
    "train": lambda desk, out: (
        "train", "--codebook", DATA / "policy_tools.toml", "--only", DATA / "policy_tools.csv",
        "--out", out / "bundle",
    ),
}  # fmt: skip
"""What takes seconds: fewer tries of each."""


def table(path: Path, units: list[CodedUnit]) -> None:
    """Coded units as a coder's table."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["text", "codes", "document"])
        rows.writerows([unit.text, ",".join(unit.codes) or "0", unit.document] for unit in units)


def corpus_of(folder: Path, units: list[CodedUnit]) -> None:
    """A corpus of some authored units in the place of real ones, in two folds."""
    names = sorted({unit.document for unit in units})
    real = [
        CodedUnit(
            unit.id, unit.text, unit.codes, unit.kind, unit.document,
            fold=names.index(unit.document) % 2, sample="enriched",
        )
        for unit in units
    ]  # fmt: skip
    write_jsonl(real, Corpus(folder).real_path)
    (folder / "authored").mkdir()
    shutil.copy(default_root() / "authored" / "plan.tsv", folder / "authored")


@pytest.fixture(scope="module")
def desk(
    tmp_path_factory: pytest.TempPathFactory,
    make_run: Callable[..., Path],
    coded_by_hand: Callable[..., Path],
) -> Path:
    """What the commands read: a run, two coders' tables, a sheet that is filled in, a corpus."""
    folder = tmp_path_factory.mktemp("desk")
    units = Corpus(default_root()).authored()[::6]
    table(folder / "anna.csv", units)
    table(folder / "ben.csv", [*units[1:], units[0]][::2])
    (folder / "units.txt").write_text("\n".join(unit.text for unit in units), encoding="utf-8")
    make_run(folder / "run", folder / "units.txt", evidence=False)
    corpus_of(folder / "corpus", units)
    return folder


@pytest.fixture
def prepared(desk: Path, wuxing: Wuxing, coded_by_hand: Callable[..., Path]) -> Path:
    """The desk with what commands make for others."""
    if not (desk / "coded.csv").exists():
        sheet = desk / "sheet.csv"
        wuxing("sample", desk / "run", "--for-estimate", "--size", "60", "--out", sheet)
        coded_by_hand(sheet, desk / "coded.csv")
        wuxing("corpus", "export", "csv", desk / "anna.csv", desk / "table.csv")
    return desk


@pytest.fixture
def expected(prepared: Path, wuxing: Wuxing, tmp_path: Path) -> Callable[[Writer], Files]:
    """What a command writes where nothing is in its way."""

    def of(writer: Writer) -> Files:
        out = tmp_path / "expected"
        out.mkdir()
        code, _, said = wuxing(*writer(prepared, out))
        assert code == 0, said
        return content(out)

    return of


def refused(given: tuple[int, str, str], *reasons: str) -> None:
    """The command ended with one line at the end that holds one of the reasons."""
    code, _, said = given
    assert code == 1, said
    last = said.rstrip("\n").rpartition("\n")[2]
    assert last.startswith("wuxing: "), said
    assert any(reason in last for reason in reasons), last
    assert "Traceback" not in said
    assert "Exception ignored" not in said


def whole(found: Files, expected: Files) -> None:
    """Every file is as it is to be, and nothing half is left."""
    for name, data in found.items():
        if UNFINISHED in name:
            assert not name.endswith(".part"), name
        else:
            assert expected[name] == data, name


@contextmanager
def no_larger_file(size: int) -> Iterator[None]:
    """No file of this process can grow beyond a size: as a full disk for any user."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def attacked(
    writer: Writer, shares: tuple[float, ...], desk: Path, wuxing: Wuxing, expected: Files, place: Path
) -> None:
    """Run a command on a disk that has too little room, more of it every time; then with room."""
    sizes = sum(map(len, expected.values()))
    with disk(place, max(LEAST, 4 * sizes)):
        for share in shares:
            ballast = fill(place, spare=int(share * sizes))
            refused(wuxing(*writer(desk, place)), "No space left on device")
            ballast.unlink()
            whole(content(place), expected)
            for left in place.iterdir():
                shutil.rmtree(left) if left.is_dir() else left.unlink()
        ballast = fill(place, spare=sizes // 2)
        refused(wuxing(*writer(desk, place)), "No space left on device")
        ballast.unlink()
        code, _, said = wuxing(*writer(desk, place))
        assert code == 0, said
        assert content(place) == expected


@pytest.mark.parametrize("name", WRITERS)
def test_a_full_disk_leaves_whole_files_or_none(
    name: str, prepared: Path, wuxing: Wuxing, expected: Callable[[Writer], Files], tmp_path: Path
) -> None:
    attacked(WRITERS[name], SHARES, prepared, wuxing, expected(WRITERS[name]), tmp_path / "disk")


@pytest.mark.parametrize("name", [*WRITERS, *(["evaluate"] if NIGHTLY else [])])
def test_a_file_that_may_not_grow_is_not_there(
    name: str, prepared: Path, wuxing: Wuxing, expected: Callable[[Writer], Files], tmp_path: Path
) -> None:
    writer, out = (WRITERS | SLOW)[name], tmp_path / "out"
    made = expected(writer)
    with no_larger_file(max(map(len, made.values())) // 3):
        given = wuxing(*writer(prepared, out))
    refused(given, "File too large")
    whole(content(out), made)


def test_a_bundle_that_finds_no_room_leaves_the_old_one(
    prepared: Path, wuxing: Wuxing, tmp_path: Path
) -> None:
    with disk(tmp_path / "disk", 4 * LEAST) as place:
        code, _, said = wuxing(*SLOW["train"](prepared, place))
        assert code == 0, said
        before = content(place)
        for spare in (0, len(before["bundle/weights.npy"])):
            ballast = fill(place, spare)
            refused(wuxing(*SLOW["train"](prepared, place), "--seed", "1"), "No space left on device")
            ballast.unlink()
            assert content(place) == before
            assert [path.name for path in place.iterdir()] == ["bundle"]
        load_model(place / "bundle")


@pytest.mark.parametrize("name", [*WRITERS, "train"])
def test_a_disk_that_cannot_be_written_is_named(
    name: str, prepared: Path, wuxing: Wuxing, tmp_path: Path
) -> None:
    with disk(tmp_path / "disk", LEAST) as place:
        lock(place)
        refused(wuxing(*(WRITERS | SLOW)[name](prepared, place)), "Read-only file system")
        assert list(place.iterdir()) == []


@pytest.mark.parametrize("name", [*WRITERS, "train"])
def test_a_place_that_there_cannot_be_is_named(
    name: str, prepared: Path, wuxing: Wuxing, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    writer = (WRITERS | SLOW)[name]
    refused(wuxing(*writer(prepared, tmp_path / "file")), "Not a directory", "File exists")
    if name != "train":  # it is trained before its place is found to be none: once is enough
        for path in (LONG, DEEP):
            refused(wuxing(*writer(prepared, tmp_path / path)), "File name too long")
    assert content(tmp_path) == {"file": b"mine"}


def test_what_is_no_bundle_is_not_replaced(prepared: Path, wuxing: Wuxing, tmp_path: Path) -> None:
    (tmp_path / "bundle").mkdir()
    (tmp_path / "bundle" / "thesis.txt").write_text("mine", encoding="utf-8")
    refused(wuxing(*SLOW["train"](prepared, tmp_path)), "is no model bundle; name a new folder")
    refused(wuxing("train", "--only", DATA / "policy_tools.csv", "--out", tmp_path / LONG), "name too long")
    assert content(tmp_path) == {"bundle/thesis.txt": b"mine"}


def test_a_full_folder_for_temporary_files(
    desk: Path, wuxing: Wuxing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A workbook is made there; nothing of it is left."""
    with disk(tmp_path / "temporary", 100_000) as place:
        monkeypatch.setattr("tempfile.tempdir", str(place))
        arguments = WRITERS["classify xlsx"](desk, tmp_path)
        refused(wuxing(*arguments[:1], desk / "units.txt", *arguments[2:]), "No space left on device")
        assert list(place.iterdir()) == []
    assert [path.name for path in (tmp_path / "run").iterdir()] == [".unfinished"]
