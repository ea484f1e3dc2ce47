"""Tables of another system's codes."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.codebook.columns import label_name
from wuxing_nlp.coding import CodedUnit
from wuxing_nlp.coding.predicted import Predicted, read_predictions
from wuxing_nlp.errors import DocumentError

BOOK = load_codebook()
TOOLS = load_codebook(Path(__file__).parent / "data" / "policy_tools.toml")
UNITS = [
    CodedUnit("1", "窗口办件慢，群众有怨言。", ("M!",), "other", "甲"),
    CodedUnit("2", "=干部带头学理论。", ("Z2",), "other", "甲"),
]
P = [f"p_{label_name(label, BOOK)}" for label in (*BOOK.letters, *BOOK.codes)]


def write(path: Path, *rows: Mapping[str, object]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def row(unit: CodedUnit, codes: str, likely: Sequence[object] = ()) -> dict[str, object]:
    return {"text": unit.text, "codes": codes, **dict(zip(P, likely, strict=False))}


def errors_of(found: Predicted) -> list[tuple[int, str]]:
    return [(error.line, error.what) for error in found.errors]


def test_units_are_found_by_their_text_in_any_order(tmp_path: Path) -> None:
    others = {"text": "新桥通车。", "codes": "X9"}
    spaced = {"text": "窗口办件慢，群众有怨言。 ", "codes": "M!、P-"}
    path = write(tmp_path / "p.csv", row(UNITS[1], "0") | {"text": "'" + UNITS[1].text}, others, spaced)
    found = read_predictions(path, UNITS, BOOK)
    assert found.errors == []
    assert [prediction.codes for prediction in found.predictions] == [("M!", "P-"), ()]
    assert [prediction.probabilities for prediction in found.predictions] == [None, None]


def test_units_that_differ_in_white_space_alone_are_told_apart(tmp_path: Path) -> None:
    pair = [
        CodedUnit(str(at), text, (), "other", "甲") for at, text in enumerate(["一 办件慢。", "一  办件慢。"])
    ]
    for order in (1, -1):
        path = write(
            tmp_path / "p.csv",
            *[row(unit, codes) for unit, codes in zip(pair, ("M!", "0"), strict=True)][::order],
        )
        found = read_predictions(path, pair, BOOK)
        assert found.errors == []
        assert [prediction.codes for prediction in found.predictions] == [("M!",), ()]


def test_without_texts_they_are_found_by_id(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    lines = [{"id": "2", "codes": ["Z2"]}, {"id": "1", "codes": []}]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert [p.codes for p in read_predictions(path, UNITS, BOOK).predictions] == [(), ("Z2",)]


def test_probabilities_of_every_label(tmp_path: Path) -> None:
    likely = [round(at / 100, 2) for at in range(len(P))]
    path = write(tmp_path / "p.csv", row(UNITS[0], "M!", likely), row(UNITS[1], "0", [""] * len(P)))
    first, second = read_predictions(path, UNITS, BOOK).predictions
    assert first.probabilities == tuple(likely)
    assert second.probabilities == (0.0,) * len(P)


@pytest.mark.parametrize("order", [1, -1])
def test_a_row_that_was_judged_goes_before_one_that_was_not(tmp_path: Path, order: int) -> None:
    likely = [0.25] * len(P)
    pair = [row(UNITS[0], "0", [""] * len(P)), row(UNITS[0], "M!", likely)]
    path = write(tmp_path / "p.csv", *[*pair, pair[1], pair[0]][::order], row(UNITS[1], "0", likely))
    found = read_predictions(path, UNITS, BOOK)
    assert found.errors == []
    assert [prediction.codes for prediction in found.predictions] == [("M!",), ()]
    assert found.predictions[0].probabilities == tuple(likely)


def test_an_id_of_another_text_is_no_units(tmp_path: Path) -> None:
    rows = [
        {"id": "1", "text": "新桥通车。", "codes": "M!"},
        {"id": "9", "text": UNITS[1].text, "codes": "Z2"},
    ]
    found = read_predictions(write(tmp_path / "p.csv", *rows), UNITS, BOOK)
    assert "1 of 2 coded units have no row" in found.errors[0].what


def test_two_unjudged_rows_that_differ_are_told(tmp_path: Path) -> None:
    rows = [row(UNITS[0], codes, [""] * len(P)) for codes in ("M!", "Z2")]
    found = read_predictions(
        write(tmp_path / "p.csv", *rows, row(UNITS[1], "0", [0.5] * len(P))), UNITS, BOOK
    )
    assert [line for line, _ in errors_of(found)] == [3]


def test_a_codebook_of_ones_own(tmp_path: Path) -> None:
    unit = CodedUnit("1", "减免增值税。", ("E0",), "other", "甲", codebook=TOOLS)
    path = write(tmp_path / "p.csv", {"text": unit.text, "codes": "环境型"})
    assert read_predictions(path, [unit], TOOLS).predictions[0].codes == ("E0",)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"codes": "Q7"}, "unknown code 'Q7'; allowed are Z0"),
        ({"codes": ""}, "no codes are given; write 0 for a unit that carries none"),
        ({"p_Z": "1.2"}, "the column p_Z holds '1.2'; a probability from 0 to 1 is expected"),
        ({"p_Z": "nan"}, "the column p_Z holds 'nan'"),
        ({"p_P_exists": ""}, "the column p_P_exists holds ''"),
        ({"p_Z": "much"}, "the column p_Z holds 'much'"),
    ],
)
def test_what_is_wrong_with_a_row(tmp_path: Path, cells: dict[str, str], said: str) -> None:
    likely = [0.5] * len(P)
    path = write(tmp_path / "p.csv", row(UNITS[0], "0", likely), row(UNITS[1], "0", likely) | cells)
    [(line, what)] = errors_of(read_predictions(path, UNITS, BOOK))
    assert line == 3
    assert said in what


def test_all_errors_are_told_at_once(tmp_path: Path) -> None:
    rows = [row(UNITS[0], "Q7"), row(UNITS[0], "M!"), row(UNITS[0], "M!"), row(UNITS[0], "0")]
    lines = errors_of(read_predictions(write(tmp_path / "p.csv", *rows), UNITS, BOOK))
    assert [line for line, _ in lines] == [2, 5, 1]
    assert lines[1][1] == "another answer to 1 ('窗口办件慢，群众有怨言。'…) than above; keep one"
    assert lines[2][1] == "1 of 2 coded units have no row, the first is 2 ('=干部带头学理论。'…)"


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "p.csv", row(UNITS[0], "0", [0.5] * (len(P) - 2)))
    with pytest.raises(
        DocumentError, match="no column p_S_exists, p_S_tackled; give the probabilities of all"
    ):
        read_predictions(path, UNITS, BOOK)
    path = write(tmp_path / "p.csv", {"text": UNITS[0].text, "labels": "0"})
    with pytest.raises(DocumentError, match="there is no column 'codes'"):
        read_predictions(path, UNITS, BOOK)
    path = write(tmp_path / "p.csv", {"words": UNITS[0].text, "codes": "0"})
    with pytest.raises(DocumentError, match="there is no column 'id'"):
        read_predictions(path, UNITS, BOOK)
