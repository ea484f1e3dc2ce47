"""The parts of a bundle: files that are used only when their hash holds, as bytes, arrays, texts.

Whatever a file says of itself is held against its length before memory is taken for it. The header of
an array is matched, never evaluated.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Mapping
from functools import partial
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wuxing_nlp.codebook.reading import CONTROL
from wuxing_nlp.errors import BundleError
from wuxing_nlp.model.keys import Keys

MOST_ARRAY = 512 * 1024 * 1024
"""Bytes of an array's file; the shipped weights have 9 million."""

MOST_TEXT = 64 * 1024 * 1024
"""Bytes of a vocabulary."""

MOST_PROSE = 4 * 1024 * 1024
"""Bytes of the manifest and of a card."""

MOST_CODEBOOK = 1024 * 1024
"""Bytes of a codebook; the shipped one has 80,161."""

MOST_KEYS = 4_000_000
"""Entries of a vocabulary; the shipped characters are 157,396."""

FARTHEST, SMALLEST = 1e30, 1e-30
"""No number of an array is farther from 0, and none by which is divided nearer: no score overflows."""

_AGAIN = "take the bundle from its source again"

# What numpy.save writes of a plain array: boolean, integer, real or complex numbers.
_HEADER = re.compile(
    rb"\x93NUMPY\x01\x00(..)\{'descr': '([<>|][biufc][0-9]{1,2})', 'fortran_order': (True|False), "
    rb"'shape': \(([0-9]{1,12},|[0-9]{1,12}(?:, [0-9]{1,12}){1,31}|)\), \} *\n",
    re.DOTALL,
)

_KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}

# A file that became a link or a pipe since it was looked at is neither followed nor waited for.
_CAREFUL = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)


def read_file(folder: Path, name: str, most: int) -> bytes:
    """The content of a plain file of a bundle, its first ``most`` bytes.

    Raises:
        OSError: it cannot be read, or is no plain file.
        ValueError: the path cannot be one.
    """
    path = folder / name
    # What is no plain file is not even opened: a pipe would wait for its writer, a link may lead to a
    # drive of another machine.
    _check_plain(path.lstat().st_mode)
    with open(path, "rb", opener=lambda opened, flags: os.open(opened, flags | _CAREFUL)) as stream:
        found = os.fstat(stream.fileno())
        _check_plain(found.st_mode)
        return stream.read(min(most, found.st_size + 1))


def _check_plain(mode: int) -> None:
    if not stat.S_ISREG(mode):
        kind = _KINDS.get(stat.S_IFMT(mode), "no file")
        raise OSError(
            f"it is {kind}, and a bundle holds plain files alone; copy what is meant into its place"
        )


def read_part(folder: Path, name: str, facts: Mapping[str, Any]) -> bytes:
    """The content of a part, by what the manifest says of it (``bytes``, ``sha256``).

    Raises:
        BundleError: it cannot be read, or has changed.
    """
    try:
        # One byte more than promised is enough to know that the part is another one.
        content = read_file(folder, name, facts["bytes"] + 1)
    except (OSError, ValueError) as error:
        raise BundleError(f"{folder}: the part {name} cannot be read ({error})") from error
    found = hashlib.sha256(content).hexdigest()
    if found != facts["sha256"]:
        raise BundleError(
            f"{folder}: the part {name} has changed: SHA-256 {facts['sha256']} expected, {found} found; "
            + _AGAIN
        )
    if len(content) != facts["bytes"]:
        raise BundleError(
            f"{folder}: the part {name} has {len(content)} bytes, {facts['bytes']} are expected; {_AGAIN}"
        )
    return content


def read_array(
    folder: Path, name: str, parts: Mapping[str, bytes], kind: str, dimensions: int
) -> NDArray[Any]:
    """The plain array of a part, of a kind and a number of dimensions, in C order.

    The form of the file is that of :mod:`numpy.lib.format`, version 1.0.

    Raises:
        BundleError: it is none, holds more or less than it says, or values that cannot be.
    """
    content, place = parts[f"{name}.npy"], f"{folder}: {name}.npy"
    dtype, shape, start = _header(folder, name, content)
    if dtype != np.dtype(kind) or len(shape) != dimensions:
        raise BundleError(f"{place} is {dtype} of {len(shape)} dimensions; {kind}, {dimensions} expected")
    if prod(shape) * dtype.itemsize != len(content) - start:
        raise BundleError(
            f"{place} says that its shape is {shape}, and has {len(content) - start} bytes of values; "
            + _AGAIN
        )
    array = np.frombuffer(content, dtype, offset=start).reshape(shape).copy()
    _check_values(place, array)
    return array


def _header(folder: Path, name: str, content: bytes) -> tuple[np.dtype[Any], tuple[int, ...], int]:
    """Kind and shape of an array, and where its values begin."""
    not_plain = partial(BundleError, f"{folder}: the part {name}.npy is not a plain array; {_AGAIN}")
    header = _HEADER.match(content)
    if not header or header.end() != 10 + int.from_bytes(header[1], "little"):
        raise not_plain()
    if header[3] == b"True":
        raise BundleError(f"{folder}: {name}.npy is in Fortran order; C order expected")
    try:
        dtype = np.dtype(header[2].decode())
    except TypeError as error:
        raise not_plain() from error
    return dtype, tuple(int(length) for length in header[4].split(b",") if length), header.end()


def _check_values(place: str, array: NDArray[Any]) -> None:
    if array.dtype.kind == "b" and (array.view(np.uint8) > 1).any():
        raise BundleError(f"{place} holds values that are neither true nor false; train the model anew")
    if array.dtype.kind == "f" and not (np.abs(array) <= FARTHEST).all():
        raise BundleError(
            f"{place} holds values that are no numbers from {-FARTHEST:g} to {FARTHEST:g}; "
            "train the model anew"
        )


def read_keys(folder: Path, name: str, parts: Mapping[str, bytes]) -> Keys:
    """The lines of a part, each once; none where there is no such part. Raises BundleError."""
    content = parts.get(name, b"")
    if (lines := content.count(b"\n") + 1) > MOST_KEYS:
        raise BundleError(f"{folder}: the part {name} has {lines:,} entries; {MOST_KEYS:,} are the most")
    keys = Keys.read(_decoded(folder, name, content))
    if not keys.are_distinct:
        raise BundleError(f"{folder}: the part {name} has an entry twice; train the model anew")
    return keys


def read_prose(folder: Path, name: str, parts: Mapping[str, bytes]) -> str:
    """The text of a part that people read. Raises BundleError: it is none, or would command a terminal."""
    text = _decoded(folder, name, parts[name])
    if found := CONTROL.search(text.replace("\r\n", "\n")):
        raise BundleError(
            f"{folder}: the part {name} holds the control character {found.group()!r}; {_AGAIN}"
        )
    return text


def _decoded(folder: Path, name: str, content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise BundleError(f"{folder}: the part {name} is not UTF-8 ({error})") from error
