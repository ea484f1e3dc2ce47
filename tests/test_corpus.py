"""The shipped corpus, its labels without text, and the counts over coded units."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.coding import corpus as corpus_module
from wuxing_nlp.coding.corpus import Corpus, default_root, export_labels, statistics
from wuxing_nlp.coding.files import problems, read_units, write_jsonl
from wuxing_nlp.coding.units import SELECTED, CodedUnit
from wuxing_nlp.errors import CorpusError

SHARED = Path(__file__).resolve().parents[2] / "shared" / "corpora"
KINDS = {
    "circular",
    "complaint",
    "notice",
    "plan",
    "policy_address",
    "self_criticism",
    "work_report",
    "article",
    "petition",
    "state_report",
}
LABEL_FIELDS = {"id", "sha1", "codes", "kind", "source", "path", "document", "fold", "sample", "length"}


@pytest.fixture(scope="module")
def shipped() -> Corpus:
    return Corpus(default_root())


@pytest.fixture(scope="module")
def authored(shipped: Corpus) -> list[CodedUnit]:
    return shipped.authored()


def test_every_authored_line_is_a_coded_unit(shipped: Corpus) -> None:
    assert [str(problem) for problem in problems(shipped.root / "authored")] == []


def test_there_are_enough_authored_units_of_every_kind(authored: list[CodedUnit]) -> None:
    assert len(authored) >= 1500
    assert {unit.kind for unit in authored} == KINDS


def test_every_base_code_is_authored_at_least_25_times(authored: list[CodedUnit]) -> None:
    counts = statistics(authored).by_code
    assert len(counts) == 30
    assert {code: count for code, count in counts.items() if count < 25} == {}


def test_both_scripts_are_authored(authored: list[CodedUnit]) -> None:
    scripts = statistics(authored).by_script
    assert scripts["simplified"] > 100
    assert scripts["traditional"] > 100


def test_no_two_authored_texts_are_equal(authored: list[CodedUnit]) -> None:
    twice = [text for text, count in Counter(unit.text for unit in authored).items() if count > 1]
    assert twice == []


def test_the_shipped_labels_are_valid(shipped: Corpus) -> None:
    labels = shipped.labels()
    assert len(labels) == 15_408
    assert len({label.id for label in labels}) == len(labels)
    assert {label.fold for label in labels} == {0, 1, 2, 3, 4}
    folds: dict[str, set[int | None]] = {}
    for label in labels:
        folds.setdefault(label.document, set()).add(label.fold)
    assert all(len(fold) == 1 for fold in folds.values())


def test_the_shipped_labels_hold_no_text(shipped: Corpus) -> None:
    with shipped.labels_path.open(encoding="utf-8") as stream:
        assert all(set(json.loads(line)) == LABEL_FIELDS for line in stream)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder with the real text is not here")
def test_the_shipped_labels_are_the_codings_of_the_real_units(shipped: Corpus, tmp_path: Path) -> None:
    export_labels(read_units(SHARED / "units.jsonl"), tmp_path / "labels.jsonl")
    assert (tmp_path / "labels.jsonl").read_bytes() == shipped.labels_path.read_bytes()


@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder with the real text is not here")
def test_no_authored_text_is_one_of_the_real_ones(authored: list[CodedUnit], shipped: Corpus) -> None:
    real = {label.sha1 for label in shipped.labels()}
    assert [unit.text for unit in authored if unit.sha1 in real] == []


def test_labels_are_exported_without_text_and_read_again(tmp_path: Path) -> None:
    unit = CodedUnit("u", "码头夜里也有人值守。", ("Z1", "J-"), "plan", "d", "o/n", "p.txt", None, "random")
    corpus = Corpus(tmp_path)
    export_labels([unit], corpus.labels_path)
    assert "码头" not in corpus.labels_path.read_text(encoding="utf-8")
    [label] = corpus.labels()
    assert label.with_text(unit.text) == unit


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"codes": ["Q1"]}, "unknown code 'Q1'"),
        ({"sha1": "x"}, "40 hexadecimal"),
        ({"length": "9"}, "the field 'length' holds '9'"),
        ({"length": True}, "the field 'length' holds True"),
        ({"source": None}, "the field 'source' holds None"),
    ],
)
def test_a_bad_label_names_file_and_line(tmp_path: Path, change: dict[str, object], message: str) -> None:
    corpus = Corpus(tmp_path)
    export_labels([CodedUnit("u", "码头夜里也有人值守。", (), "plan", "d")], corpus.labels_path)
    row = json.loads(corpus.labels_path.read_text(encoding="utf-8"))
    corpus.labels_path.write_text("\n" + json.dumps(row | change), encoding="utf-8")
    with pytest.raises(CorpusError, match=f"labels.jsonl, line 2: .*{message}"):
        corpus.labels()


def test_doubled_and_missing_labels(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    with pytest.raises(CorpusError, match=r"labels\.jsonl does not exist"):
        corpus.labels()
    unit = CodedUnit("u", "码头夜里也有人值守。", (), "plan", "d")
    export_labels([unit, unit], corpus.labels_path)
    with pytest.raises(CorpusError, match="line 2: the sha1 of u again"):
        corpus.labels()


def test_real_units_have_to_be_fetched_first(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    with pytest.raises(CorpusError, match="wuxing corpus fetch"):
        corpus.real()
    unit = CodedUnit("u", "码头夜里也有人值守。", (), "plan", "d")
    write_jsonl([unit], corpus.real_path)
    assert corpus.real() == [unit]


def test_an_installed_package_without_repository_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        corpus_module, "__file__", str(tmp_path / "site" / "wuxing_nlp" / "coding" / "corpus.py")
    )
    with pytest.raises(CorpusError, match="part of the repository"):
        default_root()


def test_statistics_count_base_codes_letters_kinds_and_scripts() -> None:
    units = [
        CodedUnit("1", "我们整治了推诿。", ("P!-", "D2"), "plan", "a"),
        CodedUnit("2", "碼頭夜裡也有人值守。", (), "plan", "a"),
        CodedUnit("3", "2024", ("D3",), "notice", "b"),
    ]
    counts = statistics(iter(units))
    assert (counts.units, counts.documents, counts.without_code) == (3, 2, 1)
    assert counts.mean_length == pytest.approx((8 + 10 + 4) / 3)
    assert {code: n for code, n in counts.by_code.items() if n} == {"P!": 1, "P-": 1, "D2": 1, "D3": 1}
    assert {letter: n for letter, n in counts.by_letter.items() if n} == {"D": 2, "P": 1}
    assert tuple(counts.by_code) == tuple(load_codebook().codes)
    assert counts.by_kind == {"plan": 2, "notice": 1}
    assert counts.by_script == {"simplified": 1, "traditional": 1, "neutral": 1}


def test_statistics_of_nothing() -> None:
    counts = statistics([])
    assert (counts.units, counts.mean_length, sum(counts.by_code.values())) == (0, 0.0, 0)


def test_selected_units_are_other_units_of_the_same_folds(shipped: Corpus) -> None:
    selected, labels = shipped.selected(), shipped.labels()
    assert selected
    assert {label.sample for label in selected} == {SELECTED}
    assert not {label.sha1 for label in selected} & {label.sha1 for label in labels}
    folds = {label.document: label.fold for label in labels}
    assert all(folds.get(label.document, label.fold) == label.fold for label in selected)
    assert {label.fold for label in selected} == set(range(5))


def test_a_corpus_without_selected_units_has_none(tmp_path: Path) -> None:
    assert Corpus(tmp_path).selected() == []
