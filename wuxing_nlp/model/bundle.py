"""Safe saving and loading of a model: JSON, text and plain arrays, each with its SHA-256.

A bundle is a folder: ``manifest.json``, the vocabulary as text, one ``.npy`` file an array, and the
model card. Loading runs no code (``allow_pickle=False``) and uses no part before its hash holds.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wuxing_nlp.codebook import Codebook, load_codebook
from wuxing_nlp.cues import cue_lexicon
from wuxing_nlp.errors import BundleError, CodebookError
from wuxing_nlp.model.features import FeatureSpace
from wuxing_nlp.model.machines import Machines
from wuxing_nlp.model.outputs import Calibration, Outputs
from wuxing_nlp.model.parts import read_array, read_keys, read_part
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.text import opencc, script, segment

FORMAT = 2
"""What is written of a model of the shipped codebook. Every format that a release wrote is read for
ever: 1 (wuxing_nlp 0.1.0) holds thresholds and a doubt for balanced decisions alone, and knows no
cues; 2 has a row of thresholds a preference, the known n-grams of cues, and the classes of cues that
have a flag."""

OWN_CODEBOOK = 3
"""What is written of a model of another codebook: format 2, with that codebook as a part."""

MANIFEST = "manifest.json"
CARD = "MODEL_CARD.md"
CODEBOOK = "codebook.toml"

_ARRAYS: dict[str, tuple[str, int]] = {
    "weights": ("int8", 2),
    "scales": ("float32", 1),
    "biases": ("float32", 1),
    "idf": ("float32", 1),
    "letters": ("float64", 2),
    "shares": ("float64", 2),
    "letter_thresholds": ("float64", 2),
    "share_thresholds": ("float64", 1),
    "trained": ("bool", 1),
}
_ARRAYS_1 = _ARRAYS | {"letter_thresholds": ("float64", 1)}
_TEXTS_1 = ("words.txt", "characters.txt")
_TEXTS = (*_TEXTS_1, "cues.txt")
_CUES_OF_0_2 = {
    "701e6e10a7b03aaac7255f43f2bb29a7a2a54318c85a698f1a5085a51084c728": (
        "373cc25707ac59924d93b99cd575c2291ee545d52a758ce776e41936a4d8a2a8"
    )
}
"""The cue lexicon of wuxing_nlp 0.2.0 by its sorted rows, as that version named it → by its files."""

_KINDS = (("name", str), ("version", str), ("codebook", dict), ("rules", dict), ("cue_classes", list))


@dataclass(frozen=True)
class Model:
    """A trained model in memory, and what its manifest says of it."""

    codebook: Codebook
    space: FeatureSpace
    machines: Machines
    calibration: Calibration
    trained: NDArray[np.bool_]
    facts: dict[str, Any]

    @cached_property
    def outputs(self) -> Outputs:
        """The model's columns."""
        return Outputs.of(self.codebook)

    @property
    def name(self) -> str:
        """What a paper cites: name, version and the first digits of the weights' hash."""
        return f"{self.facts['name']} {self.facts['version']} ({self.facts['fingerprint'][:12]})"


def rules(*, cues: bool) -> dict[str, str]:
    """Fingerprints of what turns text into words, and into cues where a model knows them, here; a
    model fits only the rules of its training."""
    variants = "\n".join(f"{entry.source}\t{entry.target}" for entry in script.variants())
    converter = hashlib.sha256((opencc.fingerprint() + variants).encode()).hexdigest()
    of_text = {
        "converter": converter,
        "segmenter": segment.fingerprint(),
        "lexicon": segment.lexicon_fingerprint(),
    }
    return of_text | ({"cues": cue_lexicon().fingerprint} if cues else {})


def versions() -> dict[str, str]:
    """The packages behind the rules; recorded, while the fingerprints are what must agree."""
    from importlib.metadata import version  # it is slow to import, and tagging does without

    return {name: version(name) for name in ("jieba", opencc.PACKAGE, "scikit-learn", "numpy")}


