"""One's own codings looked at before a model learns from them: every flaw, each in its place, at once."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.coding.checking import FEWEST_DOCUMENTS, FEWEST_UNITS, Checked, check_codings, check_units
from wuxing_nlp.errors import CorpusError

BOOK = load_codebook()
TOOLS = Path(__file__).parent / "data" / "policy_tools.toml"

NUMBERS = "一二三四五六七八九十"


def written(path: Path, rows: Sequence[Sequence[str]], header: str = "text,codes,document") -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header.split(","))
        writer.writerows(rows)
    return path


def sound() -> list[list[str]]:
    """Ten units with a P and ten without a label, of ten documents."""
    return [
        row
        for number in NUMBERS
        for row in (
            [f"第{number}科遇事推诿，谁也不肯拍板。", "P!", f"{number}号文"],
            [f"第{number}小学的操场铺好了。", "0", f"{number}号文"],
        )
    ]


def checked(tmp_path: Path, rows: Sequence[Sequence[str]], header: str = "text,codes,document") -> Checked:
    return check_codings(written(tmp_path / "own.csv", rows, header), BOOK)


def said(found: Sequence[object]) -> list[str]:
    return [str(problem).partition("own.csv, ")[2] for problem in found]


def test_sound_codings_have_no_error(tmp_path: Path) -> None:
    found = checked(tmp_path, sound())
    assert found.errors == []
    assert len(found.units) == len(sound())
    [absent] = said(found.warnings)
    assert absent.startswith("line 1: no unit carries Z C D F G M J Y S Z0 ")
    assert " P- " in absent
    assert " P! " not in absent


def test_all_errors_are_told_at_once_in_their_order(tmp_path: Path) -> None:
    rows = sound()
    rows[1][1] = "F9"
    rows += [["第一科遇事推诿，谁也不肯拍板。", "M!", "十一号文"], ["", "0", "十一号文"]]
    found = checked(tmp_path, rows)
    first, second, third = said(found.errors)
    assert first.startswith("line 3: unknown code 'F9'; allowed are Z0 ")
    assert second == "line 22: the same text is coded M! here, P! in line 2; decide on one"
    assert third == "line 23: the text is empty; a unit needs one"


def test_rows_without_codes_are_one_error_that_names_the_first(tmp_path: Path) -> None:
    rows = [*sound(), *(["第九码头修好了。", "", "甲"] for _ in range(7)), ["第十码头也修好了。", "F9", "甲"]]
    first, second = said(checked(tmp_path, rows).errors)
    assert first == (
        "line 22: in 7 rows (lines 22, 23, 24, 25, 26, …) no codes are given; write 0 for a unit that "
        "carries none"
    )
    assert second.startswith("line 29: unknown code 'F9'")
    [one] = said(checked(tmp_path, [*sound(), ["第九码头修好了。", " ", "甲"]]).errors)
    assert one == "line 22: no codes are given; write 0 for a unit that carries none"


def test_one_text_in_two_scripts_is_one_text(tmp_path: Path) -> None:
    rows = [*sound(), ["第二科遇事推諉，誰也不肯拍板。", "0", "另一文"]]
    [error] = said(checked(tmp_path, rows).errors)
    assert error == "line 22: the same text is coded 0 here, P! in line 4; decide on one"


def test_a_unit_that_stands_there_twice_is_taken_once(tmp_path: Path) -> None:
    rows = sound()
    found = checked(tmp_path, [*rows, rows[0]])
    assert found.errors == []
    assert len(found.units) == len(rows)
    assert said(found.warnings)[-1] == "line 22: the text and codes of line 2 again; left out here"


def test_rare_labels_are_warned_of_with_their_lines(tmp_path: Path) -> None:
    rows = [[text, codes if codes == "0" else "P!,S-", document] for text, codes, document in sound()]
    rows[0][1] = "P!"
    warnings = said(checked(tmp_path, rows).warnings)
    told = "stands on 9 of the units (lines 4, 6, 8, 10, 12, …); at least 10 are needed to learn it"
    for label in ("S 散", "S- 散·整治"):
        assert f"line 4: {label} {told}" in warnings
    assert not any(" P " in warning.partition("no unit carries")[0] for warning in warnings)


def test_a_label_on_every_unit_is_an_error(tmp_path: Path) -> None:
    rows = [row for row in sound() if row[1] != "0"]
    [error] = said(checked(tmp_path, rows).errors)
    assert error == "line 2: P 怕 stands on every unit; add units that do not carry it"


def test_too_little_to_learn_from(tmp_path: Path) -> None:
    few = said(checked(tmp_path, [[text, codes, "同一文"] for text, codes, _ in sound()]).errors)
    assert few == [f"line 1: 1 documents are too few: at least {FEWEST_DOCUMENTS} are needed"]
    rare = said(checked(tmp_path, sound()[2:]).errors)
    assert rare == [f"line 1: no letter stands on {FEWEST_UNITS} units: there is nothing to learn yet"]
    assert said(checked(tmp_path, []).errors) == ["line 1: no coded unit stands here"]


def test_what_cannot_be_learnt_from_can_be_measured_on(tmp_path: Path) -> None:
    rows = [["窗口关了门。", "P!", ""], ["窗口关了门。", "P!", ""], ["路通了。", "0", ""]]
    path = written(tmp_path / "own.csv", rows)
    found = check_units(path, BOOK)
    assert found.errors == []
    assert [unit.text for unit in found.units] == ["窗口关了门。", "路通了。"]
    assert said(found.warnings) == ["line 3: the text and codes of line 2 again; left out here"]
    assert len(check_codings(path, BOOK).errors) == 2
    path = written(tmp_path / "own.csv", [*rows, ["路通了。", "M!", ""], ["门开着。", "F9", ""]])
    doubled, unknown = said(check_units(path, BOOK).errors)
    assert doubled.startswith("line 5: the same text is coded M! here, 0 in line 4")
    assert unknown.startswith("line 6: unknown code 'F9'")
    assert said(check_units(written(tmp_path / "own.csv", []), BOOK).errors) == [
        "line 1: no coded unit stands here"
    ]


def test_units_without_documents_are_warned_of(tmp_path: Path) -> None:
    found = checked(tmp_path, [row[:2] for row in sound()], "text,codes")
    assert found.errors == []
    assert "line 1: no unit names its document: each counts as one of its own" in said(found.warnings)[0]


def test_an_id_twice_is_an_error(tmp_path: Path) -> None:
    rows = [[str(number), *row] for number, row in enumerate(sound())]
    rows[5][0] = "0"
    [error] = said(checked(tmp_path, rows, "id,text,codes,document").errors)
    assert error == "line 7: the id of line 2 again ('0'); ids must differ"


def test_a_flaw_between_files_of_a_folder_names_both(tmp_path: Path) -> None:
    written(tmp_path / "甲.csv", sound())
    text = sound()[0][0]
    written(tmp_path / "乙.csv", [[text, "0", "另一文"]])
    messages = [str(error) for error in check_codings(tmp_path, BOOK).errors]
    first, second = sorted([tmp_path / "甲.csv", tmp_path / "乙.csv"])
    assert any(message.startswith(f"{second}, line 2: the same text") for message in messages)
    assert any(f"in {first}, line 2" in message for message in messages)


def test_codings_of_a_codebook_of_ones_own(tmp_path: Path) -> None:
    """A type without measures may be called by name or letter; one warning tells of its one code."""
    tools = load_codebook(TOOLS)
    own = check_codings(TOOLS.with_suffix(".csv"), tools)
    assert (own.errors, own.warnings) == ([], [])
    assert {code for unit in own.units for code in unit.codes} == {"S0", "D0", "E0"}
    path = written(tmp_path / "own.csv", [["修一条路。", "供给型、P!", "甲"], ["修两条路。", "S，E0", "乙"]])
    found = check_codings(path, tools)
    assert "line 2: unknown code 'P!'; allowed are S0 D0 E0, or 0 for none" in said(found.errors)
    assert found.units[0].codes == ("E0", "S0")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="does not exist"):
        check_codings(tmp_path / "none.csv", BOOK)
