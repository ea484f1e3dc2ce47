"""The manifest of a bundle: which parts there are, and what its model is.

It is JSON from outside. What it says is checked before another file is opened, so that whoever reads a
model's facts may rely on their kinds.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from reprlib import Repr
from typing import Any

from wuxing_nlp.codebook.reading import CONTROL
from wuxing_nlp.errors import BundleError, said
from wuxing_nlp.model.parts import MOST_ARRAY, MOST_CODEBOOK, MOST_PROSE, MOST_TEXT, read_file
from wuxing_nlp.model.preference import Preference

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

ARRAYS: dict[str, tuple[str, int]] = {
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
"""Kind and number of dimensions of every array."""

ARRAYS_1 = ARRAYS | {"letter_thresholds": ("float64", 1)}
"""The same of format 1."""

TEXTS = ("words.txt", "characters.txt", "cues.txt")
"""The vocabularies; format 1 has the first two."""

LONGEST_NAME = 255
"""Characters of a model's name and of its version: a name is often that of a folder."""

DEEPEST = 32
"""Lists and tables inside each other in a manifest; 7 are used."""

_CUES_OF_0_2 = {
    "701e6e10a7b03aaac7255f43f2bb29a7a2a54318c85a698f1a5085a51084c728": (
        "373cc25707ac59924d93b99cd575c2291ee545d52a758ce776e41936a4d8a2a8"
    )
}
"""The cue lexicon of wuxing_nlp 0.2.0 by its sorted rows, as that version named it → by its files."""

_NEEDED = (("name", str), ("version", str), ("codebook", dict), ("rules", dict), ("cue_classes", list))
_ALLOWED = tuple((name, dict) for name in ("recipe", "training", "scores", "versions", "own", "comparisons"))

_MOST = 10**12
_FIGURE = (int, float, type(None))
_OF_PART = {"units": int, "micro_f1": _FIGURE, "macro_f1": _FIGURE}
_OF_LABEL = {"units": int, "precision": _FIGURE, "recall": _FIGURE, "f1": _FIGURE}
_SCORES: dict[str, Any] = {
    "units": int,
    "documents": int,
    "measures_macro_f1": _FIGURE,
    "stance": {"found": int, "right": _FIGURE},
    "abstained": _FIGURE,
    "none_truly_none": _FIGURE,
    "by_kind": {...: _OF_PART},
    "by_script": {...: _OF_PART},
    "preferences": {...: {...: _FIGURE}},
}
"""What results are read with: kinds of values, of every value of a table where the key is ``...``."""

_SHA256 = re.compile("[0-9a-f]{64}")

_SHOWN = Repr()
_SHOWN.maxlist = _SHOWN.maxdict = 40
_SHOWN.maxstring = _SHOWN.maxother = _SHOWN.maxlong = 80
_SHOWN.maxlevel = 3


def shown(value: object) -> str:
    """A value of a manifest as a message shows it: in one line, and not the whole of a large one."""
    return _SHOWN.repr(value)


