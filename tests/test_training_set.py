"""Coded units made ready to learn from, and the uncoded ones that lend their frequencies."""

from __future__ import annotations

import dataclasses
import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.coding import SELECTED, CodedUnit
from wuxing_nlp.errors import TrainingError
from wuxing_nlp.model.outputs import Outputs
from wuxing_nlp.model.training_set import SHORTEST_BACKGROUND, TrainingSet, background_units

BOOK = load_codebook()
OUTPUTS = Outputs.of(BOOK)
_PACKED = gzip.compress(b'{"text": "a"}\n' * 100, mtime=0)


def unit(text: str, codes: str = "", document: str = "authored:plan:one", number: int = 0) -> CodedUnit:
    return CodedUnit(str(number), text, BOOK.parse(codes), "plan", document)


UNITS = [
    unit("坚决整治推诿扯皮。", "P-"),
    unit("集中整治慢作為，縣級幹部帶頭。", "M-", "0123456789ab"),
    unit("今年小麦播种面积与上年持平。", "", "0123456789ab"),
]


def lines(path: Path, *rows: object) -> Path:
    content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    if path.suffix == ".gz":
        with gzip.open(path, "wt", encoding="utf-8") as stream:
            stream.write(content)
    else:
        path.write_text(content, encoding="utf-8")
    return path


def test_units_are_normalised_and_cut() -> None:
    data = TrainingSet.of(BOOK, UNITS)
    assert data.texts[1] == "集中整治慢作为，县级干部带头。"
    assert ["".join(words) for words in data.words] == list(data.texts)
    assert "慢作为" in data.words[1]
    assert list(data.pairs()) == list(zip(data.texts, data.words, strict=True))


def test_truth_has_the_columns_of_the_outputs() -> None:
    data = TrainingSet.of(BOOK, UNITS)
    assert data.truth.shape == (3, len(OUTPUTS))
    found = [{n for n, f in zip(OUTPUTS.names, row, strict=True) if f} for row in data.truth]
    assert found == [{"P", "P-", "-"}, {"M", "M-", "-"}, set()]


def test_a_unit_written_for_the_project_is_not_real() -> None:
    data = TrainingSet.of(BOOK, UNITS)
    assert data.real.tolist() == [False, True, True]
    assert data.documents == ["authored:plan:one", "0123456789ab", "0123456789ab"]


def test_what_a_model_selected_is_not_measured() -> None:
    selected = dataclasses.replace(UNITS[1], sample=SELECTED)
    assert TrainingSet.of(BOOK, UNITS).measured.tolist() == [False, True, True]
    assert TrainingSet.of(BOOK, [UNITS[0], selected, UNITS[2]]).measured.tolist() == [False, False, True]


def test_a_corpus_without_real_units_is_measured_on_all() -> None:
    assert TrainingSet.of(BOOK, UNITS[:1]).measured.tolist() == [True]


def test_taking_keeps_every_field_together() -> None:
    taken = TrainingSet.of(BOOK, UNITS).take(np.array([True, False, True]))
    alone = TrainingSet.of(BOOK, [UNITS[0], UNITS[2]])
    assert (list(taken.units), list(taken.texts), list(taken.words)) == (
        list(alone.units),
        list(alone.texts),
        list(alone.words),
    )
    assert np.array_equal(taken.truth, alone.truth)
    assert np.array_equal(taken.real, alone.real)


def test_no_unit_at_all_is_refused() -> None:
    with pytest.raises(TrainingError, match="no coded unit"):
        TrainingSet.of(BOOK, [])


@pytest.mark.parametrize("name", ["some.jsonl", "some.jsonl.gz"])
def test_background_units_are_cut_and_come_once(tmp_path: Path, name: str) -> None:
    first = "要把作風建設抓在經常。要把作風建設抓在經常。\n目录\n一、总体要求……3\n坚持问题导向推进改革。"
    path = lines(tmp_path / name, {"text": first}, {"text": "坚持问题导向推进改革。\n", "title": "二"})
    found = list(background_units(path))
    assert [text for text, _ in found] == ["要把作风建设抓在经常。", "坚持问题导向推进改革。"]
    assert all("".join(words) == text for text, words in found)


def test_a_short_piece_lends_no_frequency(tmp_path: Path) -> None:
    longest_left_out = "抓" * (SHORTEST_BACKGROUND - 2) + "。"
    path = lines(tmp_path / "b.jsonl", {"text": f"{longest_left_out}\n抓{longest_left_out}"})
    assert [text for text, _ in background_units(path)] == [f"抓{longest_left_out}"]


@pytest.mark.parametrize("row", [["text"], {"title": "无正文"}, {"text": 3}, "text"])
def test_a_line_without_a_text_is_named(tmp_path: Path, row: object) -> None:
    path = lines(tmp_path / "b.jsonl", {"text": "坚持问题导向推进改革。"}, row)
    with pytest.raises(TrainingError, match=r"b\.jsonl, line 2: a document with a string 'text'"):
        list(background_units(path))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("missing.jsonl", None),
        ("broken.jsonl", b"{\n"),
        ("latin.jsonl", b"\xff\xfe\xfd"),
        ("plain.jsonl.gz", b"{}\n"),
        ("cut.jsonl.gz", _PACKED[:30]),
        ("damaged.jsonl.gz", _PACKED[:15] + b"\xff" * 10 + _PACKED[25:]),
    ],
    ids=["missing", "broken", "not UTF-8", "not packed", "cut off", "damaged"],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(TrainingError, match=name):
        list(background_units(tmp_path / name))
