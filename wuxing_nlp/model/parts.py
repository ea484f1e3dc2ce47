"""The parts of a bundle: files that are used only when their hash holds, as bytes, arrays, vocabularies."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from itertools import islice
from operator import lt
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wuxing_nlp.errors import BundleError


def read_part(folder: Path, name: str, facts: Mapping[str, Any]) -> bytes:
    """The content of a part, by what the manifest says of it (``bytes``, ``sha256``).

    Raises:
        BundleError: it cannot be read, or has changed.
    """
    path = folder / name
    try:
        # One byte more than promised is enough to know that the part is another one.
        with path.open("rb") as stream:
            content = stream.read(min(int(facts["bytes"]), path.stat().st_size) + 1)
    except (OSError, TypeError, KeyError, ValueError) as error:
        raise BundleError(f"{folder}: the part {name} cannot be read ({error})") from error
    found = hashlib.sha256(content).hexdigest()
    if found != facts.get("sha256"):
        raise BundleError(
            f"{folder}: the part {name} has changed: SHA-256 {facts.get('sha256')} expected, {found} found; "
            "take the bundle from its source again"
        )
    return content


def read_array(
    folder: Path, name: str, parts: Mapping[str, bytes], kind: str, dimensions: int
) -> NDArray[Any]:
    """The plain array of a part, of a kind and a number of dimensions. Raises BundleError: it is none."""
    stream = io.BytesIO(parts[f"{name}.npy"])
    try:
        array: NDArray[Any] = np.lib.format.read_array(stream, allow_pickle=False)
    # The header is a Python literal: numpy's tokenizer and parser raise whatever they stumble on.
    except Exception as error:
        raise BundleError(f"{folder}: the part {name}.npy is not a plain array ({error})") from error
    if array.dtype != np.dtype(kind) or array.ndim != dimensions:
        raise BundleError(
            f"{folder}: {name}.npy is {array.dtype} of {array.ndim} dimensions; {kind}, {dimensions} expected"
        )
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise BundleError(f"{folder}: {name}.npy holds values that are no numbers; train the model anew")
    return array


def read_keys(folder: Path, name: str, parts: Mapping[str, bytes]) -> list[str]:
    """The lines of a part, each once; none where there is no such part. Raises BundleError."""
    try:
        keys = parts[name].decode().split("\n") if parts.get(name) else []
    except UnicodeDecodeError as error:
        raise BundleError(f"{folder}: the part {name} is not UTF-8 ({error})") from error
    if not _are_distinct(keys):
        raise BundleError(f"{folder}: the part {name} has an entry twice; train the model anew")
    return keys


def _are_distinct(keys: Sequence[str]) -> bool:
    # Training writes a vocabulary in order; that it is can be seen without a set of 150,000 strings.
    return all(map(lt, keys, islice(keys, 1, None))) or len(set(keys)) == len(keys)