def read_manifest(folder: Path) -> bytes:
    """The bytes of a bundle's manifest. Raises BundleError: there is none, or it is too large."""
    try:
        content = read_file(folder, MANIFEST, MOST_PROSE + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise BundleError(f"{folder} is no model bundle: {MANIFEST} cannot be read ({reason})") from error
    if len(content) > MOST_PROSE:
        raise BundleError(f"{folder / MANIFEST} has more than {MOST_PROSE:,} bytes; no manifest needs them")
    return content


def parse_manifest(path: Path, content: bytes) -> dict[str, Any]:
    """What a manifest says, in the words of today's format; its ``format`` stays, for the arrays are of it.

    Args:
        path: where it was read, for messages.
        content: its bytes.

    Raises:
        BundleError: it is not JSON, of a format that is not known here, or says what cannot be.
    """
    try:
        manifest = json.loads(
            content.decode(), object_pairs_hook=_table, parse_constant=_number, parse_float=_number
        )
    except (ValueError, RecursionError) as error:
        raise BundleError(
            f"{path} is not JSON: {said(error)}; take the bundle from its source again"
        ) from error
    _check_format(path, manifest)
    expected = expected_parts(manifest["format"])
    manifest = _upgraded(manifest)
    _check_depth(path, manifest)
    _check_parts(path, manifest.get("parts"), expected)
    _check_preferences(path, manifest)
    _check_kinds(path, manifest)
    return manifest


def _table(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object, every key of which is there once."""
    table = dict(pairs)
    if len(table) < len(pairs):
        raise ValueError("a key is given twice")
    return table


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:40]} is no number")
    return number


def _check_format(path: Path, manifest: object) -> None:
    seen = manifest.get("format") if isinstance(manifest, dict) else type(manifest).__name__
    if type(seen) is not int or not 1 <= seen <= OWN_CODEBOOK:
        newer = type(seen) is int and seen > OWN_CODEBOOK
        advice = "upgrade it: pip install -U wuxing_nlp" if newer else "take the bundle from its source again"
        raise BundleError(
            f"{path}: format {shown(seen)}; this version of wuxing_nlp reads formats 1 to {OWN_CODEBOOK}; "
            + advice
        )


def expected_parts(form: int) -> set[str]:
    """The names of all parts of a bundle of a format."""
    texts = TEXTS if form >= FORMAT else TEXTS[:2]
    carried = [CODEBOOK] if form == OWN_CODEBOOK else []
    return {f"{name}.npy" for name in ARRAYS} | {*texts, *carried, CARD}


def _upgraded(manifest: dict[str, Any]) -> dict[str, Any]:
    if manifest["format"] >= FORMAT:
        return manifest | {"rules": _with_todays_cues(manifest.get("rules"))}
    kept = {key: value for key, value in manifest.items() if key != "doubt"}
    known = {"preferences": [Preference.BALANCED.value], "doubts": [manifest.get("doubt")]}
    return kept | known | {"cue_classes": []}


def _with_todays_cues(rules: Any) -> Any:
    """The rules' fingerprints, with that of a lexicon which has two names as it is named today."""
    seen = rules.get("cues") if isinstance(rules, dict) else None
    return rules | {"cues": _CUES_OF_0_2[seen]} if isinstance(seen, str) and seen in _CUES_OF_0_2 else rules


def _check_depth(path: Path, manifest: dict[str, Any]) -> None:
    """Pass what can be written again: not too deep, every string of whole characters."""
    level: list[Any] = [manifest]
    for _ in range(DEEPEST):
        level = [inside for value in level for inside in _inside(value)]
        for value in level:
            if isinstance(value, str) and not value.isascii() and re.search("[\ud800-\udfff]", value):
                raise BundleError(f"{path}: {shown(value)} holds half a character; train the model anew")
    if level:
        raise BundleError(f"{path} holds lists in lists, more than {DEEPEST} deep; no manifest needs them")


def _inside(value: object) -> Iterable[Any]:
    if isinstance(value, dict):
        return (*value, *value.values())
    return value if isinstance(value, list) else ()


def _check_parts(path: Path, parts: object, expected: set[str]) -> None:
    if not isinstance(parts, dict) or set(parts) != expected:
        raise BundleError(f"{path} does not list the parts of a bundle: {', '.join(sorted(expected))}")
    for name, facts in parts.items():
        size, digest = (facts.get("bytes"), facts.get("sha256")) if isinstance(facts, dict) else (None, None)
        if type(size) is not int or size < 0 or not isinstance(digest, str) or not _SHA256.fullmatch(digest):
            raise BundleError(
                f"{path} says of the part {name}: {shown(facts)}; its bytes and its SHA-256 are expected"
            )
        if size > (most := _most(name)):
            raise BundleError(
                f"{path} says that the part {name} has {shown(size)} bytes; {most} are the most"
            )


def _most(name: str) -> int:
    named = {CODEBOOK: MOST_CODEBOOK, CARD: MOST_PROSE}
    return MOST_ARRAY if name.endswith(".npy") else named.get(name, MOST_TEXT)


def _check_preferences(path: Path, manifest: dict[str, Any]) -> None:
    doubts, known = manifest.get("doubts"), manifest.get("preferences")
    if not isinstance(doubts, list) or not all(isinstance(d, float) and 0 <= d <= 1 for d in doubts):
        raise BundleError(f"{path}: doubts are {shown(doubts)}; a list of numbers from 0 to 1 is expected")
    names = [preference.value for preference in Preference]
    if not doubts or len(doubts) > len(names) or known != names[: len(doubts)]:
        raise BundleError(
            f"{path}: preferences are {shown(known)}, with {len(doubts)} doubts; expected are the first of "
            f"{', '.join(names)}, with one doubt each"
        )


def _check_kinds(path: Path, manifest: dict[str, Any]) -> None:
    allowed = (pair for pair in _ALLOWED if pair[0] in manifest)
    for key, kind in (*_NEEDED, *allowed):
        if not isinstance(manifest.get(key), kind):
            raise BundleError(f"{path}: {key} is {shown(manifest.get(key))}; a {kind.__name__} is expected")
    for key in ("name", "version"):
        text = manifest[key]
        if not 0 < len(text) <= LONGEST_NAME or CONTROL.search(text) or text.splitlines() != [text]:
            raise BundleError(
                f"{path}: {key} is {shown(text)}; a line of 1 to {LONGEST_NAME} characters is expected"
            )
    if not all(isinstance(version, str) for version in manifest.get("versions", {}).values()):
        raise BundleError(f"{path}: versions are {shown(manifest['versions'])}; strings are expected")


def check_scores(path: Path, scores: Any, letters: Sequence[str]) -> None:
    """Pass figures as :func:`wuxing_nlp.model.figures.figures` makes them, of these letters.

    Raises:
        BundleError: a figure is missing, or something else than a number.
    """
    of_letters = dict.fromkeys((*letters, "micro"), _OF_LABEL) | {"macro": {"f1": _FIGURE}}
    needed = _SCORES | {
        "letters": of_letters,
        "intervals": {name: [_FIGURE, _FIGURE] for name in of_letters},
        "calibration_error": dict.fromkeys(letters, _FIGURE),
    }
    for name, kind in needed.items():
        # Models of 0.1.0 know one preference, and have no figures of others.
        known = scores.get(name, {} if name == "preferences" else ...)
        if not _fits(known, kind):
            raise BundleError(
                f"{path}: the scores' {name} is {'missing' if known is ... else shown(known)}; "
                "what wuxing evaluate --json writes is expected"
            )


def _fits(value: Any, kind: Any) -> bool:
    """Whether a value is of a kind: a type or one of some, a list or a table of kinds."""
    if isinstance(kind, dict):
        if not isinstance(value, dict):
            return False
        if ... in kind:
            return all(_fits(inside, kind[...]) for inside in value.values())
        return all(key in value and _fits(value[key], inside) for key, inside in kind.items())
    if isinstance(kind, list):
        return isinstance(value, list) and len(value) == len(kind) and all(map(_fits, value, kind))
    return isinstance(value, kind) and not isinstance(value, bool) and (value is None or abs(value) < _MOST)
