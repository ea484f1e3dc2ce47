"""Safe saving and loading of a model: JSON, text and plain arrays, each with its SHA-256.

A bundle is a folder: ``manifest.json``, the vocabulary as text, one ``.npy`` file an array, and the
model card. Loading runs no code and uses no part before its hash holds; see :mod:`wuxing_nlp.model.parts`.
"""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wuxing_nlp.codebook import Codebook, load_codebook
from wuxing_nlp.cues import CueLexicon, cue_lexicon, edition_named
from wuxing_nlp.errors import BundleError, CodebookError, said
from wuxing_nlp.model.features import FeatureSpace
from wuxing_nlp.model.machines import Machines
from wuxing_nlp.model.manifest import (
    ARRAYS,
    ARRAYS_1,
    CARD,
    CODEBOOK,
    FORMAT,
    MANIFEST,
    OWN_CODEBOOK,
    TEXTS,
    check_scores,
    parse_manifest,
    read_manifest,
    shown,
)
from wuxing_nlp.model.outputs import Calibration, Outputs
from wuxing_nlp.model.parts import (
    FARTHEST,
    MOST_CODEBOOK,
    SMALLEST,
    read_array,
    read_keys,
    read_part,
    read_prose,
)
from wuxing_nlp.text import opencc, script, segment

__all__ = [
    "CARD",
    "CODEBOOK",
    "FORMAT",
    "MANIFEST",
    "OWN_CODEBOOK",
    "Model",
    "check_place",
    "codebook_of",
    "load_model",
    "read_files",
    "rules",
    "save",
    "versions",
]

_MOST = {"idf": FARTHEST, "letter_thresholds": 1.0, "share_thresholds": 1.0}
"""The arrays by whose values something is divided, or their sum: none may be 0."""


@dataclass(frozen=True)
class Model:
    """A trained model in memory, what its manifest says of it, and the card that it was loaded with."""

    codebook: Codebook
    space: FeatureSpace
    machines: Machines
    calibration: Calibration
    trained: NDArray[np.bool_]
    facts: dict[str, Any]
    card: str = ""

    @cached_property
    def outputs(self) -> Outputs:
        """The model's columns."""
        return Outputs.of(self.codebook)

    @property
    def name(self) -> str:
        """What a paper cites: name, version and the first digits of the weights' hash."""
        return f"{self.facts['name']} {self.facts['version']} ({self.facts['fingerprint'][:12]})"


def rules(cues: CueLexicon | None) -> dict[str, str]:
    """Fingerprints of what turns text into words, and into the cues that a model knows, here; a model
    fits only the rules of its training."""
    variants = "\n".join(f"{entry.source}\t{entry.target}" for entry in script.variants())
    converter = hashlib.sha256((opencc.fingerprint() + variants).encode()).hexdigest()
    of_text = {
        "converter": converter,
        "segmenter": segment.fingerprint(),
        "lexicon": segment.lexicon_fingerprint(),
    }
    return of_text | ({"cues": cues.fingerprint} if cues else {})


def versions() -> dict[str, str]:
    """The packages behind the rules; recorded, while the fingerprints are what must agree."""
    from importlib.metadata import version  # it is slow to import, and tagging does without

    return {name: version(name) for name in ("jieba", opencc.PACKAGE, "scikit-learn", "numpy")}


def save(model: Model, folder: Path, card: str) -> None:
    """Write the bundle beside ``folder`` and put it in its place when it is whole.

    Raises:
        BundleError: the model has no name or version, or makes a bundle that cannot be loaded; or the folder
            cannot be written, or holds something that is no bundle.
    """
    from wuxing_nlp.atomic import atomic_folder  # who only tags does without what it imports

    if missing := [name for name in ("name", "version") if not model.facts.get(name)]:
        raise BundleError(
            f"the model's facts have no {' and no '.join(missing)}, by which results are cited; give them: "
            "replace(model, facts={**model.facts, 'name': …, 'version': …})"
        )
    check_place(folder)
    parts = dict(_parts(model)) | _codebook_part(model.codebook) | {CARD: card.encode()}
    manifest = json.dumps(_manifest(model, parts), ensure_ascii=False, indent=2) + "\n"
    try:
        with atomic_folder(folder) as part:
            for name, content in (parts | {MANIFEST: manifest.encode()}).items():
                (part / name).write_bytes(content)
            load_model(part)  # what nobody can load must not replace what somebody can
    except OSError as error:
        raise BundleError(f"the bundle cannot be written to {folder}: {error.strerror or error}") from error


