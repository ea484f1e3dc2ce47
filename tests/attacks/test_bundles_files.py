"""Parts that are no files, stand elsewhere, were changed or exchanged, or change while they are read."""

from __future__ import annotations

import os
import re
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import numpy as np
import pytest

from tests.attacks.bundles import (
    ALL_PARTS,
    FIXTURES,
    OWN_BOOK,
    RELEASES,
    SHIPPED_BOOK,
    copied,
    edit_manifest,
    part_names,
    put,
    refused,
    works,
)
from wuxing_nlp.errors import BundleError
from wuxing_nlp.model.bundle import CARD, CODEBOOK, MANIFEST, codebook_of, load_model, read_files

# ------------------------------------------------------------------------- files that are none, places


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
@pytest.mark.parametrize("name", [MANIFEST, *ALL_PARTS])
def test_what_is_no_plain_file_is_refused_and_not_waited_for(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    kept = tmp_path / "kept"
    shutil.move(own / name, kept)
    # The path of a socket may have some hundred characters: its name alone.
    monkeypatch.chdir(own)
    with socket.socket(socket.AF_UNIX) as listening:
        makers: dict[str, Callable[[], object]] = {
            "a pipe": lambda: os.mkfifo(name),
            "a folder": lambda: os.mkdir(name),
            "a symbolic link": lambda: os.symlink(kept, name),
            "a socket": lambda: listening.bind(name),
        }
        for kind, make in makers.items():
            make()
            refused(own, f"{re.escape(name)} cannot be read .*it is {kind}, and a bundle holds plain files")
            os.rmdir(name) if kind == "a folder" else os.unlink(name)


@pytest.mark.parametrize(
    "target",
    ["/dev/zero", "/dev/stdin", "/proc/self/mem", "/proc/self/environ", "nowhere", ".", "", "{name}"],
)
@pytest.mark.parametrize("name", [MANIFEST, "weights.npy", "words.txt", CARD])
def test_a_link_is_never_followed(folder: Path, name: str, target: str) -> None:
    (folder / name).unlink()
    (folder / name).symlink_to(target.format(name=name) or folder / name)
    refused(folder, f"{re.escape(name)} cannot be read .*symbolic link")


def test_a_device_is_refused(folder: Path) -> None:
    (folder / "weights.npy").unlink()
    try:
        os.mknod(folder / "weights.npy", 0o600 | 0o020000, os.makedev(1, 5))
    except (OSError, AttributeError):
        pytest.skip("needs the right to make devices")
    refused(folder, r"weights\.npy cannot be read \(it is a device")


def test_a_hard_link_is_a_plain_file_whose_hash_decides(folder: Path, tmp_path: Path) -> None:
    """Installers link what they have in a cache."""
    shutil.move(folder / "idf.npy", tmp_path / "cached")
    os.link(tmp_path / "cached", folder / "idf.npy")
    works(load_model(folder))
    (folder / "idf.npy").unlink()
    os.link(folder / "words.txt", folder / "idf.npy")
    refused(folder, r"the part idf\.npy has changed: SHA-256")


PLACES = [
    *(
        "../bundle/idf.npy",
        "../../idf.npy",
        "/etc/passwd",
        "/dev/zero",
        "./idf.npy",
        "a/../idf.npy",
        "idf.npy/",
    ),
    *(
        "..",
        ".",
        "",
        " idf.npy",
        "idf.npy ",
        "IDF.NPY",
        "权重.npy",
        "idf\x00.npy",
        "idf.npy\x00",
        "\ud800.npy",
    ),
    *(
        "C:\\idf.npy",
        "\\\\host\\share\\idf.npy",
        "idf.npy:stream",
        "a" * 5_000,
        "~/idf.npy",
        "file:///idf.npy",
    ),
    *("\x1b]0;x\x07", "idf.npy\n", "\u202eypn.fdi"),
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("read", [load_model, codebook_of, read_files])
@pytest.mark.parametrize("more", [True, False], ids=["one more", "instead"])
def test_a_part_of_another_name_is_refused(
    own: Path, place: str, read: Callable[[Path], object], *, more: bool
) -> None:
    def rename(manifest: dict[str, Any]) -> None:
        parts = manifest["parts"]
        parts[place] = parts["idf.npy"] if more else parts.pop("idf.npy")

    edit_manifest(own, rename)
    refused(own, "does not list the parts of a bundle|holds half a character", read)


@pytest.mark.parametrize("place", ["a\x00b", "\ud800", "x" * 5_000, "y/" * 3_000])
def test_a_folder_that_cannot_be_one_is_told(place: str) -> None:
    with pytest.raises(BundleError, match=r"is no model bundle: manifest\.json cannot be read"):
        load_model(Path(place))


# ------------------------------------------------------------------------------- changed, swapped parts


@pytest.mark.parametrize("release", RELEASES)
def test_a_changed_byte_anywhere_is_named(tmp_path: Path, release: str) -> None:
    """Every byte of the small parts of one bundle; else the first, the last and some between."""
    folder = copied(release, tmp_path)
    for name in part_names(folder):
        content = (folder / name).read_bytes()
        step = 1 if release == OWN_BOOK and len(content) < 200 else -(-len(content) // 20)
        for at in {*range(0, len(content), step), len(content) - 1}:
            (folder / name).write_bytes(content[:at] + bytes([content[at] ^ 1 << at % 8]) + content[at + 1 :])
            refused(folder, f"the part {re.escape(name)} has changed: SHA-256")
        (folder / name).write_bytes(content)
    works(load_model(folder))


def test_a_changed_byte_of_the_manifest_is_refused_or_changes_no_answer(folder: Path) -> None:
    """The manifest has no hash of its own: what it may change is what people read, and nothing else."""
    content = (folder / MANIFEST).read_bytes()
    before = load_model(folder)
    loaded = 0
    for at in range(0, len(content), 11):
        (folder / MANIFEST).write_bytes(content[:at] + bytes([content[at] ^ 1 << at % 7]) + content[at + 1 :])
        try:
            model = load_model(folder)
        except BundleError:
            continue
        loaded += 1
        assert model.outputs == before.outputs
        assert np.array_equal(model.machines.weights, before.machines.weights)
        assert np.abs(model.calibration.doubts - before.calibration.doubts).max() < 1
    assert 0 < loaded < len(content) // 22


@pytest.mark.parametrize("name", [name for name in ALL_PARTS if name != CARD])
def test_a_part_of_another_bundle_is_named(tmp_path: Path, name: str) -> None:
    """With the manifest's hashes as they were, and rewritten, so that only what belongs together tells."""
    folder = copied(OWN_BOOK, tmp_path)
    if name == CODEBOOK:
        text = (folder / CODEBOOK).read_text(encoding="utf-8").replace("供给型", "给予型")
        other = text.encode()
    else:
        other = (FIXTURES / SHIPPED_BOOK / name).read_bytes()
    (folder / name).write_bytes(other)
    refused(folder, f"the part {re.escape(name)} has changed: SHA-256")
    put(folder, name, other)
    said = {
        CODEBOOK: "made with codebook of the hash",
        "words.txt": "idf.npy has the shape",
        "characters.txt": "idf.npy has the shape",
        "cues.txt": "idf.npy has the shape",
    }
    refused(folder, said.get(name, f"{re.escape(name)} has the shape .* expected"))


# ---------------------------------------------------------------------------------- what changes meanwhile


@pytest.fixture
def changing(folder: Path) -> Iterator[Path]:
    """A bundle of which one part is another one, of the same size, every other moment."""
    good = (folder / "biases.npy").read_bytes()
    bad = good[:-4] + np.float32(77).tobytes()
    over = Event()

    def change() -> None:
        while not over.is_set():
            for content in (bad, good):
                (folder / "new").write_bytes(content)
                os.replace(folder / "new", folder / "biases.npy")

    thread = Thread(target=change)
    thread.start()
    yield folder
    over.set()
    thread.join()


def test_the_bytes_that_are_used_are_those_whose_hash_held(changing: Path) -> None:
    seen = {"loaded": 0, "refused": 0}
    while min(seen.values()) < 5 and sum(seen.values()) < 5_000:
        try:
            model = load_model(changing)
        except BundleError:
            seen["refused"] += 1
        else:
            assert model.machines.biases[-1] != 77
            seen["loaded"] += 1
    assert min(seen.values()) >= 5


def test_files_for_another_machine_are_those_whose_hash_held(folder: Path) -> None:
    assert read_files(folder) == {path.name: path.read_bytes() for path in folder.iterdir()}
    (folder / "idf.npy").write_bytes((folder / "idf.npy").read_bytes()[:-1] + b"\x00")
    refused(folder, r"the part idf\.npy has changed", read_files)
