"""Bundles that would take memory, time or another file: refused in a process that may take little of it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.attacks.bundles import (
    OWN_BOOK,
    SHIPPED_BOOK,
    Touch,
    array_file,
    copied,
    edit_manifest,
    put,
    put_array,
)
from tests.conftest import ROOT
from wuxing_nlp.model.bundle import CODEBOOK, MANIFEST

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds a process's memory")

MEMORY = 2 << 30
"""Address space, in bytes, that the process may take."""

RESIDENT = 1 << 30
"""Memory, in bytes, that it does take at most; the interpreter and its libraries are among it."""

HANGS = 300
"""Seconds after which the process is taken to hang."""

MIB = 1024 * 1024


def sparse(path: Path, size: int) -> None:
    """Make a file as long as that, which takes no room."""
    os.truncate(path, size)


def with_size(name: str, size: int) -> Callable[[Path], None]:
    """A part of that size, as the manifest says too."""

    def spoil(folder: Path) -> None:
        sparse(folder / name, size)
        edit_manifest(folder, lambda manifest: manifest["parts"][name].update(bytes=size))

    return spoil


def with_shape(name: str, kind: str, shape: str) -> Callable[[Path], None]:
    """An array that promises a shape, and has 64 bytes."""
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return lambda folder: put(folder, name, array_file(header, b"\0" * 64))


def with_part(name: str, content: Callable[[], bytes]) -> Callable[[Path], None]:
    return lambda folder: put(folder, name, content())


def with_manifest(content: Callable[[], bytes]) -> Callable[[Path], object]:
    return lambda folder: (folder / MANIFEST).write_bytes(content())


def linked(name: str, target: str) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        (folder / name).unlink()
        (folder / name).symlink_to(target)

    return spoil


def piped(name: str) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        (folder / name).unlink()
        os.mkfifo(folder / name)

    return spoil


@cache
def keys() -> bytes:
    """Four million entries in order."""
    return b"\n".join(b"%06x" % number for number in range(4_000_000))


ATTACKS: dict[str, tuple[Callable[[Path], object], str]] = {
    "terabytes of weights": (
        with_shape("weights.npy", "|i1", "(999999999999, 42)"),
        "weights.npy says that its",
    ),
    "a terabyte of idf": (with_shape("idf.npy", "<f4", "(274877906944,)"), "idf.npy says that its shape is"),
    "as much as there can be": (
        with_shape("letters.npy", "<f8", "(999999999999, 999999999999)"),
        "letters.npy says",
    ),
    "a file of terabytes": (lambda folder: sparse(folder / "weights.npy", 2**42), "weights.npy has changed"),
    "a file of 512 MiB": (with_size("weights.npy", 512 * MIB), "weights.npy has changed"),
    "a part of terabytes": (with_size("weights.npy", 2**42), "weights.npy has 4398046511104 bytes"),
    "a vocabulary of terabytes": (with_size("words.txt", 2**42), "words.txt has 4398046511104 bytes"),
    "a manifest of terabytes": (
        lambda folder: sparse(folder / MANIFEST, 2**42),
        "has more than 4,194,304 bytes",
    ),
    "a manifest of 100 MB": (
        with_manifest(lambda: b'{"format": 2' + b" " * 100_000_000 + b"}"),
        "has more than",
    ),
    "a manifest of lists": (with_manifest(lambda: b"[" + b"[]," * 1_390_000 + b"[]]"), "format 'list'"),
    "a manifest of depth": (with_manifest(lambda: b"[" * 4_000_000), "is not JSON: RecursionError"),
    "a manifest of keys": (
        with_manifest(lambda: b'{"format":2,' + b",".join(b'"%x":{}' % n for n in range(350_000)) + b"}"),
        "does not list the parts",
    ),
    "a vocabulary of line breaks": (
        with_part("words.txt", lambda: b"\n" * (64 * MIB)),
        "words.txt has 67,108,865",
    ),
    "four million entries": (with_part("words.txt", keys), "idf.npy has the shape"),
    "entries in no order": (
        with_part("characters.txt", lambda: keys()[7:] + b"\n-"),
        "idf.npy has the shape",
    ),
    "one wide entry": (
        with_part("cues.txt", lambda: b"a" * (64 * MIB - 4) + "\U00020000".encode()),
        "idf.npy has the shape",
    ),
    "a header of 100 MB": (
        with_part("idf.npy", lambda: array_file(b"{" + b" " * 100_000_000 + b"}\n", version=2)),
        "idf.npy is not a plain array",
    ),
    "a header of nothing": (
        with_part("idf.npy", lambda: b"\x93NUMPY\x02\x00\xff\xff\xff\xff{"),
        "idf.npy is not a plain array",
    ),
    "zeros without end": (linked("weights.npy", "/dev/zero"), "weights.npy cannot be read .*a symbolic link"),
    "a manifest without end": (
        linked(MANIFEST, "/dev/zero"),
        "manifest.json cannot be read .*a symbolic link",
    ),
    "a pipe": (piped("weights.npy"), "weights.npy cannot be read .*a pipe"),
    "a pipe for a manifest": (piped(MANIFEST), "manifest.json cannot be read .*a pipe"),
}

BOOKS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a codebook of terabytes": (with_size(CODEBOOK, 2**42), "codebook.toml has 4398046511104 bytes"),
    "a codebook of keys": (
        with_part(CODEBOOK, lambda: b"\n".join(b"k%x = 1" % n for n in range(80_000))),
        "codebook.toml is no codebook .*8000. more",
    ),
    "a codebook of points": (
        with_part(CODEBOOK, lambda: b"a." * 500_000 + b"b = 1"),
        "a line with 500000 points",
    ),
    "a codebook of shorter lines of points": (
        with_part(CODEBOOK, lambda: b"\n".join(b"k%x" % n + b".a" * 99 + b" = 1" for n in range(2_500))),
        "codebook.toml is no codebook",
    ),
    "a codebook of depth": (with_part(CODEBOOK, lambda: b"a = " + b"[" * 1_000_000), "is no codebook"),
    "a codebook of lists": (
        with_part(CODEBOOK, lambda: b"a = [" + b"[]," * 340_000 + b"]"),
        "is no codebook",
    ),
    "a codebook of one string": (
        with_part(CODEBOOK, lambda: b'a = """' + b"\\\\" * 500_000 + b'"""'),
        "codebook.toml is no codebook",
    ),
    "a pipe for a codebook": (piped(CODEBOOK), "codebook.toml cannot be read .*a pipe"),
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What one process said of all of them, one after the other, by their names."""
    home = tmp_path_factory.mktemp("attacks")
    folders = [copied(SHIPPED_BOOK, home / "whole")]
    for release, attacks in ((SHIPPED_BOOK, ATTACKS), (OWN_BOOK, BOOKS)):
        for name, (spoil, _) in attacks.items():
            folder = copied(release, home / name)
            spoil(folder)
            folders.append(folder.rename(home / name / name))
    line = [sys.executable, "-m", "tests.attacks.loading", str(MEMORY), *map(str, folders)]
    done = subprocess.run(line, capture_output=True, cwd=ROOT, timeout=HANGS)
    rows = [json.loads(row) for row in done.stdout.splitlines()]
    assert (len(rows), done.returncode) == (len(folders), 0), done.stderr.decode()
    return {row["folder"]: row for row in rows}


