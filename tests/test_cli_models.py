"""``wuxing train``, ``wuxing evaluate`` and ``wuxing model show``, on a corpus that takes seconds."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import wuxing_nlp
from tests.lines import one_line
from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.coding import CodedUnit, Corpus, default_root, write_jsonl
from wuxing_nlp.model import bundle, card
from wuxing_nlp.model.baselines import DICTIONARY, learners
from wuxing_nlp.model.levers import WITHOUT
from wuxing_nlp.model.tagger import shipped_bundle

Wuxing = Callable[..., tuple[int, str, str]]

UNITS = 500
FOLDS = 2


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Authored units in the place of real ones (the text of real ones is not ours), with folds."""
    made = Corpus(tmp_path_factory.mktemp("corpus"))
    authored = Corpus(default_root()).authored()
    chosen = authored[:: len(authored) // UNITS]
    names = sorted({unit.document for unit in chosen})
    real = [
        CodedUnit(
            unit.id,
            unit.text,
            unit.codes,
            unit.kind,
            f"document-{names.index(unit.document)}",
            fold=names.index(unit.document) % FOLDS,
            sample="enriched",
        )
        for unit in chosen
    ]
    write_jsonl(real, made.real_path)
    (made.root / "authored").mkdir()
    (made.root / "authored" / "plan.tsv").write_text(
        "document\tcodes\ttext\n甲县方案\tD2\t肩膀就是用来挑担子的，硬骨头由干部先啃。\n", encoding="utf-8"
    )
    return made.root


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """Uncoded documents that lend their frequencies."""
    path = tmp_path / "documents.jsonl"
    texts = [sample.read_text(encoding="utf-8") for sample in (default_root() / "samples").iterdir()]
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    return path


def test_evaluate_then_train_a_model_that_tags(
    wuxing: Wuxing, corpus: Path, documents: Path, tmp_path: Path
) -> None:
    scores, out = tmp_path / "scores.json", tmp_path / "models" / "mine"
    given = ("--corpus", corpus, "--background", documents)

    code, printed, err = wuxing("evaluate", *given, "--json", scores)
    assert code == 0
    assert [line.split(":")[0] for line in err.splitlines()] == [f"fold {fold}" for fold in range(FOLDS)]
    measured = json.loads(scores.read_text(encoding="utf-8"))
    real = Corpus(corpus).real()
    assert measured["units"] == len(real)
    assert not {"baselines", "levers"} & measured.keys()
    assert f"{len(real):,} units of" in printed
    assert f"{measured['letters']['macro']['f1']:.3f}" in printed

    code, printed, err = wuxing("train", *given, "--scores", scores, "--out", out)
    assert (code, err) == (0, "")
    model = bundle.load_model(out)
    assert printed == f"{model.name} written to {out}\n"
    assert model.facts["scores"] == measured
    assert model.facts["training"]["real_units"] == len(real)
    assert model.facts["training"]["units"] == len(real) + 1
    assert model.facts["training"]["background_units"] > 100

    code, shown, _ = wuxing("model", "show", out)
    assert code == 0
    assert shown.startswith(model.name)
    assert f"macro-F1 {measured['letters']['macro']['f1']:.3f}" in shown
    code, page, _ = wuxing("model", "show", out, "--card")
    assert page == card.text(model.facts, load_codebook())

    code, printed, _ = wuxing("classify", default_root() / "samples", "--model", out, "--format", "jsonl")
    assert code == 0
    assert {json.loads(line)["model"] for line in printed.splitlines()} == {model.name}


def test_baselines_are_measured_on_the_same_units_where_they_are_asked_for(
    wuxing: Wuxing, corpus: Path, tmp_path: Path
) -> None:
    scores = tmp_path / "scores.json"
    code, printed, err = wuxing("evaluate", "--corpus", corpus, "--baselines", "--json", scores)
    assert code == 0
    names = list(learners(load_codebook()))
    folds = [f"fold {fold}" for fold in range(FOLDS)]
    assert [line.split(":")[0] for line in err.splitlines()[:FOLDS]] == folds
    assert err.splitlines()[FOLDS:] == [f"baseline: {name}" for name in names]

    measured = json.loads(scores.read_text(encoding="utf-8"))
    assert list(measured["baselines"]) == [DICTIONARY, *names]
    assert measured["baselines"][DICTIONARY]["letters"] == measured["dictionary"]
    for name, other in measured["baselines"].items():
        assert name.split()[0] in printed
        for label in (*load_codebook().letters, "micro"):
            assert other["letters"][label]["units"] == measured["letters"][label]["units"]
        for level, ours, theirs in (
            ("letters", measured["letters"]["macro"]["f1"], other["letters"]["macro"]["f1"]),
            ("measures", measured["measures_macro_f1"], other["measures_macro_f1"]),
        ):
            assert other["difference"][level]["macro_f1"] == pytest.approx(ours - theirs, abs=1.6e-4)


def test_levers_are_measured_where_they_are_asked_for(wuxing: Wuxing, corpus: Path, tmp_path: Path) -> None:
    scores = tmp_path / "scores.json"
    code, printed, err = wuxing("evaluate", "--corpus", corpus, "--levers", "--json", scores)
    assert code == 0
    said = [line.split(",")[0] for line in err.splitlines()[FOLDS:]]
    assert sorted(set(said)) == [f"levers: fold {fold}" for fold in range(FOLDS)]

    measured = json.loads(scores.read_text(encoding="utf-8"))
    assert list(measured["levers"]["without"]) == list(WITHOUT)
    # No unit of this corpus was selected, and no uncoded text was given.
    for absent in ("selected units", "uncoded text"):
        assert measured["levers"]["without"][absent] == measured["levers"]["whole"]
    assert measured["levers"]["learning_curve"][-1]["units"] == round(measured["units"] / FOLDS)
    assert "What each lever is worth" in printed
    assert f"{measured['levers']['whole']['macro_f1']:.3f}" in printed


def test_training_again_gives_the_same_bundle(wuxing: Wuxing, corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "mine"
    bundles = []
    for _ in range(2):
        code, _, err = wuxing("train", "--corpus", corpus, "--out", out, "--seed", 7)
        assert (code, err) == (0, "")
        bundles.append({path.name: path.read_bytes() for path in out.iterdir()})
    assert bundles[0] == bundles[1]
    model = bundle.load_model(out)
    assert model.facts["recipe"]["seed"] == 7
    assert "scores" not in model.facts
    assert "Not measured yet." in (out / bundle.CARD).read_text(encoding="utf-8")
    _, shown, _ = wuxing("model", "show", out)
    assert "not measured" in shown


def test_real_units_from_a_file_or_a_folder(wuxing: Wuxing, corpus: Path, tmp_path: Path) -> None:
    shutil.copytree(corpus / "authored", tmp_path / "authored")
    code, _, err = wuxing("train", "--corpus", tmp_path, "--out", tmp_path / "out")
    assert code == 1
    assert "units.jsonl is not there yet; run: wuxing corpus fetch" in one_line(err)
    for real in (corpus / "real", corpus / "real" / "units.jsonl"):
        code, out, _ = wuxing("train", "--corpus", tmp_path, "--real", real, "--out", tmp_path / "out")
        assert code == 0
        assert out.endswith(f"written to {tmp_path / 'out'}\n")


# ----------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize("place", [".", "folder", "file"])
def test_training_never_replaces_what_is_no_bundle(
    wuxing: Wuxing, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "thesis.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    code, out, err = wuxing("train", "--corpus", corpus, "--out", place)
    assert (code, out) == (1, "")
    assert one_line(err) == (
        f"wuxing: {place} exists and is no model bundle; name a new folder for the bundle\n"
    )
    assert (tmp_path / "folder" / "thesis.txt").read_text(encoding="utf-8") == "mine"
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read: No such file"),
        ("{", "does not hold figures of a model; write them with: wuxing evaluate --json"),
        ('{"letters": 1}', "does not hold figures of a model"),
        ("[]", "does not hold figures of a model"),
    ],
)
def test_scores_are_read_before_the_training(
    wuxing: Wuxing, tmp_path: Path, content: str | None, said: str
) -> None:
    if content is not None:
        (tmp_path / "scores.json").write_text(content, encoding="utf-8")
    # The corpus is not there: its error would come first if training were begun.
    given = ("--corpus", tmp_path / "gone", "--out", tmp_path / "out")
    code, _, err = wuxing("train", *given, "--scores", tmp_path / "scores.json")
    assert code == 1
    assert said in one_line(err)
    assert not (tmp_path / "out").exists()


def test_units_without_folds_cannot_be_evaluated(wuxing: Wuxing, corpus: Path, tmp_path: Path) -> None:
    unit = CodedUnit("U", "坚决整治推诿扯皮。", ("P-",), "notice", "d")
    for units in ([], [unit]):
        write_jsonl(units, tmp_path / "units.jsonl")
        code, _, err = wuxing("evaluate", "--corpus", corpus, "--real", tmp_path)
        assert code == 1
        assert "cross-validation needs real units in at least two folds" in one_line(err)


def test_too_little_to_learn_from(wuxing: Wuxing, corpus: Path, tmp_path: Path) -> None:
    write_jsonl([], tmp_path / "units.jsonl")
    code, _, err = wuxing("train", "--corpus", corpus, "--real", tmp_path, "--out", tmp_path / "out")
    assert code == 1
    assert "1 documents are too few: at least 5 are needed" in one_line(err)
    assert not (tmp_path / "out").exists()


def test_an_unknown_code_in_the_corpus(wuxing: Wuxing, corpus: Path, tmp_path: Path) -> None:
    lines = (corpus / "real" / "units.jsonl").read_text(encoding="utf-8").splitlines()
    row = json.loads(lines[4]) | {"codes": ["D9"]}
    lines[4] = json.dumps(row)
    (tmp_path / "units.jsonl").write_text("\n".join(lines), encoding="utf-8")
    for command in (("train", "--out", tmp_path / "out"), ("evaluate",)):
        code, _, err = wuxing(*command, "--corpus", corpus, "--real", tmp_path)
        assert code == 1
        assert one_line(err).startswith(f"wuxing: {tmp_path / 'units.jsonl'}, line 5: unknown code 'D9'; ")


@pytest.mark.parametrize("content", [None, '{"title": "no text"}\n', "no json\n"])
def test_a_background_that_cannot_be_read(
    wuxing: Wuxing, corpus: Path, tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "documents.jsonl"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    code, _, err = wuxing("train", "--corpus", corpus, "--background", path, "--out", tmp_path / "out")
    assert code == 1
    assert str(path) in one_line(err)


# ---------------------------------------------------------------------------------------- model show


def test_the_shipped_model_says_what_it_is(wuxing: Wuxing) -> None:
    code, out, err = wuxing("model", "show")
    assert (code, err) == (0, "")
    facts = bundle.load_model(shipped_bundle()).facts
    assert out.startswith(wuxing_nlp.load().model.name)
    assert "…" not in out
    squeezed = "".join(out.split())
    for identity in (facts["fingerprint"], facts["codebook"]["sha256"], *facts["rules"].values()):
        assert identity in squeezed
    assert all(f'"{name}":"{number}"' in squeezed for name, number in facts["versions"].items())
    assert f"macro-F1 {facts['scores']['letters']['macro']['f1']:.3f}" in out


def test_the_card_is_the_bundles_own(wuxing: Wuxing) -> None:
    code, out, _ = wuxing("model", "show", "--card")
    assert code == 0
    assert out == (shipped_bundle() / bundle.CARD).read_text(encoding="utf-8")


def test_a_bundle_with_a_changed_card_is_refused(wuxing: Wuxing, tmp_path: Path) -> None:
    shutil.copytree(shipped_bundle(), tmp_path / "mine")
    with (tmp_path / "mine" / bundle.CARD).open("a", encoding="utf-8") as stream:
        stream.write("F1 1.000\n")
    code, out, err = wuxing("model", "show", tmp_path / "mine", "--card")
    assert (code, out) == (1, "")
    assert "the part MODEL_CARD.md has changed: SHA-256 " in one_line(err)


def test_what_is_no_bundle(wuxing: Wuxing, tmp_path: Path) -> None:
    code, _, err = wuxing("model", "show", tmp_path / "gone")
    assert code == 1
    assert "gone is no model bundle: manifest.json cannot be read" in one_line(err)
    (tmp_path / "manifest.json").write_text("{", encoding="utf-8")
    code, _, err = wuxing("model", "show", tmp_path)
    assert code == 1
    assert "manifest.json is not JSON" in one_line(err)
