"""Data frames of several libraries: one in, the same kind out, with the tables' columns."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import wuxing_nlp
from wuxing_nlp import batch
from wuxing_nlp.batch.columns import DocumentTable, FailureTable, UnitTable, storable
from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.errors import DocumentError
from wuxing_nlp.model.tagger import Tagger, load

PROBLEM = "坚决整治推诿扯皮、久拖不决。"
COURAGE = "有的干部不敢担当，遇到矛盾绕道走。"
PLAIN = "第三中学操场于八月底完工。"

Cells = dict[str, list[Any]]

LIBRARIES: dict[str, Callable[[Cells], Any]] = {
    "pandas": pd.DataFrame,
    "arrow-backed pandas": lambda cells: pd.DataFrame(cells).convert_dtypes(dtype_backend="pyarrow"),
    "polars": pl.DataFrame,
    "lazy polars": pl.LazyFrame,
    "pyarrow": pa.table,
}
CELLS: Cells = {
    "编号": [7, 8, 9],
    "正文": [f"{PROBLEM}\n{PLAIN}", COURAGE, PLAIN],
    "省份": ["江西", "云南省", None],
    "units": [1.5, None, 3.0],
    "日期": [date(2024, 6, 1), date(2023, 1, 2), None],
}


@pytest.fixture(params=LIBRARIES)
def make(request: pytest.FixtureRequest) -> Callable[[Cells], Any]:
    """Makes a frame of one of the libraries."""
    return LIBRARIES[request.param]


def records(frame: Any) -> list[dict[str, Any]]:
    """The rows of any frame, with None for all that is missing."""
    if isinstance(frame, pl.LazyFrame):
        frame = frame.collect()
    if isinstance(frame, pa.Table):
        frame = frame.to_pandas()
    rows = frame.to_dict("records") if isinstance(frame, pd.DataFrame) else frame.to_dicts()
    return [{str(key): None if pd.isna(cell) else cell for key, cell in row.items()} for row in rows]


def table_rows(tagger: Tagger, table: UnitTable | DocumentTable, texts: list[str]) -> list[list[Any]]:
    """The rows that a run would write of texts called 7, 8, …"""
    documents = [batch.Result(doc, tagged) for doc, tagged in _tagged(tagger, texts)]
    return [row for document in documents for row in table.rows(document.to_dict())]


def _tagged(tagger: Tagger, texts: list[str]) -> list[tuple[Any, Any]]:
    documents = [wuxing_nlp.Document(str(name), text) for name, text in enumerate(texts, start=7)]
    return [(document, tagger.tag(document.text, probabilities=True)) for document in documents]


def test_units_are_those_of_a_run(make: Callable[[Cells], Any], tagger: Tagger) -> None:
    frame = make(CELLS)
    units = wuxing_nlp.tag_frame(frame, text="正文", id="编号")
    assert type(units) is type(frame)
    table = UnitTable(load_codebook())
    names = [column.name for column in table.columns]
    expected = [dict(zip(names, row, strict=True)) for row in table_rows(tagger, table, CELLS["正文"])]
    assert records(units) == expected


def test_documents_are_the_frames_rows_with_a_runs_columns(
    make: Callable[[Cells], Any], tagger: Tagger
) -> None:
    frame = make(CELLS)
    found = wuxing_nlp.tag_frame(frame, text="正文", id="编号", level="documents")
    assert type(found) is type(frame)
    rows = records(found)
    names = [column.name for column in DocumentTable(load_codebook()).columns]
    assert list(rows[0]) == [*names, "failure", "编号", "省份", "units (input)", "日期"]
    assert [row["document"] for row in rows] == ["7", "8", "9"]
    assert [row["units"] for row in rows] == [2, 1, 1]
    assert [row["P_exists"] for row in rows] == [0, 1, 0]
    assert [row["share_P"] for row in rows] == [0.5, 1.0, 0.0]
    assert [row["region"] for row in rows] == ["江西省", "云南省", ""]
    assert [row["date"] for row in rows] == ["2024-06-01", "2023-01-02", ""]
    assert [row["failure"] for row in rows] == [None] * 3
    kept = records(make({name: cells for name, cells in CELLS.items() if name != "正文"}))
    assert [[*row.values()][-4:] for row in rows] == [[*row.values()] for row in kept]


def test_types_are_those_of_the_library() -> None:
    frame = pl.DataFrame(CELLS).with_columns(pl.col("省份").cast(pl.Categorical))
    found = wuxing_nlp.tag_frame(frame, text="正文", level="documents")
    assert found.schema["省份"] == frame.schema["省份"]
    assert found.schema["日期"] == pl.Date
    assert list(map(str, found.select("title", "D", "share_D").dtypes)) == ["String", "Int64", "Float64"]
    units = wuxing_nlp.tag_frame(pa.table(CELLS), text="正文")
    assert {units.schema.field(name).type for name in ("document", "unit", "p_D")} == {
        pa.string(),
        pa.int64(),
        pa.float64(),
    }


@pytest.mark.parametrize("level", ["units", "documents"])
def test_a_frame_without_rows_has_the_columns_all_the_same(make: Callable[[Cells], Any], level: Any) -> None:
    def columns(frame: Any) -> list[str]:
        found = wuxing_nlp.tag_frame(frame, text="正文", level=level)
        if isinstance(found, pl.LazyFrame):
            found = found.collect()
        return list(getattr(found, "column_names", None) or found.columns)

    whole, none = make(CELLS), make({name: [] for name in CELLS})
    assert columns(none) == columns(whole)


# ------------------------------------------------------------------------------------- what is missing


def test_a_row_without_text_is_told_and_listed(make: Callable[[Cells], Any]) -> None:
    frame = make({"编号": ["a", "b", "c", "d"], "正文": [PROBLEM, None, COURAGE, " \u3000"]})
    with pytest.warns(
        UserWarning, match=r"2 of 4 rows have no units \(the first is b: holds white space only"
    ):
        units = wuxing_nlp.tag_frame(frame, text="正文", id="编号")
    assert [row["document"] for row in records(units)] == ["a", "c"]
    failed = wuxing_nlp.failed_rows(frame, text="正文", id="编号")
    assert type(failed) is type(frame)
    advice = "give a document with text"
    assert [[*row.values()] for row in records(failed)] == [
        [name, "holds white space only", advice] for name in ("b", "d")
    ]
    assert list(records(failed)[0]) == [column.name for column in FailureTable().columns]


def test_a_document_without_text_keeps_its_row(make: Callable[[Cells], Any]) -> None:
    frame = make({"正文": [PROBLEM, None], "年": [2023, 2024]})
    [told, silent] = records(wuxing_nlp.tag_frame(frame, text="正文", level="documents"))
    assert (told["failure"], told["年"]) == (None, 2023)
    assert (silent["failure"], silent["年"]) == ("holds white space only", 2024)
    assert (silent["units"], silent["P"], silent["share_P"], silent["title"]) == (0, 0, None, "")


def test_a_warning_points_at_the_caller() -> None:
    with pytest.warns(UserWarning, match="1 of 1 rows") as told:
        wuxing_nlp.tag_frame(pd.DataFrame({"正文": [None]}), text="正文")
    assert Path(told[0].filename) == Path(__file__)


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, pd.NaT, np.float32("nan"), ""])
def test_what_pandas_calls_missing_is_missing(missing: object) -> None:
    frame = pd.DataFrame({"正文": pd.Series([PROBLEM, missing], dtype=object)})
    assert wuxing_nlp.failed_rows(frame, text="正文")["input"].tolist() == ["1"]


def test_nan_of_polars_is_missing_too() -> None:
    frame = pl.DataFrame({"正文": [1.5, float("nan"), None]})
    assert wuxing_nlp.failed_rows(frame, text="正文")["input"].to_list() == ["1", "2"]


# --------------------------------------------------------------------------------------- names and index


def test_the_index_of_pandas_is_kept() -> None:
    frame = pd.DataFrame({"正文": [f"{PROBLEM}\n{PLAIN}", COURAGE]}, index=pd.Index(["x", "y"], name="号"))
    units = wuxing_nlp.tag_frame(frame, text="正文")
    assert units["document"].tolist() == units.index.tolist() == ["x", "x", "y"]
    assert units.index.name == "号"
    pd.testing.assert_index_equal(frame.join(units[["codes"]]).index, units.index)
    documents = wuxing_nlp.tag_frame(frame, text="正文", level="documents")
    pd.testing.assert_index_equal(documents.index, frame.index)


def test_labels_that_come_twice_mix_nothing_up() -> None:
    frame = pd.DataFrame({"正文": [PROBLEM, PLAIN, COURAGE], "行": [1, 2, 3]}, index=[5, 5, 1])
    documents = wuxing_nlp.tag_frame(frame, text="正文", level="documents")
    assert documents[["P", "行"]].values.tolist() == [[1, 1], [0, 2], [1, 3]]
    assert wuxing_nlp.tag_frame(frame, text="正文").index.tolist() == [5, 5, 1]


def test_an_index_of_several_levels_is_kept() -> None:
    index = pd.MultiIndex.from_tuples([("江西", 2023), ("云南", 2024)])
    units = wuxing_nlp.tag_frame(pd.DataFrame({"正文": [PROBLEM, PLAIN]}, index=index), text="正文")
    pd.testing.assert_index_equal(units.index, index)
    assert units["document"].tolist() == ["('江西', 2023)", "('云南', 2024)"]


def test_without_id_and_index_rows_are_numbered_from_0() -> None:
    frame = pl.DataFrame({"正文": [PROBLEM, COURAGE, PLAIN], "编号": ["甲", None, " "]})
    assert wuxing_nlp.tag_frame(frame, text="正文")["document"].to_list() == ["0", "1", "2"]
    assert wuxing_nlp.tag_frame(frame, text="正文", id="编号")["document"].to_list() == ["甲", "1", "2"]


def test_columns_may_be_called_by_numbers() -> None:
    frame = pd.DataFrame({0: [PROBLEM], 1: ["江西"]})
    documents = wuxing_nlp.tag_frame(frame, text=0, level="documents")  # type: ignore[arg-type]
    assert (documents["P"].tolist(), documents[1].tolist()) == ([1], ["江西"])


@pytest.mark.parametrize("name", ["document", "failure", "title", "P"])
def test_a_column_called_like_ours_is_renamed_not_lost(make: Callable[[Cells], Any], name: str) -> None:
    frame = make({name: ["甲"], f"{name} (input)": ["乙"], "正文": [PROBLEM]})
    [row] = records(wuxing_nlp.tag_frame(frame, text="正文", level="documents"))
    assert (row[f"{name} (input)"], row[f"{name} (input) (input)"]) == ("甲", "乙")
    assert row["P_tackled"] == 1


def test_the_text_may_be_called_like_a_column_of_ours(make: Callable[[Cells], Any]) -> None:
    frame = make({"title": [PROBLEM]})
    [row] = records(wuxing_nlp.tag_frame(frame, text="title", level="documents"))
    assert (row["P_tackled"], "title (input)" in row) == (1, False)


# ----------------------------------------------------------------------------------------------- choices


def test_columns_that_are_not_wanted_are_left_out(make: Callable[[Cells], Any]) -> None:
    units = wuxing_nlp.tag_frame(make(CELLS), text="正文", evidence=False, probabilities=False)
    whole = UnitTable(load_codebook()).columns
    expected = [column.name for column in whole if column.type != "share" and column.name != "evidence"]
    assert list(records(units)[0]) == expected


def test_a_tagger_of_ones_own_tags(small_bundle: Path) -> None:
    tagger = load(small_bundle, prefer="recall")
    units = wuxing_nlp.tag_frame(pd.DataFrame({"正文": [PROBLEM]}), text="正文", tagger=tagger)
    [expected] = tagger.tag(PROBLEM, probabilities=True).units
    assert units["p_P"].tolist() == [round(expected.probabilities["P"], 4)]


def test_units_that_polars_and_batches_give_are_the_same() -> None:
    ours = wuxing_nlp.tag_frame(pl.DataFrame(CELLS), text="正文", id="编号")
    theirs = batch.tag_frame(pd.DataFrame(CELLS), text_column="正文", id_column="编号")
    assert ours.to_dicts() == theirs.to_dict("records")


def test_half_a_surrogate_pair_costs_nothing() -> None:
    frame = pd.DataFrame({"正文": pd.Series(["坚决\udcb4整治推诿扯皮。"], dtype=object)})
    assert wuxing_nlp.tag_frame(frame, text="正文")["text"].tolist() == ["坚决\\udcb4整治推诿扯皮。"]
    assert [storable(cell) for cell in ("\ud800", "好", None, 1)] == ["\\ud800", "好", None, 1]


# ------------------------------------------------------------------------------------------------ errors


def test_a_column_that_is_not_there_is_named_with_those_that_are(make: Callable[[Cells], Any]) -> None:
    frame = make(CELLS)
    with pytest.raises(
        DocumentError, match="the frame: there is no column '内容'; its columns are '编号', '正文'"
    ):
        wuxing_nlp.tag_frame(frame, text="内容")
    with pytest.raises(DocumentError, match="no column '号'"):
        wuxing_nlp.failed_rows(frame, text="正文", id="号")


@pytest.mark.parametrize("thing", [[PROBLEM], {"正文": [PROBLEM]}, None, PROBLEM, pd.Series([PROBLEM])])
def test_what_is_no_frame_is_told(thing: Any) -> None:
    with pytest.raises(DocumentError, match=f"a {type(thing).__name__} is no data frame; give one of pandas"):
        wuxing_nlp.tag_frame(thing, text="正文")


def test_columns_of_one_name_are_told() -> None:
    frame = pd.DataFrame([[PROBLEM, "a", "b"]], columns=["正文", "注", "注"])
    for doubled in (
        frame,
        pa.Table.from_arrays(list(map(pa.array, ("甲", "乙", "丙"))), names=list(frame.columns)),
    ):
        with pytest.raises(DocumentError, match="there are several columns '注'"):
            wuxing_nlp.tag_frame(doubled, text="正文")


def test_a_level_that_there_is_not_is_told() -> None:
    with pytest.raises(ValueError, match="no level 'unit'; it is units or documents"):
        wuxing_nlp.tag_frame(pd.DataFrame(CELLS), text="正文", level="unit")  # type: ignore[arg-type]


def test_without_the_extra_the_rest_works_and_the_error_names_it() -> None:
    code = (
        "import sys; sys.modules['narwhals'] = None\n"
        "import wuxing_nlp\n"
        "try: wuxing_nlp.tag_frame\n"
        "except wuxing_nlp.WuxingError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("tag_frame needs the library narwhals")
    assert "pip install 'wuxing_nlp[frames]'" in done.stdout


def test_polars_needs_neither_pandas_nor_pyarrow() -> None:
    code = (
        "import sys; sys.modules['pandas'] = sys.modules['pyarrow'] = None\n"
        "import polars as pl, wuxing_nlp\n"
        f"units = wuxing_nlp.tag_frame(pl.DataFrame({{'正文': [{PROBLEM!r}]}}), text='正文')\n"
        "print(units['P_tackled'].to_list())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[1]"
