"""Manifests that mean harm: other labels, formats, kinds of values, figures; JSON that is none."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.attacks.bundles import (
    FIXTURES,
    RELEASES,
    SHIPPED_BOOK,
    copied,
    edit_manifest,
    refused,
)
from wuxing_nlp.model.bundle import MANIFEST, load_model

# ----------------------------------------------------------------------------------- what they are of


def replaced(*path: str | int, value: object) -> Callable[[dict[str, Any]], None]:
    """Give a value at a place of the manifest."""

    def change(manifest: Any) -> None:
        for key in path[:-1]:
            manifest = manifest[key]
        manifest[path[-1]] = value

    return change


OTHER_LABELS = {
    "fewer codes": lambda m: m["codes"].pop(),
    "a code twice": lambda m: m["codes"].append(m["codes"][0]),
    "a code twice in another's place": lambda m: m["codes"].__setitem__(1, m["codes"][0]),
    "codes in another order": lambda m: m["codes"].reverse(),
    "codes in a table": lambda m: m.update(codes=dict.fromkeys(m["codes"], 1)),
    "codes in a string": lambda m: m.update(codes="".join(m["codes"])),
    "no codes": lambda m: m.update(codes=[]),
    "fewer letters": lambda m: m["letters"].pop(),
    "a letter twice": lambda m: m["letters"].append(m["letters"][0]),
    "letters in another order": lambda m: m["letters"].reverse(),
    "letters that are lists": lambda m: m.update(letters=[[letter] for letter in m["letters"]]),
    "letters of megabytes": lambda m: m.update(letters=["Z" * 1_000_000] * 3),
    "cue classes in another order": lambda m: m["cue_classes"].reverse(),
    "a cue class twice": lambda m: m["cue_classes"].append(m["cue_classes"][0]),
    "another codebook": lambda m: m["codebook"].update(sha256="0" * 64),
    "no hash of the codebook": lambda m: m["codebook"].pop("sha256"),
    "a number for the codebook's hash": lambda m: m["codebook"].update(sha256=0),
    "another version of the codebook": lambda m: m["codebook"].update(version="1.3"),
    "another converter": lambda m: m["rules"].update(converter="0" * 64),
    "a list for a rule": lambda m: m["rules"].update(cues=["x"]),
}


@pytest.mark.parametrize("change", sorted(OTHER_LABELS))
@pytest.mark.parametrize("release", RELEASES)
def test_labels_that_are_not_the_codebooks_are_refused(tmp_path: Path, release: str, change: str) -> None:
    if release == "0.1.0" and ("cue" in change or change == "a list for a rule"):
        pytest.skip("format 1 knows no cues")
    folder = copied(release, tmp_path)
    edit_manifest(folder, OTHER_LABELS[change])
    refused(
        folder, "was made with .* but here it is .*; install the versions of the bundle, or train it anew"
    )


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("form", [4, 5, 1000, 10**18])
def test_a_newer_format_says_to_upgrade(tmp_path: Path, release: str, form: int) -> None:
    folder = copied(release, tmp_path)
    edit_manifest(folder, lambda manifest: manifest.update(format=form))
    refused(
        folder, f"format {form}; this version of wuxing_nlp reads formats 1 to 3; upgrade it: pip install"
    )


@pytest.mark.parametrize("form", [0, -1, True, 2.0, "2", None, [2], {"2": 2}, 10**4000])
def test_a_format_that_is_none_is_refused(folder: Path, form: object) -> None:
    edit_manifest(folder, lambda manifest: manifest.update(format=form))
    refused(folder, "this version of wuxing_nlp reads formats 1 to 3")


# ---------------------------------------------------------------------------------------- the manifest

WRONG = {
    "a size of -1": replaced("parts", "idf.npy", "bytes", value=-1),
    "a size of nothing": replaced("parts", "idf.npy", "bytes", value=None),
    "a size in words": replaced("parts", "idf.npy", "bytes", value="2476"),
    "a size that is true": replaced("parts", "idf.npy", "bytes", value=True),
    "a size with a point": replaced("parts", "idf.npy", "bytes", value=2476.0),
    "a size without end": replaced("parts", "idf.npy", "bytes", value=10**4000),
    "a size of terabytes": replaced("parts", "idf.npy", "bytes", value=2**42),
    "one byte too many": replaced("parts", "idf.npy", "bytes", value=2477),
    "one byte too few": replaced("parts", "idf.npy", "bytes", value=2475),
    "no hash": replaced("parts", "idf.npy", "sha256", value=""),
    "a short hash": replaced("parts", "idf.npy", "sha256", value="0" * 63),
    "a hash in capitals": replaced("parts", "idf.npy", "sha256", value="A" * 64),
    "a hash of megabytes": replaced("parts", "idf.npy", "sha256", value="0" * 2_000_000),
    "a hash that commands": replaced("parts", "idf.npy", "sha256", value="\x1b[2J\n"),
    "a hash in a list": replaced("parts", "idf.npy", "sha256", value=["0" * 64]),
    "a part that is a list": replaced("parts", "idf.npy", value=[]),
}


@pytest.mark.parametrize("change", sorted(WRONG))
def test_wrong_words_about_a_part_are_refused(folder: Path, change: str) -> None:
    assert (folder / "idf.npy").stat().st_size == 2476
    edit_manifest(folder, WRONG[change])
    refused(folder, r"the part idf\.npy")


FACTS = ("name", "version", "recipe", "training", "scores", "versions", "codebook", "rules", "cue_classes")


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_of_another_type_is_refused(folder: Path, name: str) -> None:
    kind = type(json.loads((folder / MANIFEST).read_text(encoding="utf-8")).get(name, {}))
    for value in (None, True, 7, 0.5, "x", ["x"], {"x": 1}):
        if not isinstance(value, kind):
            edit_manifest(folder, replaced(name, value=value))
            refused(folder, f"{name} is .*; a {kind.__name__} is expected")


@pytest.mark.parametrize(
    "value", ["", "\n", "a\nb", "\x1b]0;x\x07", "\u202eX", "x" * 256, "\u2028", "\x85", "\x00"]
)
@pytest.mark.parametrize("name", ["name", "version"])
def test_a_name_that_is_no_line_is_refused(folder: Path, name: str, value: str) -> None:
    edit_manifest(folder, replaced(name, value=value))
    refused(folder, f"{name} is .*; a line of 1 to 255 characters is expected")


def test_a_chinese_name_is_taken(folder: Path) -> None:
    edit_manifest(folder, lambda manifest: manifest.update(name="模型　一", version="第 2 版"))
    assert load_model(folder).name.startswith("模型　一 第 2 版 (")


def test_versions_that_are_no_strings_are_refused(folder: Path) -> None:
    edit_manifest(folder, replaced("versions", "numpy", value=[2]))
    refused(folder, "versions are .*; strings are expected")


def test_facts_that_are_not_known_are_kept(folder: Path) -> None:
    """A later version may say more of a model than this one knows."""
    edit_manifest(folder, lambda manifest: manifest.update(later={"said": ["more"]}))
    assert load_model(folder).facts["later"] == {"said": ["more"]}


NO_JSON = [
    *(
        b"\xff\xfe{\x00}\x00",
        b"\xef\xbb\xbf{}",
        b'{"format": 2',
        b'{"name": "\xed\xa0\x80"}',
        b'{"a": 1, "a": 2}',
    ),
    *(
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'{"a": ' + b"9" * 5_000 + b"}",
    ),
    *(b"[" * 100_000, b'{"a":' * 100_000, b"{'format': 2}", b"{} {}", b"\x00", b"// {}", b"\x80\x04N.", b""),
]


@pytest.mark.parametrize("content", NO_JSON)
def test_json_that_is_none_is_refused(folder: Path, content: bytes) -> None:
    (folder / MANIFEST).write_bytes(content)
    refused(folder, r"manifest\.json is not JSON")


def test_a_key_that_is_given_twice_is_refused(folder: Path) -> None:
    """Of two sizes or hashes of a part, readers would choose differently."""
    text = (folder / MANIFEST).read_text(encoding="utf-8")
    (folder / MANIFEST).write_text(
        text.replace('"bytes": 2476', '"bytes": 1, "bytes": 2476'), encoding="utf-8"
    )
    refused(folder, "is not JSON: ValueError: a key is given twice")


@pytest.mark.parametrize("text", ["\ud800", "\udfff\ud800", "x\udc80"])
def test_half_a_character_is_refused(folder: Path, text: str) -> None:
    """What holds one can be read and not written: a run would break when it records its model."""
    for change in (replaced("name", value=text), replaced("later", value=[[text]]), replaced(text, value=1)):
        shutil.copy(FIXTURES / SHIPPED_BOOK / MANIFEST, folder)
        edit_manifest(folder, change)
        refused(folder, "holds half a character")


@pytest.mark.parametrize("depth", [40, 500, 900])
def test_lists_in_lists_are_refused(folder: Path, depth: int) -> None:
    value: object = 1
    for level in range(depth):
        value = [value] if level % 2 else {"x": value}
    text = (folder / MANIFEST).read_text(encoding="utf-8")
    spoilt = text.rstrip().removesuffix("}") + f', "later": {json.dumps(value)}}}'
    (folder / MANIFEST).write_text(spoilt, encoding="utf-8")
    refused(folder, "holds lists in lists, more than 32 deep")


# ------------------------------------------------------------------------------------------- the scores


@pytest.fixture
def scored(folder: Path) -> Path:
    """A bundle with the figures of the shipped model."""
    manifest = Path(__file__).parents[2] / "models" / "default" / MANIFEST
    scores = json.loads(manifest.read_text(encoding="utf-8"))["scores"]
    edit_manifest(folder, lambda facts: facts.update(scores=scores))
    assert load_model(folder).facts["scores"] == scores
    return folder


FIGURES: list[tuple[str | int, ...]] = [
    *(
        ("letters",),
        ("letters", "Z"),
        ("letters", "macro"),
        ("intervals", "Z"),
        ("calibration_error",),
        ("stance",),
    ),
    *(("by_kind", "petition"), ("by_script", "traditional", "units"), ("units",), ("documents",)),
    *(("letters", "micro", "f1"), ("intervals", "Z", 0), ("calibration_error", "P"), ("abstained",)),
]
UNDEFINED = FIGURES[-4:]
"""Those that may be null: there was nothing to count."""


@pytest.mark.parametrize("value", [None, "0.5", [], {}, True, 10**300])
@pytest.mark.parametrize("path", FIGURES)
def test_figures_that_are_none_are_refused(scored: Path, path: tuple[str | int, ...], value: object) -> None:
    if value is None and path in UNDEFINED:
        edit_manifest(scored, replaced("scores", *path, value=value))
        load_model(scored)
        return
    edit_manifest(scored, replaced("scores", *path, value=value))
    refused(scored, f"the scores' {path[0]} is .* what wuxing evaluate --json writes is expected")
