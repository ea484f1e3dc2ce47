"""What the attacks on bundles share: bundles that releases wrote, and how to spoil one."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wuxing_nlp.errors import BundleError
from wuxing_nlp.model.bundle import MANIFEST, Model, load_model
from wuxing_nlp.model.tagger import Tagger

FIXTURES = Path(__file__).parents[1] / "data" / "bundles"
RELEASES = ("0.1.0", "0.2.0", "0.3.0", "0.4")
"""The first wrote format 1, the last carries a codebook of its own in format 3."""

SHIPPED_BOOK, OWN_BOOK = "0.3.0", "0.4"


def copied(release: str, to: Path) -> Path:
    """A copy of a release's bundle that a test may spoil."""
    return shutil.copytree(FIXTURES / release, to / "bundle")


def part_names(folder: Path) -> list[str]:
    """All parts of a bundle."""
    return sorted(path.name for path in folder.iterdir() if path.name != MANIFEST)


def array_names(folder: Path) -> list[str]:
    """The parts that are arrays."""
    return [name for name in part_names(folder) if name.endswith(".npy")]


def edit_manifest(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change what the manifest says."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    change(manifest)
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def put(folder: Path, name: str, content: bytes) -> None:
    """Change a part and its hash in the manifest, as one who means harm would."""
    (folder / name).write_bytes(content)
    facts = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    edit_manifest(folder, lambda manifest: manifest["parts"].update({name: facts}))


def put_array(folder: Path, name: str, array: np.ndarray, *, allow_pickle: bool = False) -> None:
    """Put an array into the place of a part, as numpy saves it."""
    path = folder / "spoilt.npy"
    np.save(path, array, allow_pickle=allow_pickle)
    content = path.read_bytes()
    path.unlink()
    put(folder, name, content)


def array_file(header: bytes, values: bytes = b"", version: int = 1) -> bytes:
    """An array's file with a header of one's own."""
    length = len(header).to_bytes(2 if version == 1 else 4, "little")
    return b"\x93NUMPY" + bytes([version, 0]) + length + header + values


def refused(folder: Path, said: str, read: Callable[[Path], object] = load_model) -> str:
    """The message of the error with which a bundle is refused: one printable line that names the bundle,
    and the part (``said``, a pattern)."""
    with pytest.raises(BundleError, match=said) as raised:
        read(folder)
    message = str(raised.value)
    assert str(folder) in message
    assert message.isprintable()
    assert len(message) < 4_000
    return message


def works(model: Model) -> None:
    """Tag with a model: its probabilities are probabilities."""
    tagger = Tagger(model)
    texts = [
        "坚决整治推诿扯皮、敷衍塞责。",
        "对小微企业减免增值税，让群众少跑腿。",
        "第三中学操场于八月底完工。",
    ]
    likely = tagger.probabilities(texts)
    assert ((likely >= 0) & (likely <= 1)).all()
    assert tagger.code_units(texts) == [unit.codes for unit in tagger.tag_units(texts)]


ALL_PARTS = part_names(FIXTURES / OWN_BOOK)
ARRAYS = array_names(FIXTURES / OWN_BOOK)
VOCABULARIES = ("words.txt", "characters.txt", "cues.txt")


class Touch:
    """An object whose unpickling leaves a trace."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return touch, (str(self.path),)


def touch(path: str) -> None:
    """Leave the trace."""
    Path(path).write_text("ran", encoding="utf-8")