@pytest.mark.parametrize("name", [*ATTACKS, *BOOKS])
def test_it_is_refused_by_name_within_little_memory(told: dict[str, dict[str, Any]], name: str) -> None:
    row, (_, said) = told[name], (ATTACKS | BOOKS)[name]
    assert row["error"] == "BundleError"
    assert re.search(said, row["said"])
    assert row["said"].isprintable()
    assert len(row["said"]) < 4_000
    assert row["peak"] < RESIDENT


def test_the_same_process_loads_what_is_whole(told: dict[str, dict[str, Any]]) -> None:
    assert told["bundle"]["error"] == ""
    assert max(row["peak"] for row in told.values()) < RESIDENT


# --------------------------------------------------------------------------- the ways to a bundle are one

WAYS = ("a pipe for a manifest", "a pipe", "terabytes of weights", "a manifest without end")


@pytest.mark.parametrize("name", [*WAYS, "a pickle"])
def test_the_command_line_and_the_service_refuse_it_in_one_line(
    tmp_path: Path,
    wuxing: Callable[..., tuple[int, str, str]],
    process: Callable[..., subprocess.CompletedProcess[bytes]],
    name: str,
) -> None:
    folder, trace = copied(SHIPPED_BOOK, tmp_path), tmp_path / "trace"
    text = tmp_path / "text.txt"
    text.write_text("坚决整治推诿扯皮。", encoding="utf-8")
    if name == "a pickle":
        put_array(folder, "idf.npy", np.array([Touch(trace)], dtype=object), allow_pickle=True)
        said = "the part idf.npy is not a plain array"
    else:
        spoil, said = ATTACKS[name]
        spoil(folder)
    for arguments in (
        ("classify", text, "--model", folder),
        ("classify", text, "--model", folder, "--out", tmp_path / "out"),
        ("model", "show", folder),
        ("model", "show", folder, "--card"),
    ):
        code, out, error = wuxing(*arguments)
        assert (code, out) == (1, ""), arguments
        assert re.fullmatch(f"wuxing: .*{said}.*\n", error), error
    done = process("serve", "--model", folder, "--port", "0")
    assert done.returncode != 0
    assert re.search(f"wuxing: .*{said}", done.stderr.decode()), done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert not trace.exists()
    assert not (tmp_path / "out").exists()
