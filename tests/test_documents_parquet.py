"""Parquet: values as text, rows as documents; broken files are refused."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wuxing_nlp.documents import Document, ReadOptions, Source, read_documents
from wuxing_nlp.errors import DocumentError

TEXT = "窗口收了材料三个月没有下文，群众来问，只说“还在研究”。"


def _written(table: pa.Table, **options: Any) -> bytes:
    pq.write_table(table, stream := io.BytesIO(), **options)
    return stream.getvalue()


def _read(data: bytes, **options: object) -> list[Document | DocumentError]:
    return list(read_documents(Source("t.parquet", data=data), ReadOptions(**options)))  # type: ignore[arg-type]


def test_values_of_every_type() -> None:
    columns = {
        "id": pa.array([12345678901234567]),
        "内容": pa.array([TEXT]),
        "缺": pa.array([None], pa.string()),
        "码": pa.array(["007"]),
        "数": pa.array([1.0]),
        "十进": pa.array([Decimal("1.10")]),
        "日": pa.array([date(2024, 3, 5)]),
        "时": pa.array([datetime(2024, 3, 5, 14, 30)], pa.timestamp("ns")),
        "区": pa.array([datetime(2024, 3, 5, 14, 30, tzinfo=UTC)], pa.timestamp("us", "UTC")),
        "是": pa.array([True]),
        "列": pa.array([["甲", None]]),
        "构": pa.array([{"a": 1, "b": "乙"}]),
        "字节": pa.array(["县".encode()]),
        "分类": pa.array(["江西省"]).dictionary_encode(),
    }
    [document] = _read(_written(pa.table(columns)))
    assert isinstance(document, Document)
    assert document.name == "t.parquet#12345678901234567"
    assert document.text == TEXT
    assert dict(document.fields) == {
        "id": "12345678901234567", "缺": "", "码": "007", "数": "1.0", "十进": "1.10", "日": "2024-03-05",
        "时": "2024-03-05T14:30:00", "区": "2024-03-05T14:30:00+00:00", "是": "true", "列": '["甲", null]',
        "构": '{"a": 1, "b": "乙"}', "字节": "县", "分类": "江西省",
    }  # fmt: skip


def test_what_pandas_writes(tmp_path: Path) -> None:
    frame = pd.DataFrame({"内容": [TEXT, TEXT], "x": ["NA", "008"]}, index=["甲", "乙"])
    frame.to_parquet(path := tmp_path / "t.parquet")
    found = list(read_documents(path))
    assert [item.name for item in found] == [f"{path.as_posix()}#row 1", f"{path.as_posix()}#row 2"]
    assert [item.fields["x"] for item in found if isinstance(item, Document)] == ["NA", "008"]


@given(st.lists(st.tuples(*[st.none() | st.text(st.characters(codec="utf-8"), max_size=9)] * 2), max_size=9))
def test_any_strings_come_back_from_any_row_groups(rows: list[tuple[str | None, str | None]]) -> None:
    texts = [f"修路{number}" for number, _ in enumerate(rows)]
    first, second = ([row[place] for row in rows] for place in (0, 1))
    table = pa.table({"正文": texts, "a": pa.array(first, pa.string()), "b": pa.array(second, pa.string())})
    found = _read(_written(table, row_group_size=4))
    if not rows:
        assert [type(item) for item in found] == [DocumentError]
        return
    for item, text, (one, other) in zip(found, texts, rows, strict=True):
        assert isinstance(item, Document)
        assert (item.text, dict(item.fields)) == (text, {"a": one or "", "b": other or ""})


def test_many_rows_keep_their_numbers_and_their_order() -> None:
    texts = [f"第{number}件已经办结。" for number in range(1000)]
    found = _read(_written(pa.table({"内容": texts}), row_group_size=300))
    assert [item.text for item in found if isinstance(item, Document)] == texts
    assert found[-1].name == "t.parquet#row 1000"


def test_the_folders_names_are_no_columns(tmp_path: Path) -> None:
    pq.write_to_dataset(
        pa.table({"内容": [TEXT], "region": ["江西省"]}), tmp_path / "d", partition_cols=["region"]
    )
    [path] = (tmp_path / "d").rglob("*.parquet")
    [document] = read_documents(path)
    assert isinstance(document, Document)
    assert dict(document.fields) == {}


def test_columns_of_one_name_are_kept_apart() -> None:
    table = pa.Table.from_arrays([pa.array([TEXT]), pa.array(["1"]), pa.array(["2"])], ["内容", "x", "x"])
    [document] = _read(_written(table))
    assert isinstance(document, Document)
    assert dict(document.fields) == {"x": "1", "x (2)": "2"}


def test_rows_without_text_are_errors_in_their_places() -> None:
    found = _read(_written(pa.table({"内容": [TEXT, None, TEXT]})))
    assert [isinstance(item, DocumentError) for item in found] == [False, True, False]
    assert found[1].name == "t.parquet#row 2"


def test_a_missing_column_lists_the_others() -> None:
    [error] = _read(_written(pa.table({"内容": [TEXT]})), text_column="x")
    assert "no column 'x'; its columns are '内容'" in str(error)


SOUND = _written(pa.table({"内容": [TEXT] * 50}))
MIXED = _written(pa.table({"内容": [TEXT, "路修通了。"], "x": [None, "a"], "y": [[1, 2], []]}))


@pytest.mark.parametrize(
    "data", [b"", b"PAR1", b"PAR1" + bytes(90) + b"PAR1", b"id,x\n1,2\n", SOUND[:-9], SOUND[40:], SOUND[:200]]
)
def test_a_broken_file_is_refused(data: bytes) -> None:
    [error] = _read(data)
    assert isinstance(error, DocumentError)
    assert error.name == "t.parquet"
    assert "no Parquet file, or a broken one" in str(error)


def test_pages_that_are_broken_end_the_file_with_the_reason() -> None:
    data = bytearray(SOUND)
    data[4:60] = b"\xff" * 56
    found = _read(bytes(data), text_column="内容")
    assert isinstance(found[-1], DocumentError)
    assert "no Parquet file, or a broken one" in str(found[-1])


def test_a_column_that_grows_beyond_measure_is_refused() -> None:
    table = pa.table({"内容": [TEXT], "x": ["a" * 60_000_000]})
    [error] = _read(_written(table, compression="zstd", use_dictionary=False, write_statistics=False))
    assert "the limit is a ratio of 200" in str(error)


@settings(max_examples=400)
@given(st.integers(0, len(MIXED) - 1), st.binary(max_size=4), st.integers(0, 12))
def test_no_damage_ends_the_process_or_leaves_it_without_a_reason(at: int, put: bytes, cut: int) -> None:
    for item in _read(MIXED[:at] + put + MIXED[at + cut :]):
        assert isinstance(item, Document) or "reader failed" not in item.seen