def check_place(folder: Path) -> None:
    """Pass a folder that is new, empty, or a bundle: a new bundle replaces all that its folder holds.

    Raises:
        BundleError: the folder holds something else, is a file, or cannot be looked at.
    """
    try:
        replaceable = (folder / MANIFEST).is_file() or (folder.is_dir() and not any(folder.iterdir()))
        foreign = folder.exists() and not replaceable
    except OSError as error:
        raise BundleError(f"the bundle cannot be written to {folder}: {error.strerror or error}") from error
    if foreign:
        raise BundleError(f"{folder} exists and is no model bundle; name a new folder for the bundle")


def _arrays(model: Model) -> dict[str, NDArray[Any]]:
    calibration, machines = model.calibration, model.machines
    return {
        "weights": machines.weights,
        "scales": machines.scales,
        "biases": machines.biases,
        "idf": model.space.idf,
        "letters": calibration.letters,
        "shares": calibration.shares,
        "letter_thresholds": calibration.letter_thresholds,
        "share_thresholds": calibration.share_thresholds,
        "trained": model.trained,
    }


def _parts(model: Model) -> list[tuple[str, bytes]]:
    parts: list[tuple[str, bytes]] = []
    for name, array in _arrays(model).items():
        buffer = io.BytesIO()
        np.save(buffer, np.ascontiguousarray(array, dtype=ARRAYS[name][0]), allow_pickle=False)
        parts.append((f"{name}.npy", buffer.getvalue()))
    vocabularies = zip(TEXTS, model.space.vocabularies, strict=True)
    return parts + [(name, keys.text.encode()) for name, keys in vocabularies]


def _codebook_part(codebook: Codebook) -> dict[str, bytes]:
    """A codebook of one's own travels with its model; the shipped one is everywhere."""
    if codebook.fingerprint == load_codebook().fingerprint:
        return {}
    if not codebook.text:
        raise BundleError("the model's codebook was not read from TOML and cannot go into a bundle")
    content = codebook.text.encode()
    if len(content) > MOST_CODEBOOK:
        raise BundleError(f"the codebook has {len(content):,} bytes; {MOST_CODEBOOK:,} go into a bundle")
    return {CODEBOOK: content}


def _manifest(model: Model, parts: dict[str, bytes]) -> dict[str, Any]:
    facts = {key: value for key, value in model.facts.items() if key not in ("format", "fingerprint")}
    return {
        "format": OWN_CODEBOOK if CODEBOOK in parts else FORMAT,
        **facts,
        "codebook": {"version": model.codebook.version, "sha256": model.codebook.fingerprint},
        "letters": list(model.outputs.letters),
        "codes": list(model.outputs.codes),
        "cue_classes": list(model.space.classes),
        "rules": rules(model.space.lexicon),
        "versions": versions(),
        "preferences": [preference.value for preference in model.calibration.preferences],
        "doubts": model.calibration.doubts.tolist(),
        "parts": {
            name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in sorted(parts.items())
        },
    }


def load_model(folder: Path) -> Model:
    """Read a bundle, checking every part before it is used.

    Raises:
        BundleError: a part is missing or changed (named, with the hash expected and found), the
            format or the codes are not this package's, or the text rules differ from training's.
    """
    manifest = _manifest_of(folder)
    codebook = _codebook_of(folder, manifest)
    lexicon = _lexicon_of(manifest)
    _check_identity(folder, manifest, codebook, lexicon)
    if "scores" in manifest:
        check_scores(folder / MANIFEST, manifest["scores"], codebook.letters)
    parts = _read_parts(folder, manifest)
    arrays = _read_arrays(folder, manifest["format"], parts)
    words, characters, cues = (read_keys(folder, name, parts) for name in TEXTS)
    space = FeatureSpace(codebook, words, characters, arrays["idf"], cues=cues, lexicon=lexicon)
    _check_shapes(folder, arrays, space, Outputs.of(codebook), len(manifest["preferences"]))
    _check_ranges(folder, arrays)
    return Model(
        codebook,
        space,
        Machines(arrays["weights"], arrays["scales"], arrays["biases"]),
        Calibration(
            arrays["letters"],
            arrays["shares"],
            arrays["letter_thresholds"],
            arrays["share_thresholds"],
            np.array(manifest["doubts"]),
        ),
        arrays["trained"],
        manifest | {"fingerprint": manifest["parts"]["weights.npy"]["sha256"]},
        read_prose(folder, CARD, parts),
    )


