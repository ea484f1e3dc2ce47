"""Data frames to units: one document a row, whatever its cells hold, the same columns always."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import dask.dataframe as dd
import numpy as np
import pandas as pd
import pytest

from wuxing_nlp.batch import Settings, failed_rows, tag_frame, unit_ddl, unit_meta
from wuxing_nlp.batch.columns import UnitTable
from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.documents import ReadOptions
from wuxing_nlp.errors import DocumentError
from wuxing_nlp.model.bundle import Model, save
from wuxing_nlp.model.tagger import Tagger, load

PROBLEM = "坚决整治推诿扯皮、久拖不决。"
COURAGE = "有的干部不敢担当，遇到矛盾绕道走。"
PLAIN = "第三中学操场于八月底完工。"


def frame_of(*texts: object, **columns: list[object]) -> pd.DataFrame:
    return pd.DataFrame({"正文": list(texts), **columns}, dtype=object)


def test_units_are_those_of_the_tagger(tagger: Tagger) -> None:
    texts = [f"{PROBLEM}\n{PLAIN}", COURAGE]
    units = tag_frame(frame_of(*texts, 编号=["甲", "乙"]), text_column="正文", id_column="编号")
    expected = [unit for text in texts for unit in tagger.tag(text, probabilities=True).units]
    assert units["document"].tolist() == ["甲", "甲", "乙"]
    assert units["unit"].tolist() == [1, 2, 1]
    assert units["text"].tolist() == [PROBLEM, PLAIN, COURAGE]
    assert units["codes"].tolist() == [",".join(unit.codes) or "0" for unit in expected]
    assert units["p_P"].tolist() == [round(unit.probabilities["P"], 4) for unit in expected]
    assert units["P_tackled"].tolist() == [1, 0, 0]


def test_columns_are_those_of_the_table_also_where_there_are_no_units() -> None:
    frame = frame_of(PROBLEM, "ok", 编号=[1, 2])
    for text in (True, False):
        settings = Settings(text=text)
        meta = unit_meta(text=text)
        assert list(meta) == [column.name for column in UnitTable(load_codebook(), text=text).columns]
        for some in (frame, frame[:0], frame_of(None)):
            units = tag_frame(some, text_column="正文", settings=settings)
            assert units.dtypes.equals(meta.dtypes)
            assert isinstance(units.index, pd.RangeIndex)
    assert ("text" in unit_meta(text=True), "text" in unit_meta(text=False)) == (True, False)


@pytest.mark.parametrize("missing", [None, np.nan, np.float32("nan"), pd.NA, pd.NaT, "", " \u3000\n"])
def test_a_row_without_text_stops_nothing_and_is_told(missing: object) -> None:
    frame = frame_of(PROBLEM, missing, COURAGE, 编号=["a", "b", "c"])
    assert tag_frame(frame, text_column="正文", id_column="编号")["document"].tolist() == ["a", "c"]
    failed = failed_rows(frame, text_column="正文", id_column="编号")
    assert failed.to_dict("records") == [
        {"input": "b", "reason": "holds white space only", "advice": "give a document with text"}
    ]


def test_the_limit_of_a_text_is_that_of_the_settings() -> None:
    frame = frame_of(PROBLEM, COURAGE * 3)
    settings = Settings(options=ReadOptions(max_characters=20))
    assert set(tag_frame(frame, text_column="正文", settings=settings)["document"]) == {"0"}
    [reason] = failed_rows(frame, text_column="正文", settings=settings)["reason"]
    assert reason == "51 characters, the limit is 20"


def test_failures_of_a_frame_without_any_have_columns_too() -> None:
    failed = failed_rows(frame_of(PROBLEM), text_column="正文")
    assert (list(failed), len(failed)) == (["input", "reason", "advice"], 0)


def test_without_an_id_a_row_is_called_by_its_index() -> None:
    frame = frame_of(PROBLEM, COURAGE, PLAIN, 编号=[7, None, " "]).set_index(pd.Index(["x", "y", "z"]))
    assert tag_frame(frame, text_column="正文")["document"].tolist() == ["x", "y", "z"]
    assert tag_frame(frame, text_column="正文", id_column="编号")["document"].tolist() == ["7", "y", "z"]


def test_cells_that_are_no_strings_are_read_as_a_table_shows_them() -> None:
    frame = frame_of(PROBLEM.encode(), ["甲", "乙"], 20240601)
    assert tag_frame(frame, text_column="正文")["text"].tolist() == [PROBLEM, '["甲", "乙"]', "20240601"]


def test_half_a_surrogate_pair_costs_nothing() -> None:
    units = tag_frame(frame_of("坚决\udcb4整治推诿扯皮。", PLAIN), text_column="正文")
    assert units["text"].tolist() == ["坚决\\udcb4整治推诿扯皮。", PLAIN]


def test_a_column_that_is_not_there_is_named_with_those_that_are() -> None:
    frame = frame_of(PROBLEM, 编号=[1])
    with pytest.raises(DocumentError, match="no column '内容'; its columns are '正文', '编号'"):
        tag_frame(frame, text_column="内容")
    with pytest.raises(DocumentError, match="no column '号'"):
        failed_rows(frame, text_column="正文", id_column="号")
    with pytest.raises(DocumentError, match="several columns '正文'"):
        tag_frame(pd.concat([frame, frame], axis=1), text_column="正文")


def test_a_bundle_of_ones_own_tags(tmp_path: Path, small_model: Model) -> None:
    save(small_model, tmp_path / "bundle", "card")
    units = tag_frame(frame_of(PROBLEM), text_column="正文", settings=Settings(tmp_path / "bundle"))
    expected = load(tmp_path / "bundle").tag(PROBLEM, probabilities=True).units[0].probabilities
    assert units["p_P"].tolist() == [round(expected["P"], 4)]


def test_columns_are_those_of_the_bundles_own_codebook(tmp_path: Path, tools_model: Model) -> None:
    save(tools_model, tmp_path / "tools", "card")
    found = tag_frame(frame_of(PROBLEM), text_column="正文", settings=Settings(tmp_path / "tools"))
    assert list(found.columns) == list(unit_meta(model=tmp_path / "tools").columns)
    assert list(found.columns)[-6:] == ["p_S", "p_D", "p_E", "p_S0", "p_D0", "p_E0"]
    assert "`p_E0` double" in unit_ddl(model=tmp_path / "tools")


def test_dask_maps_partitions() -> None:
    frame = frame_of(*[PROBLEM, COURAGE, None, PLAIN] * 5, 编号=[f"{n}" for n in range(20)])
    parts = dd.from_pandas(frame, npartitions=4)  # type: ignore[no-untyped-call]
    parts = parts[parts["编号"] > "1"]  # one partition loses rows, none may lose its columns
    arguments: dict[str, Any] = {"text_column": "正文", "id_column": "编号"}
    units = parts.map_partitions(tag_frame, **arguments, meta=unit_meta()).compute(scheduler="sync")
    failed = parts.map_partitions(failed_rows, **arguments).compute(scheduler="sync")
    expected = tag_frame(frame[frame["编号"] > "1"], **arguments)
    pd.testing.assert_frame_equal(units.reset_index(drop=True), expected)
    assert set(units["document"]).isdisjoint(failed["input"])
    assert {*units["document"], *failed["input"]} == set(frame["编号"][frame["编号"] > "1"])


def test_the_schema_of_spark_has_the_columns_in_order() -> None:
    fields = [field.rpartition(" ") for field in unit_ddl().split(", ")]
    meta = unit_meta()
    assert [name.strip("`") for name, _, _ in fields] == list(meta)
    types = {"string": "string", "bigint": "int64", "double": "float64"}
    assert [types[kind] for _, _, kind in fields] == [str(kind) for kind in meta.dtypes]
    # Spark does not tell capital from small letters in the names of columns.
    assert len({name.lower() for name, _, _ in fields}) == len(fields)
    assert "`text` string" not in unit_ddl(text=False)


def test_frames_flow_through_a_generator_as_spark_hands_them_over() -> None:
    batches = (frame_of(PROBLEM, COURAGE) for _ in range(3))
    tagged = (tag_frame(batch, text_column="正文") for batch in batches)
    assert [len(units) for units in tagged] == [2, 2, 2]


@pytest.mark.parametrize(
    ("library", "name"),
    [("pandas", "tag_frame"), ("pyarrow", "unit_meta"), ("distributed", "run_on_cluster")],
)
def test_without_the_extra_the_rest_works_and_the_error_names_it(library: str, name: str) -> None:
    code = (
        f"import sys; sys.modules[{library!r}] = None\n"
        "from wuxing_nlp import WuxingError, batch\n"
        f"try: batch.{name}\n"
        "except WuxingError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(f"{name} needs the library {library}")
    assert "pip install 'wuxing_nlp[cluster]'" in done.stdout