def save(model: Model, folder: Path, card: str) -> None:
    """Write the bundle beside ``folder`` and put it in its place when it is whole.

    Raises:
        BundleError: the folder cannot be written, or holds something that is no bundle.
    """
    check_place(folder)
    parts = dict(_parts(model)) | _codebook_part(model.codebook) | {CARD: card.encode()}
    manifest = _manifest(model, parts)
    part = folder.with_name(f".{folder.name}.{os.urandom(4).hex()}.part")
    try:
        part.mkdir(parents=True)
        for name, content in parts.items():
            (part / name).write_bytes(content)
        (part / MANIFEST).write_text(
            json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
        )
        _replace(folder, part)
    except OSError as error:
        raise BundleError(f"the bundle cannot be written to {folder}: {error.strerror or error}") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def check_place(folder: Path) -> None:
    """Pass a folder that is new, empty, or a bundle: a new bundle replaces all that its folder holds.

    Raises:
        BundleError: the folder holds something else, or is a file.
    """
    replaceable = (folder / MANIFEST).is_file() or (folder.is_dir() and not any(folder.iterdir()))
    if folder.exists() and not replaceable:
        raise BundleError(f"{folder} exists and is no model bundle; name a new folder for the bundle")


def _replace(folder: Path, part: Path) -> None:
    """Put ``part`` in the place of ``folder``, whose old content goes only when the new one stands."""
    old = folder.with_name(f".{folder.name}.{os.urandom(4).hex()}.old")
    if folder.exists():
        folder.rename(old)
    try:
        part.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


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
        np.save(buffer, np.ascontiguousarray(array, dtype=_ARRAYS[name][0]), allow_pickle=False)
        parts.append((f"{name}.npy", buffer.getvalue()))
    vocabularies = (model.space.words, model.space.characters, model.space.cues)
    return parts + [(name, "\n".join(keys).encode()) for name, keys in zip(_TEXTS, vocabularies, strict=True)]


def _codebook_part(codebook: Codebook) -> dict[str, bytes]:
    """A codebook of one's own travels with its model; the shipped one is everywhere."""
    if codebook.fingerprint == load_codebook().fingerprint:
        return {}
    if not codebook.text:
        raise BundleError("the model's codebook was not read from TOML and cannot go into a bundle")
    return {CODEBOOK: codebook.text.encode()}


def _manifest(model: Model, parts: dict[str, bytes]) -> dict[str, Any]:
    facts = {key: value for key, value in model.facts.items() if key not in ("format", "fingerprint")}
    return {
        "format": OWN_CODEBOOK if CODEBOOK in parts else FORMAT,
        **facts,
        "codebook": {"version": model.codebook.version, "sha256": model.codebook.fingerprint},
        "letters": list(model.outputs.letters),
        "codes": list(model.outputs.codes),
        "cue_classes": list(model.space.classes),
        "rules": rules(cues=True),
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
    manifest = _read_manifest(folder)
    codebook = _codebook_of(folder, manifest)
    _check_identity(folder, manifest, codebook)
    parts = {name: read_part(folder, name, facts) for name, facts in manifest["parts"].items()}
    arrays = _read_arrays(folder, manifest["format"], parts)
    words, characters, cues = (read_keys(folder, name, parts) for name in _TEXTS)
    classes = manifest["cue_classes"]
    space = FeatureSpace(codebook, words, characters, arrays["idf"], cues=cues, classes=classes)
    _check_shapes(folder, arrays, space, Outputs.of(codebook), len(manifest["preferences"]))
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
    )


def codebook_of(folder: Path | None) -> Codebook:
    """The codebook of a bundle's labels, without its model; without a folder, the shipped one.

    Raises:
        BundleError: the folder is no bundle, or the codebook in it has changed or is not sound.
    """
    return load_codebook() if folder is None else _codebook_of(folder, _read_manifest(folder))


def _codebook_of(folder: Path, manifest: dict[str, Any]) -> Codebook:
    if manifest["format"] != OWN_CODEBOOK:
        return load_codebook()
    try:
        text = read_part(folder, CODEBOOK, manifest["parts"][CODEBOOK]).decode()
        return Codebook.from_toml(text, str(folder / CODEBOOK))
    except (UnicodeDecodeError, CodebookError) as error:
        raise BundleError(f"{folder}: the part {CODEBOOK} is no codebook ({error})") from error


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BundleError(
            f"{folder} is no model bundle: {MANIFEST} cannot be read ({error.strerror})"
        ) from error
    except (ValueError, RecursionError) as error:
        raise BundleError(f"{path} is not JSON: {error}; take the bundle from its source again") from error
    seen = manifest.get("format") if isinstance(manifest, dict) else type(manifest).__name__
    if seen not in range(1, OWN_CODEBOOK + 1):
        raise BundleError(
            f"{path}: format {seen!r}; this version of wuxing_nlp reads formats 1 to {OWN_CODEBOOK}"
        )
    expected = _expected_parts(manifest["format"])
    manifest = _upgraded(manifest)
    if not isinstance(manifest.get("parts"), dict) or set(manifest["parts"]) != expected:
        raise BundleError(f"{path} does not list the parts of a bundle: {', '.join(sorted(expected))}")
    _check_preferences(path, manifest)
    for key, kind in _KINDS:
        if not isinstance(manifest.get(key), kind):
            raise BundleError(f"{path}: {key} is {manifest.get(key)!r}; a {kind.__name__} is expected")
    return manifest


