"""Bundles: a round trip is exact, and nothing that was changed is loaded."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import io
import json
import pickle
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.attacks.bundles import copied, edit_manifest, put, put_array
from wuxing_nlp import atomic
from wuxing_nlp.codebook import Codebook, load_codebook
from wuxing_nlp.coding import Corpus, default_root
from wuxing_nlp.cues import cue_lexicon
from wuxing_nlp.errors import BundleError, PreferenceError
from wuxing_nlp.model import bundle
from wuxing_nlp.model.bundle import (
    CARD,
    CODEBOOK,
    FORMAT,
    MANIFEST,
    OWN_CODEBOOK,
    Model,
    codebook_of,
    load_model,
    save,
)
from wuxing_nlp.model.features import FeatureSpace
from wuxing_nlp.model.parts import read_array
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.model.tagger import Tagger, load, shipped_bundle

BOOK = load_codebook()
PARTS = [
    *("weights.npy", "scales.npy", "biases.npy", "idf.npy", "letters.npy", "shares.npy"),
    *("letter_thresholds.npy", "share_thresholds.npy", "trained.npy"),
    *("words.txt", "characters.txt", "cues.txt", CARD),
]
VOCABULARIES = ["words.txt", "characters.txt", "cues.txt"]
LARGEST = 16 * 1024 * 1024
OTHERS = (0, 4, "1", 1.5, None, [2])


@pytest.fixture(scope="module")
def saved(small_model: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("saved") / "bundle"
    save(small_model, folder, "# 说明\n")
    return folder


@pytest.fixture
def folder(saved: Path, tmp_path: Path) -> Path:
    """A copy of the saved bundle that a test may spoil."""
    return shutil.copytree(saved, tmp_path / "bundle")


def test_a_round_trip_is_exact(small_model: Model, saved: Path) -> None:
    loaded = load_model(saved)
    for vocabulary in ("words", "characters", "cues", "classes"):
        assert getattr(small_model.space, vocabulary)
        assert getattr(loaded.space, vocabulary) == getattr(small_model.space, vocabulary)
    assert loaded.calibration.doubts.tolist() == small_model.calibration.doubts.tolist()
    for name, array in bundle._arrays(small_model).items():
        found = bundle._arrays(loaded)[name]
        assert found.dtype == array.dtype, name
        assert np.array_equal(found, array), name
    texts = ["坚决整治推诿扯皮、敷衍塞责。", "把群众的事办好。"]
    assert np.array_equal(Tagger(loaded).probabilities(texts), Tagger(small_model).probabilities(texts))
    assert Tagger(loaded).tag_units(texts) == Tagger(small_model).tag_units(texts)


def test_saving_what_was_loaded_gives_the_same_bytes(saved: Path, tmp_path: Path) -> None:
    save(load_model(saved), tmp_path / "again", "# 说明\n")
    for name in PARTS:
        assert (tmp_path / "again" / name).read_bytes() == (saved / name).read_bytes(), name
    first, second = (json.loads((f / MANIFEST).read_text()) for f in (saved, tmp_path / "again"))
    assert first == second


@pytest.fixture(scope="module")
def cueless(small_model: Model) -> Model:
    """The small model without the features of cues."""
    known, machines = small_model.space, small_model.machines
    n = len(known.words) + len(known.characters)
    space = FeatureSpace(BOOK, known.words, known.characters, known.idf[:n])
    rows = [*range(n), *range(len(known.idf), len(known.idf) + len(BOOK.letters))]
    cut = dataclasses.replace(machines, weights=machines.weights[rows])
    return dataclasses.replace(small_model, space=space, machines=cut)


@pytest.fixture
def old(cueless: Model, tmp_path: Path) -> Path:
    """The model without cues as wuxing_nlp 0.1.0 wrote it, in format 1: balanced decisions alone."""
    folder = tmp_path / "old"
    save(cueless, folder, "# 说明\n")
    put_array(folder, "letter_thresholds.npy", cueless.calibration.letter_thresholds[0])
    (folder / "cues.txt").unlink()

    def change(manifest: dict[str, Any]) -> None:
        del manifest["preferences"], manifest["cue_classes"]
        del manifest["parts"]["cues.txt"]
        manifest |= {"format": 1, "doubt": manifest.pop("doubts")[0]}

    edit_manifest(folder, change)
    return folder


def test_a_bundle_of_0_2_still_loads(tmp_path: Path) -> None:
    """It names the first edition of the cue lexicon by its sorted rows."""
    expressions = cue_lexicon(1).expressions.items()
    rows = sorted(f"{name}\t{expression}" for name, group in expressions for expression in group)
    named = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    folder = copied("0.3.0", tmp_path)
    edit_manifest(folder, lambda manifest: manifest["rules"].update({"cues": named}))
    assert load_model(folder).facts["rules"] == bundle.rules(cue_lexicon(1))


def test_a_model_of_an_earlier_edition_is_saved_as_one(tmp_path: Path) -> None:
    known = load_model(copied("0.3.0", tmp_path))
    save(known, tmp_path / "again", "# 说明\n")
    again = load_model(tmp_path / "again")
    assert again.space.lexicon is known.space.lexicon is cue_lexicon(1)
    assert again.facts["rules"]["cues"] == cue_lexicon(1).fingerprint != cue_lexicon().fingerprint


def test_format_1_still_loads_and_decides_as_before(small_model: Model, cueless: Model, old: Path) -> None:
    texts = [unit.text for unit in Corpus(default_root()).authored()[:40]]
    likely = load(old).probabilities(texts)
    assert np.array_equal(likely, Tagger(cueless).probabilities(texts))
    assert not np.array_equal(likely, Tagger(small_model).probabilities(texts))
    assert load(old).tag_units(texts) == Tagger(cueless).tag_units(texts)
    known = load_model(old).calibration
    assert known.preferences == [Preference.BALANCED]
    assert known.doubts.tolist() == small_model.calibration.doubts[:1].tolist()
    for prefer in ("precision", "recall"):
        with pytest.raises(PreferenceError, match=f"no thresholds for {prefer}, only for balanced"):
            load(old, prefer=prefer)


def test_a_bundle_of_format_1_is_saved_in_todays(small_model: Model, old: Path, tmp_path: Path) -> None:
    save(load_model(old), tmp_path / "again", "# 说明\n")
    manifest = json.loads((tmp_path / "again" / MANIFEST).read_text(encoding="utf-8"))
    assert manifest["format"] == FORMAT
    assert manifest["preferences"] == ["balanced"]
    assert "doubt" not in manifest
    assert manifest["cue_classes"] == []
    loaded = load_model(tmp_path / "again")
    known = loaded.calibration.letter_thresholds
    assert np.array_equal(known, small_model.calibration.letter_thresholds[:1])
    assert (loaded.space.cues, loaded.space.classes) == ([], ())


def test_a_bundle_without_cues_fits_every_cue_lexicon(cueless: Model, tmp_path: Path) -> None:
    save(cueless, tmp_path / "bundle", "# 说明\n")
    edit_manifest(tmp_path / "bundle", lambda manifest: manifest["rules"].update(cues="0" * 64))
    texts = ["坚决整治推诿扯皮、敷衍塞责。"]
    again = load(tmp_path / "bundle").probabilities(texts)
    assert np.array_equal(again, Tagger(cueless).probabilities(texts))


@pytest.mark.parametrize("doubt", ["0.5", None, 1.5, [0.5]])
def test_a_wrong_doubt_of_format_1_is_refused(old: Path, doubt: object) -> None:
    edit_manifest(old, lambda manifest: manifest.update(doubt=doubt))
    with pytest.raises(BundleError, match=r"doubts are .* numbers from 0 to 1"):
        load_model(old)


def test_format_1_has_one_row_of_thresholds(small_model: Model, old: Path) -> None:
    put_array(old, "letter_thresholds.npy", small_model.calibration.letter_thresholds)
    with pytest.raises(BundleError, match=r"letter_thresholds\.npy is .* dimensions"):
        load_model(old)


def test_the_folder_holds_the_parts_and_nothing_else(saved: Path) -> None:
    assert {path.name for path in saved.iterdir()} == {*PARTS, MANIFEST}
    assert [path.name for path in saved.parent.iterdir()] == [saved.name]
    assert (saved / CARD).read_text(encoding="utf-8") == "# 说明\n"


def test_the_manifest_states_what_a_result_rests_on(small_model: Model, saved: Path) -> None:
    manifest = json.loads((saved / MANIFEST).read_text(encoding="utf-8"))
    assert manifest["format"] == FORMAT == 2
    assert manifest["preferences"] == ["balanced", "precision", "recall"]
    assert manifest["doubts"] == small_model.calibration.doubts.tolist()
    assert manifest["codebook"] == {"version": BOOK.version, "sha256": BOOK.fingerprint}
    assert manifest["letters"] == list(BOOK.letters)
    assert manifest["codes"] == list(BOOK.codes)
    assert set(manifest["rules"]) == {"converter", "segmenter", "lexicon", "cues"}
    assert manifest["cue_classes"] == list(cue_lexicon().classes)
    assert manifest["rules"]["cues"] == cue_lexicon().fingerprint
    assert all(re.fullmatch("[0-9a-f]{64}", rule) for rule in manifest["rules"].values())
    assert {"jieba", "opencc-python-reimplemented", "scikit-learn", "numpy"} == set(manifest["versions"])
    assert manifest["recipe"] == small_model.facts["recipe"]
    assert manifest["training"] == small_model.facts["training"]
    assert set(manifest["parts"]) == set(PARTS)
    for name, facts in manifest["parts"].items():
        content = (saved / name).read_bytes()
        assert facts == {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def test_the_shipped_manifest_states_training_seed_and_scores() -> None:
    manifest = json.loads((shipped_bundle() / MANIFEST).read_text(encoding="utf-8"))
    assert manifest["name"] == "wuxing-default"
    assert isinstance(manifest["recipe"]["seed"], int)
    corpus, training = Corpus(default_root()), manifest["training"]
    assert training["selected_units"] == len(corpus.selected())
    assert training["real_units"] == len(corpus.labels()) + len(corpus.selected())
    assert training["units"] == training["real_units"] + len(corpus.authored())
    assert manifest["scores"]["units"] == len(corpus.labels()) == 15_408
    letters = manifest["scores"]["letters"]
    assert letters["macro"]["f1"] >= 0.67
    for letter in BOOK.letters:
        assert letters[letter]["f1"] > manifest["scores"]["dictionary"][letter]["f1"], letter
    assert manifest["codebook"]["version"] == BOOK.version


def test_the_shipped_bundle_is_small_and_knows_every_label(tagger: Tagger) -> None:
    sizes = [path.stat().st_size for path in shipped_bundle().iterdir()]
    assert sum(sizes) <= LARGEST
    assert tagger.untrained == ()
    assert tagger.model.space.lexicon is cue_lexicon()
    assert pickle.loads(pickle.dumps(tagger.model)).space.lexicon is cue_lexicon()


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        ({}, "no name and no version"),
        ({"name": "a"}, "no version"),
        ({"name": "", "version": "1"}, "no name"),
    ],
)
def test_a_model_without_name_or_version_is_not_saved(
    small_model: Model, tmp_path: Path, facts: dict[str, str], missing: str
) -> None:
    with pytest.raises(BundleError, match=f"the model's facts have {missing}, by which .* give them"):
        bundle.save(dataclasses.replace(small_model, facts=facts), tmp_path / "model", "")
    assert list(tmp_path.iterdir()) == []


def test_what_nobody_could_load_is_not_saved(small_model: Model, saved: Path, tmp_path: Path) -> None:
    shutil.copytree(saved, folder := tmp_path / "bundle")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    broken = dataclasses.replace(small_model, facts=small_model.facts | {"training": {"loss": float("nan")}})
    with pytest.raises(BundleError):
        save(broken, folder, "")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert list(tmp_path.iterdir()) == [folder]


def test_the_name_is_name_version_and_fingerprint(saved: Path) -> None:
    digest = hashlib.sha256((saved / "weights.npy").read_bytes()).hexdigest()
    assert load_model(saved).name == f"wuxing-small 0 ({digest[:12]})"


@pytest.mark.parametrize("name", PARTS)
def test_a_changed_byte_is_named_with_both_hashes(folder: Path, name: str) -> None:
    content = bytearray((folder / name).read_bytes())
    expected = hashlib.sha256(content).hexdigest()
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(BundleError) as error:
        load_model(folder)
    for said in (name, expected, hashlib.sha256(content).hexdigest()):
        assert said in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("change", [lambda c: c + b"\0", lambda c: c[:-1], lambda c: b""])
def test_a_longer_or_shorter_part_is_refused(folder: Path, change: Callable[[bytes], bytes]) -> None:
    (folder / "idf.npy").write_bytes(change((folder / "idf.npy").read_bytes()))
    with pytest.raises(BundleError, match=r"the part idf\.npy has changed: SHA-256 [0-9a-f]{64} expected"):
        load_model(folder)


@pytest.mark.parametrize("name", PARTS)
def test_a_missing_part_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(BundleError, match=f"the part {re.escape(name)} cannot be read"):
        load_model(folder)


def test_no_more_is_read_than_there_may_be(folder: Path) -> None:
    edit_manifest(folder, lambda manifest: manifest["parts"]["idf.npy"].update(bytes=10**30))
    with pytest.raises(BundleError, match=r"the part idf\.npy has 10{30} bytes; 536870912 are the most"):
        load_model(folder)


def test_a_folder_without_a_manifest_is_no_bundle(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(BundleError, match=r"is no model bundle: manifest\.json cannot be read"):
            load_model(folder)


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"", b"[" * 5_000])
def test_a_manifest_that_is_not_json_is_refused(folder: Path, content: bytes) -> None:
    (folder / MANIFEST).write_bytes(content)
    with pytest.raises(BundleError, match=r"manifest\.json"):
        load_model(folder)


@pytest.mark.parametrize("manifest", [[], 4, "text", None, {}, *({"format": form} for form in OTHERS)])
def test_another_format_is_refused(folder: Path, manifest: object) -> None:
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(BundleError, match="this version of wuxing_nlp reads formats 1 to 3"):
        load_model(folder)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda m: m["codes"].append("X9"), "made with codes"),
        (lambda m: m.pop("codes"), "made with codes"),
        (lambda m: m["letters"].reverse(), "made with letters"),
        (lambda m: m["codebook"].update(version="0.9"), "codebook version '0.9'"),
        (lambda m: m.update(codebook="1"), "codebook"),
        (lambda m: m.update(codebook=None), "codebook"),
        (lambda m: m["rules"].update(segmenter="0" * 64), "made with segmenter"),
        (lambda m: m["rules"].pop("converter"), "made with converter None"),
        (lambda m: m.update(rules=[]), "rules|converter"),
        (lambda m: m["rules"].update(cues="0" * 64), "made with cues '0{64}', but here it is"),
        (lambda m: m["rules"].pop("cues"), "made with cues None"),
        (lambda m: m["cue_classes"].pop(), "made with cue classes"),
        (lambda m: m["cue_classes"].reverse(), "made with cue classes"),
        (lambda m: m["cue_classes"].append(["A.official"]), "made with cue classes"),
        (lambda m: m.update(cue_classes=[]), "weights.npy has the shape"),
        (lambda m: m.update(cue_classes="A.official"), "cue_classes is 'A.official'; a list is expected"),
        (lambda m: m.pop("cue_classes"), "cue_classes is None; a list is expected"),
        (lambda m: m.update(doubts="0.5"), "doubts are '0.5'"),
        (lambda m: m["doubts"].insert(0, float("nan")), "is not JSON: ValueError: NaN is no number"),
        (lambda m: m["doubts"].insert(0, -0.5), r"doubts are \[-0.5, "),
        (
            lambda m: m["doubts"].pop(),
            r"preferences are .* with 2 doubts; expected are the first of balanced",
        ),
        (lambda m: m["doubts"].append(0.5), "preferences are .* with 4 doubts"),
        (lambda m: m.update(preferences=[], doubts=[]), r"preferences are \[\], with 0 doubts"),
        (lambda m: m["preferences"].reverse(), r"preferences are \['recall', "),
        (lambda m: m.pop("preferences"), "preferences are None"),
        (lambda m: m.update(preferences=["balanced"], doubts=[0.5]), "letter_thresholds.npy has the shape"),
        (lambda m: m.update(parts=[]), "does not list the parts"),
        (lambda m: m["parts"].pop("idf.npy"), "does not list the parts"),
        (lambda m: m["parts"].pop("cues.txt"), "does not list the parts"),
        (lambda m: m["parts"].update({"../evil": {}}), "does not list the parts"),
        (lambda m: m["parts"].update({"idf.npy": None}), r"idf\.npy"),
        (lambda m: m["parts"].update({"idf.npy": 7}), r"idf\.npy"),
        (lambda m: m["parts"]["idf.npy"].pop("sha256"), r"idf\.npy"),
        (lambda m: m["parts"]["idf.npy"].pop("bytes"), r"idf\.npy"),
        (lambda m: m["parts"]["idf.npy"].update(bytes="many"), r"idf\.npy"),
        (lambda m: m["parts"]["idf.npy"].update(bytes=-5), r"idf\.npy"),
        (lambda m: m.pop("name"), "name"),
        (lambda m: m.update(version=3), "version"),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(
    folder: Path, change: Callable[[dict[str, Any]], object], said: str
) -> None:
    edit_manifest(folder, change)
    with pytest.raises(BundleError, match=said) as error:
        load_model(folder)
    assert str(folder) in str(error.value)


@given(st.data())
def test_no_array_file_whatever_does_more_than_be_refused(small_model: Model, data: st.DataObject) -> None:
    """Changed anywhere, above all in its header, a part loads as a plain array or is refused."""
    buffer = io.BytesIO()
    np.save(buffer, bundle._arrays(small_model)["letters"], allow_pickle=False)
    content = bytearray(buffer.getvalue())
    for at in data.draw(st.lists(st.integers(0, 130), max_size=4)):
        content[at] = data.draw(st.integers(0, 255))
    with contextlib.suppress(BundleError):
        array = read_array(Path("folder"), "letters", {"letters.npy": bytes(content)}, "float64", 2)
        assert (array.dtype, array.ndim) == (np.float64, 2)


@pytest.mark.parametrize("shape", ["(10, 999999999999999)", f"(10, {10**30})", "(-1, 2)", "(2.5, 2)", "'x'"])
def test_a_header_that_promises_what_cannot_be_is_refused(folder: Path, shape: str) -> None:
    content = (folder / "letters.npy").read_bytes()
    header, data = content[:128], content[128:]
    spoilt = header.replace(b"(10, 2)", shape.encode())[10:].rstrip() + b"\n"
    put(folder, "letters.npy", header[:8] + len(spoilt).to_bytes(2, "little") + spoilt + data)
    with pytest.raises(BundleError, match=r"letters\.npy"):
        load_model(folder)


def test_an_archive_of_arrays_is_refused(folder: Path) -> None:
    np.savez(folder / "spoilt.npz", a=np.zeros(3))
    put(folder, "idf.npy", (folder / "spoilt.npz").read_bytes())
    with pytest.raises(BundleError, match=r"idf\.npy"):
        load_model(folder)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", ["scales", "biases", "idf", "letters", "share_thresholds"])
def test_a_value_that_is_no_number_is_refused(
    small_model: Model, folder: Path, name: str, value: float
) -> None:
    array = bundle._arrays(small_model)[name].copy()
    array.flat[-1] = value
    put_array(folder, f"{name}.npy", array)
    with pytest.raises(BundleError, match=rf"{name}\.npy holds values that are no numbers"):
        load_model(folder)


@pytest.mark.parametrize("name", [name[:-4] for name in PARTS if name.endswith(".npy")])
def test_a_wrong_shape_is_refused(small_model: Model, folder: Path, name: str) -> None:
    array = bundle._arrays(small_model)[name]
    put_array(folder, f"{name}.npy", array[:-1])
    with pytest.raises(BundleError, match=rf"{name}\.npy has the shape .* expected"):
        load_model(folder)
    put_array(folder, f"{name}.npy", array[..., None])
    with pytest.raises(BundleError, match=rf"{name}\.npy is .* dimensions"):
        load_model(folder)


@pytest.mark.parametrize("name", [name[:-4] for name in PARTS if name.endswith(".npy")])
def test_another_type_of_number_is_refused(small_model: Model, folder: Path, name: str) -> None:
    array = bundle._arrays(small_model)[name]
    put_array(folder, f"{name}.npy", array.astype("float16"))
    with pytest.raises(BundleError, match=rf"{name}\.npy is float16"):
        load_model(folder)


@pytest.mark.parametrize("name", VOCABULARIES)
def test_a_vocabulary_that_does_not_fit_is_refused(folder: Path, name: str) -> None:
    content = (folder / name).read_bytes()
    put(folder, name, content + "\n多余".encode())
    with pytest.raises(BundleError, match=r"idf\.npy has the shape"):
        load_model(folder)
    put(folder, name, b"\xff" + content)
    with pytest.raises(BundleError, match=f"{re.escape(name)} is not UTF-8"):
        load_model(folder)


@pytest.mark.parametrize("name", VOCABULARIES)
def test_a_vocabulary_with_a_doubled_entry_is_refused(folder: Path, name: str) -> None:
    keys = (folder / name).read_bytes().split(b"\n")
    for doubled in ([keys[1], *keys[1:]], [*keys[:-1], keys[0]]):
        put(folder, name, b"\n".join(doubled))
        with pytest.raises(BundleError, match=f"{re.escape(name)} has an entry twice"):
            load_model(folder)


def test_a_vocabulary_may_be_in_any_order(folder: Path) -> None:
    keys = (folder / "words.txt").read_bytes().split(b"\n")[::-1]
    put(folder, "words.txt", b"\n".join(keys))
    assert load_model(folder).space.words == [key.decode() for key in keys]


def test_saving_puts_the_new_bundle_in_the_place_of_the_old(small_model: Model, folder: Path) -> None:
    (folder / "stale").write_text("old", encoding="utf-8")
    save(small_model, folder, "new card")
    assert (folder / CARD).read_text(encoding="utf-8") == "new card"
    assert not (folder / "stale").exists()
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_a_save_that_fails_leaves_the_old_bundle(
    small_model: Model, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    write, written = Path.write_bytes, []

    def full(self: Path, content: bytes) -> int:
        if len(written) == 3:
            raise OSError(28, "No space left on device")
        written.append(self)
        return write(self, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(BundleError, match=r"cannot be written to .*: No space left on device"):
        save(small_model, folder, "new card")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_a_bundle_that_cannot_take_its_place_leaves_the_old_one(
    small_model: Model, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    rename = Path.rename

    def stuck(self: Path, target: Path) -> Path:
        if self.name.endswith(".part"):
            raise OSError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(atomic, "_exchanged", lambda *folders: False)
    monkeypatch.setattr(Path, "rename", stuck)
    with pytest.raises(BundleError, match="cannot be written"):
        save(small_model, folder, "new card")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_a_place_that_cannot_be_written_is_named(small_model: Model, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(BundleError, match="the bundle cannot be written to"):
        save(small_model, tmp_path / "file" / "bundle", "card")


def test_loading_opens_nothing_but_the_bundle_and_unpickles_nothing(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> object:
        raise AssertionError("a pickle was read")

    for name in ("load", "loads", "Unpickler"):
        monkeypatch.setattr(pickle, name, refuse)
    assert load(saved).tag_units(["坚决整治推诿扯皮。"])[0].status == "labelled"


# ------------------------------------------------------------------------- a codebook of one's own

TOOLS = Path(__file__).parent / "data" / "policy_tools.toml"


@pytest.fixture
def own(tools_model: Model, tmp_path: Path) -> Path:
    save(tools_model, tmp_path / "own", "# 说明\n")
    return tmp_path / "own"


def test_a_bundle_carries_a_codebook_of_ones_own(tools_model: Model, own: Path) -> None:
    manifest = json.loads((own / MANIFEST).read_text(encoding="utf-8"))
    assert manifest["format"] == OWN_CODEBOOK == 3
    assert set(manifest["parts"]) == {*PARTS, CODEBOOK}
    assert (own / CODEBOOK).read_bytes() == TOOLS.read_bytes()
    loaded = load_model(own)
    assert loaded.codebook.fingerprint == tools_model.codebook.fingerprint
    assert loaded.outputs.names == ("S", "D", "E", "S0", "D0", "E0")
    texts = ["县财政安排专项资金，新建一批充电桩。", "对小微企业减免增值税。"]
    assert Tagger(loaded).tag_units(texts) == Tagger(load_model(own)).tag_units(texts)
    assert np.array_equal(Tagger(loaded).probabilities(texts), Tagger(tools_model).probabilities(texts))


def test_saving_it_again_gives_the_same_bytes(own: Path, tmp_path: Path) -> None:
    save(load_model(own), tmp_path / "again", "# 说明\n")
    for path in own.iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes(), path.name


def test_the_codebook_is_read_without_the_model(own: Path, saved: Path) -> None:
    (own / "weights.npy").unlink()
    assert codebook_of(own).letters == ("S", "D", "E")
    assert codebook_of(saved) is codebook_of(None) is BOOK
    with pytest.raises(BundleError, match="is no model bundle"):
        codebook_of(own / "none")


def test_a_changed_codebook_is_named_with_both_hashes(own: Path) -> None:
    text = (own / CODEBOOK).read_text(encoding="utf-8")
    (own / CODEBOOK).write_text(text.replace("供给型", "给予型"), encoding="utf-8")
    for read in (load_model, codebook_of):
        with pytest.raises(BundleError, match=r"the part codebook\.toml has changed: SHA-256"):
            read(own)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"version = ", "the part codebook.toml is no codebook"),
        (b"\xff\xfe", "the part codebook.toml is no codebook"),
        (b"a = " + b"[" * 5_000, "the part codebook.toml is no codebook"),
        (TOOLS.read_bytes().replace(b'"E"', b'"F"'), "was made with letters"),
        (TOOLS.read_bytes().replace(b"tools-1", b"tools-2"), "was made with codebook version"),
    ],
)
def test_a_codebook_that_does_not_fit_is_refused(own: Path, content: bytes, said: str) -> None:
    put(own, CODEBOOK, content)
    with pytest.raises(BundleError, match=said) as raised:
        load_model(own)
    assert "\n" not in str(raised.value)


def test_formats_and_parts_must_agree(own: Path, folder: Path) -> None:
    edit_manifest(own, lambda manifest: manifest.update(format=2))
    edit_manifest(folder, lambda manifest: manifest.update(format=3))
    for bundle_folder in (own, folder):
        with pytest.raises(BundleError, match="does not list the parts of a bundle"):
            load_model(bundle_folder)


def test_a_codebook_without_its_text_cannot_go_into_a_bundle(tools_model: Model, tmp_path: Path) -> None:
    bare = dataclasses.replace(tools_model, codebook=Codebook(tools_model.codebook.contents))
    with pytest.raises(BundleError, match="was not read from TOML"):
        save(bare, tmp_path / "bare", "# 说明\n")
    assert not (tmp_path / "bare").exists()
