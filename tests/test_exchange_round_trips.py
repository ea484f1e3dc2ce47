"""What is exported comes back unchanged, in every format, whatever is in it and in whatever order."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.coding import CodedUnit, Corpus, default_root, read_units
from wuxing_nlp.coding.exchange import FORMATS, export_units, import_units, write_codings
from wuxing_nlp.errors import CorpusError

BOOK = load_codebook()
ANY = st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufffe\uffff")
LIVE = st.sampled_from(
    [
        "=1+1",
        "+甲",
        "-乙丙",
        "@SUM(A1)",
        "'=1",
        "''@x",
        "'",
        "\t=x",
        "\r\n二",
        "_x0041_",
        "12",
        "007",
        "-3",
        "1.0",
    ]
)
STRING = st.one_of(st.text(ANY, max_size=30), LIVE, st.builds(str.__add__, LIVE, st.text(ANY, max_size=10)))
NAMED = STRING.filter(str.strip)
UNIT = st.builds(
    CodedUnit,
    id=NAMED,
    text=NAMED,
    codes=st.lists(st.sampled_from([*BOOK.codes, "J!-"]), max_size=6).map(tuple),
    kind=STRING,
    document=NAMED,
    source=STRING,
    path=STRING,
    fold=st.none() | st.integers(-3, 10**9),
    sample=STRING,
)
UNITS = st.lists(UNIT, min_size=1, max_size=4, unique_by=(lambda unit: unit.id, lambda unit: unit.text))
EVERY = pytest.mark.parametrize("name", FORMATS)
# The folder is written anew by every example.
SHARED_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def unit(text: str, *codes: str, **fields: Any) -> CodedUnit:
    return CodedUnit(**{"id": "u1", "kind": "notice", "document": "d1"} | fields, text=text, codes=codes)


def again(units: list[CodedUnit], name: str, folder: Path) -> list[CodedUnit]:
    path = folder / "file.out"
    export_units(units, name, path)
    imported = import_units(name, path)
    assert not imported.left
    return list(imported.units[""])


@EVERY
@SHARED_FOLDER
@given(units=UNITS)
@example(units=[unit("一" * 32_767, "Z1", "J!-", fold=0)])
@example(units=[unit("=HYPERLINK(1)\r\n二\r三\n四\x85五\u2028六", "P!")])
@example(units=[unit("'=1"), unit("=1", id="u2"), unit("''=1", id="u3")])
def test_what_is_exported_comes_back(name: str, units: list[CodedUnit], tmp_path: Path) -> None:
    assert again(units, name, tmp_path) == units


@EVERY
@SHARED_FOLDER
@given(units=UNITS)
def test_what_is_written_as_json_lines_is_read_as_units(
    name: str, units: list[CodedUnit], tmp_path: Path
) -> None:
    export_units(units, name, tmp_path / "file.out")
    [file] = write_codings(import_units(name, tmp_path / "file.out"), tmp_path / "back.jsonl")
    assert read_units(file) == units


@pytest.mark.parametrize("name", ["doccano", "label-studio", "csv"])
def test_a_very_long_text_comes_back(name: str, tmp_path: Path) -> None:
    units = [unit("长" * 300_000, "C2")]
    assert again(units, name, tmp_path) == units


def test_a_text_longer_than_a_cell_of_excel_is_refused(tmp_path: Path) -> None:
    for text in ("长" * 32_768, "😀" * 16_384):
        with pytest.raises(
            CorpusError, match=r"'u1' has a field of 32,768 characters; .*32,767: export as csv"
        ):
            export_units([unit(text)], "xlsx", tmp_path / "a.xlsx")
    assert not list(tmp_path.iterdir())


def test_what_xml_cannot_hold_is_refused_for_a_workbook(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="'u1' holds U\\+FFFE or U\\+FFFF"):
        export_units([unit("甲\uffff")], "xlsx", tmp_path / "a.xlsx")
    assert again([unit("甲\uffff")], "csv", tmp_path) == [unit("甲\uffff")]


@EVERY
def test_the_authored_corpus_comes_back(name: str, tmp_path: Path) -> None:
    units = Corpus(default_root()).authored()
    assert again(units, name, tmp_path) == units


# ------------------------------------------------------------------------------------ the order of labels


def _doccano(content: str, shuffle: Callable[[list[Any]], None]) -> str:
    rows = [json.loads(line) for line in content.split("\n") if line]
    for row in rows:
        shuffle(row["label"])
    return "\n".join(map(json.dumps, rows))


def _label_studio(content: str, shuffle: Callable[[list[Any]], None]) -> str:
    tasks = json.loads(content)
    for task in tasks:
        shuffle(task["annotations"][0]["result"][0]["value"]["choices"])
    return json.dumps(tasks)


def _csv(content: str, shuffle: Callable[[list[Any]], None]) -> str:
    rows = list(csv.reader(io.StringIO(content.removeprefix("\ufeff"), newline="")))
    order = list(range(len(rows[0])))
    shuffle(order)
    buffer = io.StringIO()
    csv.writer(buffer).writerows([row[at] for at in order] for row in rows)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "shuffled"), [("doccano", _doccano), ("label-studio", _label_studio), ("csv", _csv)]
)
@SHARED_FOLDER
@given(units=UNITS, seed=st.integers(0, 99))
def test_the_order_of_labels_never_matters(
    name: str, shuffled: Callable[..., str], units: list[CodedUnit], seed: int, tmp_path: Path
) -> None:
    path = tmp_path / "file.out"
    export_units(units, name, path)
    with path.open(encoding="utf-8", newline="") as stream:
        content = shuffled(stream.read(), random.Random(seed).shuffle)
    path.write_bytes(content.encode())
    assert list(import_units(name, path).units[""]) == units


# --------------------------------------------------------------------------------------- what is refused


@EVERY
@pytest.mark.parametrize(
    ("units", "message"),
    [
        ([unit("甲\0乙")], r"the text of the unit 'u1' holds the character U\+0000, which no"),
        ([unit("甲", path="a\0")], r"the path of the unit 'u1' holds the character U\+0000"),
        ([unit("甲", source="\ud800")], "the source of the unit 'u1' holds half a surrogate pair"),
        ([unit("甲", id=" ")], "the id of the unit '甲'… is empty"),
        ([unit("甲", document="")], "the document of the unit '甲'… is empty"),
        ([unit("甲"), unit("乙")], "two units have the id 'u1'"),
        ([unit("甲"), unit("甲", id="u2")], "the units 'u1' and 'u2' have the same text"),
        ([], "there is no unit to export"),
    ],
)
def test_units_that_could_not_come_back_are_refused(
    name: str, units: list[CodedUnit], message: str, tmp_path: Path
) -> None:
    with pytest.raises(CorpusError, match=message):
        export_units(units, name, tmp_path / "file.out")
    assert not list(tmp_path.iterdir())


@EVERY
def test_blank_units_come_back_as_not_coded(name: str, tmp_path: Path) -> None:
    units = [unit("甲", "F2"), unit("乙", id="u2")]
    export_units(units, name, tmp_path / "file.out", blank=True)
    with pytest.raises(CorpusError, match=r"file.out holds no coding \(2 not coded\)"):
        import_units(name, tmp_path / "file.out")


def test_another_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="'brat' is no format of codings; there are doccano, label-studio"):
        export_units([unit("甲")], "brat", tmp_path / "a")