def _expected_parts(form: int) -> set[str]:
    texts = _TEXTS_1 if form < FORMAT else _TEXTS
    carried = [CODEBOOK] if form == OWN_CODEBOOK else []
    return {f"{name}.npy" for name in _ARRAYS} | {*texts, *carried, CARD}


def _upgraded(manifest: dict[str, Any]) -> dict[str, Any]:
    """The manifest in the words of today's format; its ``format`` stays, for the arrays are of it."""
    if manifest["format"] >= FORMAT:
        return manifest | {"rules": _with_todays_cues(manifest.get("rules"))}
    kept = {key: value for key, value in manifest.items() if key != "doubt"}
    known = {"preferences": [Preference.BALANCED.value], "doubts": [manifest.get("doubt")]}
    return kept | known | {"cue_classes": []}


def _with_todays_cues(rules: Any) -> Any:
    """The rules' fingerprints, with that of a lexicon which has two names as it is named today."""
    if not isinstance(rules, dict) or rules.get("cues") not in _CUES_OF_0_2:
        return rules
    return rules | {"cues": _CUES_OF_0_2[rules["cues"]]}


def _check_preferences(path: Path, manifest: dict[str, Any]) -> None:
    doubts, known = manifest.get("doubts"), manifest.get("preferences")
    if not isinstance(doubts, list) or not all(isinstance(d, float) and 0 <= d <= 1 for d in doubts):
        raise BundleError(f"{path}: doubts are {doubts!r}; a list of numbers from 0 to 1 is expected")
    names = [preference.value for preference in Preference]
    if not doubts or len(doubts) > len(names) or known != names[: len(doubts)]:
        raise BundleError(
            f"{path}: preferences are {known!r}, with {len(doubts)} doubts; expected are the first of "
            f"{', '.join(names)}, with one doubt each"
        )


def _check_identity(folder: Path, manifest: dict[str, Any], codebook: Codebook) -> None:
    outputs = Outputs.of(codebook)
    pairs: list[tuple[str, object, object]] = [
        ("letters", manifest.get("letters"), list(outputs.letters)),
        ("codes", manifest.get("codes"), list(outputs.codes)),
        ("codebook version", manifest["codebook"].get("version"), codebook.version),
    ]
    # A model that knows no cues does not care which there are.
    knows_cues = bool(manifest["cue_classes"])
    if knows_cues:
        pairs += [("cue classes", manifest["cue_classes"], list(cue_lexicon().classes))]
    needed = rules(cues=knows_cues)
    pairs += [(name, manifest["rules"].get(name), rule) for name, rule in needed.items()]
    for name, found, expected in pairs:
        if found != expected:
            raise BundleError(
                f"{folder} was made with {name} {found!r}, but here it is {expected!r}; "
                "install the versions of the bundle, or train it anew"
            )


def _read_arrays(folder: Path, form: int, parts: dict[str, bytes]) -> dict[str, NDArray[Any]]:
    """The arrays of a bundle as today's format has them."""
    kinds = _ARRAYS if form >= FORMAT else _ARRAYS_1
    arrays = {name: read_array(folder, name, parts, *kind) for name, kind in kinds.items()}
    return arrays | {"letter_thresholds": np.atleast_2d(arrays["letter_thresholds"])}


def _check_shapes(
    folder: Path, arrays: dict[str, NDArray[Any]], space: FeatureSpace, outputs: Outputs, preferences: int
) -> None:
    letters, codes = len(outputs.letters), len(outputs.codes)
    shapes = {
        # First: the length of the space, which the weights are held against, is that of idf.
        "idf": (len(space.words) + len(space.characters) + len(space.cues),),
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
