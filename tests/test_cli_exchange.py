"""``wuxing corpus export`` and ``import``, as a user calls them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.coding import CodedUnit, read_units, write_jsonl
from wuxing_nlp.model.tagger import Tagger

Wuxing = Callable[..., tuple[int, str, str]]

TOOLS = Path(__file__).parent / "data" / "policy_tools.toml"
UNITS = [
    CodedUnit("R1", "坚决整治推诿扯皮。", ("P-",), "notice", "d1", "o/n", "a.txt", 0, "random"),
    CodedUnit("R2", "第三中学操场于八月底完工。", (), "notice", "d1"),
]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "units.jsonl"
    write_jsonl(UNITS, path)
    return path


@pytest.mark.parametrize("form", ["doccano", "label-studio", "csv", "xlsx"])
def test_there_and_back(form: str, wuxing: Wuxing, source: Path, tmp_path: Path) -> None:
    code, out, err = wuxing("corpus", "export", form, source, tmp_path / "out" / "a.out")
    assert (code, err) == (0, "")
    assert out.startswith(f"2 units written to {tmp_path / 'out' / 'a.out'}")
    code, out, err = wuxing("corpus", "import", form, tmp_path / "out" / "a.out", tmp_path / "back.jsonl")
    assert (code, out, err) == (0, f"2 units written to {tmp_path / 'back.jsonl'}\n", "")
    assert read_units(tmp_path / "back.jsonl") == UNITS


@pytest.mark.parametrize("form", ["doccano", "label-studio", "csv", "xlsx"])
def test_labels_of_a_codebook_of_ones_own_there_and_back(form: str, wuxing: Wuxing, tmp_path: Path) -> None:
    own, out, back = TOOLS.with_suffix(".csv"), tmp_path / "a.out", tmp_path / "back.jsonl"
    units = read_units(own, load_codebook(TOOLS))
    code, _, err = wuxing("corpus", "export", form, own, out, "--codebook", TOOLS)
    assert (code, err) == (0, "")
    code, said, err = wuxing("corpus", "import", form, out, back, "--codebook", TOOLS)
    assert (code, said, err) == (0, f"{len(units)} units written to {back}\n", "")
    assert read_units(back, load_codebook(TOOLS)) == units
    back.unlink()
    code, _, err = wuxing("corpus", "import", form, out, back)
    assert (code, back.exists()) == (1, False)
    assert "S0" in err or "no column for the labels Z0" in err


def test_a_model_of_other_labels_suggests_nothing(wuxing: Wuxing, tmp_path: Path, small_bundle: Path) -> None:
    own, out = TOOLS.with_suffix(".csv"), tmp_path / "a.out"
    options = ["--codebook", TOOLS, "--suggest", "--model", small_bundle]
    code, said, err = wuxing("corpus", "export", "doccano", own, out, *options)
    assert (code, said, out.exists()) == (1, "", False)
    assert "has other labels than the codebook tools-1 of the units" in err


def test_suggestions_are_those_of_the_model(
    wuxing: Wuxing, source: Path, tmp_path: Path, small_bundle: Path
) -> None:
    path = tmp_path / "a.json"
    code, _, err = wuxing(
        "corpus", "export", "label-studio", source, path, "--suggest", "--model", small_bundle
    )
    assert (code, err) == (0, "")
    predictions = [task["predictions"][0] for task in json.loads(path.read_text(encoding="utf-8"))]
    assert all(prediction["model_version"].startswith("wuxing-small 0") for prediction in predictions)


def test_suggestions_of_the_shipped_model(
    wuxing: Wuxing, source: Path, tmp_path: Path, tagger: Tagger
) -> None:
    assert wuxing("corpus", "export", "doccano", source, tmp_path / "a.jsonl", "--suggest")[0] == 0
    rows = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()]
    expected = [list(codes) or ["0"] for codes in tagger.code_units([unit.text for unit in UNITS])]
    assert [row["label"] for row in rows] == expected


def test_coders_are_led_only_where_that_is_asked_for(wuxing: Wuxing, source: Path, tmp_path: Path) -> None:
    assert wuxing("corpus", "export", "label-studio", source, tmp_path / "a.json", "--blank")[0] == 0
    assert [set(task) for task in json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))] == [
        {"data"}
    ] * 2
    assert "They lead" in " ".join(wuxing("corpus", "export", "--help")[1].split())
    code, _, err = wuxing("corpus", "export", "csv", source, tmp_path / "b.csv", "--blank", "--suggest")
    assert (code, (tmp_path / "b.csv").exists()) == (2, False)
    assert "choose one" in err


def test_the_units_are_not_written_over(wuxing: Wuxing, source: Path, tmp_path: Path) -> None:
    before = source.read_bytes()
    code, out, err = wuxing("corpus", "export", "doccano", source, source)
    assert (code, out) == (1, "")
    assert err == f"wuxing: {source} is where the units are read from; give another file\n"
    assert source.read_bytes() == before


def test_several_coders_and_what_was_left_out(wuxing: Wuxing, tmp_path: Path) -> None:
    def coded(by: int, code: str) -> dict[str, object]:
        return {"completed_by": by, "result": [{"type": "choices", "value": {"choices": [code]}}]}

    tasks = [
        {
            "id": 1,
            "data": {"text": "坚决整治推诿扯皮。"},
            "annotations": [coded(3, "怕·整治"), coded(4, "0")],
        },
        {"id": 2, "data": {"text": "码头在修。"}, "annotations": []},
    ]
    (tmp_path / "a.json").write_text(json.dumps(tasks), encoding="utf-8")
    code, out, err = wuxing("corpus", "import", "label-studio", tmp_path / "a.json", tmp_path / "coders")
    assert (code, err) == (0, "left out: 1 not coded\n")
    assert out.splitlines() == [
        f"1 units by {coder} written to {tmp_path / 'coders' / f'{coder}.jsonl'}" for coder in "34"
    ]
    assert [unit.codes for unit in read_units(tmp_path / "coders")] == [("P-",), ()]


def test_every_flaw_is_one_line_and_nothing_is_written(wuxing: Wuxing, tmp_path: Path) -> None:
    rows = [{"id": at, "text": f"第{at}句", "label": [f"Q{at}"]} for at in (1, 2)]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    code, out, err = wuxing("corpus", "import", "doccano", tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    assert (code, out, (tmp_path / "b.jsonl").exists()) == (1, "", False)
    assert [line.partition(" is no code")[0] for line in err.splitlines()] == [
        f"wuxing: {tmp_path / 'a.jsonl'}, line {at}: the label 'Q{at}'" for at in (1, 2)
    ]


def test_confirmed_examples_without_labels_carry_none(wuxing: Wuxing, tmp_path: Path) -> None:
    row = {"id": 1, "text": "码头在修。", "label": []}
    (tmp_path / "a.jsonl").write_text(json.dumps(row), encoding="utf-8")
    arguments = ("corpus", "import", "doccano", tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    code, _, err = wuxing(*arguments)
    assert (code, err) == (
        1,
        f"wuxing: {tmp_path / 'a.jsonl'} holds no coding (1 not coded); nothing to import\n",
    )
    assert wuxing(*arguments, "--confirmed")[0] == 0
    assert [unit.codes for unit in read_units(tmp_path / "b.jsonl")] == [()]


def test_a_blank_sheet_is_never_written_over(wuxing: Wuxing, tmp_path: Path) -> None:
    source, sheet = tmp_path / "units.tsv", tmp_path / "blank.csv"
    source.write_text("document\tcodes\ttext\n1\tD1\t遇到难题不绕道。\n", encoding="utf-8")
    assert wuxing("corpus", "export", "csv", source, sheet, "--blank")[0] == 0
    before = sheet.read_bytes()
    code, _, error = wuxing("corpus", "export", "csv", source, sheet, "--blank")
    assert code == 1
    assert "may hold codings" in error
    assert sheet.read_bytes() == before