def read_files(folder: Path) -> dict[str, bytes]:
    """A bundle as bytes by the names of its files, each part as its manifest has it, for another machine.

    Raises:
        BundleError: a part is missing or changed, or the manifest names other parts than a bundle has.
    """
    content = read_manifest(folder)
    return {MANIFEST: content} | _read_parts(folder, parse_manifest(folder / MANIFEST, content))


def _manifest_of(folder: Path) -> dict[str, Any]:
    return parse_manifest(folder / MANIFEST, read_manifest(folder))


def _read_parts(folder: Path, manifest: dict[str, Any]) -> dict[str, bytes]:
    return {name: read_part(folder, name, facts) for name, facts in manifest["parts"].items()}


def codebook_of(folder: Path | None) -> Codebook:
    """The codebook of a bundle's labels, without its model; without a folder, the shipped one.

    Raises:
        BundleError: the folder is no bundle, or the codebook in it has changed or is not sound.
    """
    return load_codebook() if folder is None else _codebook_of(folder, _manifest_of(folder))


def _codebook_of(folder: Path, manifest: dict[str, Any]) -> Codebook:
    if manifest["format"] != OWN_CODEBOOK:
        return load_codebook()
    try:
        text = read_part(folder, CODEBOOK, manifest["parts"][CODEBOOK]).decode()
        return Codebook.from_toml(text, CODEBOOK)
    except (UnicodeDecodeError, CodebookError) as error:
        raise BundleError(f"{folder}: the part {CODEBOOK} is no codebook ({said(error)})") from error


def _lexicon_of(manifest: dict[str, Any]) -> CueLexicon | None:
    """The edition that a model was trained with, or the last one where there is none such, which it then
    does not fit. A model that knows no cues does not care which there are."""
    if not manifest["cue_classes"]:
        return None
    return edition_named(manifest["rules"].get("cues")) or cue_lexicon()


def _check_identity(
    folder: Path, manifest: dict[str, Any], codebook: Codebook, lexicon: CueLexicon | None
) -> None:
    outputs = Outputs.of(codebook)
    pairs: list[tuple[str, object, object]] = [
        ("letters", manifest.get("letters"), list(outputs.letters)),
        ("codes", manifest.get("codes"), list(outputs.codes)),
        ("codebook version", manifest["codebook"].get("version"), codebook.version),
        ("codebook of the hash", manifest["codebook"].get("sha256"), codebook.fingerprint),
    ]
    pairs += [(name, manifest["rules"].get(name), rule) for name, rule in rules(lexicon).items()]
    if lexicon:
        pairs += [("cue classes", manifest["cue_classes"], list(lexicon.classes))]
    for name, found, expected in pairs:
        if found != expected:
            raise BundleError(
                f"{folder} was made with {name} {shown(found)}, but here it is {shown(expected)}; "
                "install the versions of the bundle, or train it anew"
            )


def _read_arrays(folder: Path, form: int, parts: dict[str, bytes]) -> dict[str, NDArray[Any]]:
    """The arrays of a bundle as today's format has them."""
    kinds = ARRAYS if form >= FORMAT else ARRAYS_1
    arrays = {name: read_array(folder, name, parts, *kind) for name, kind in kinds.items()}
    return arrays | {"letter_thresholds": np.atleast_2d(arrays["letter_thresholds"])}


def _check_shapes(
    folder: Path, arrays: dict[str, NDArray[Any]], space: FeatureSpace, outputs: Outputs, preferences: int
) -> None:
    letters, codes = len(outputs.letters), len(outputs.codes)
    shapes = {
        # First: the length of the space, which the weights are held against, is that of idf.
        "idf": (sum(map(len, space.vocabularies)),),
        "weights": (len(space), len(outputs)),
        "scales": (len(outputs),),
        "biases": (len(outputs),),
        "letters": (letters, 2),
        "shares": (codes, 2),
        "letter_thresholds": (preferences, letters),
        "share_thresholds": (codes,),
        "trained": (len(outputs),),
    }
    for name, shape in shapes.items():
        if arrays[name].shape != shape:
            raise BundleError(f"{folder}: {name}.npy has the shape {arrays[name].shape}; {shape} expected")


def _check_ranges(folder: Path, arrays: dict[str, NDArray[Any]]) -> None:
    for name, most in _MOST.items():
        if not ((arrays[name] >= SMALLEST) & (arrays[name] <= most)).all():
            raise BundleError(
                f"{folder}: {name}.npy holds values that are not from {SMALLEST:g} to {most:g}; "
                "train the model anew"
            )
