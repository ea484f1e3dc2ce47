"""Plans: inputs by hash, and chunks that depend on inputs and settings alone."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import pytest

from wuxing_nlp.batch import Plan, Settings
from wuxing_nlp.batch.plan import CHUNK_BYTES, CHUNK_ITEMS
from wuxing_nlp.documents import Document, ReadOptions, Source, find_sources
from wuxing_nlp.errors import DocumentError
from wuxing_nlp.model.bundle import load_model, save
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.model.tagger import Tagger

SENTENCE = "坚决整治推诿扯皮、久拖不决。\n"


def plan(tagger: Tagger, *paths: Path | Source, settings: Settings | None = None) -> Plan:
    return Plan(find_sources(paths), settings or Settings(), tagger.model)


def test_inputs_are_recorded_with_size_and_hash(tagger: Tagger, tmp_path: Path) -> None:
    data = SENTENCE.encode() * 70_000
    (tmp_path / "a.txt").write_bytes(data)
    stream = Source("-", data=b"abc")
    found = plan(tagger, tmp_path / "a.txt", stream, tmp_path / "gone.txt")
    recorded = [(item.name, item.bytes, item.sha256) for item in found.inputs]
    assert recorded == [
        (str(tmp_path / "a.txt"), len(data), hashlib.sha256(data).hexdigest()),
        ("-", 3, hashlib.sha256(b"abc").hexdigest()),
        (str(tmp_path / "gone.txt"), 0, ""),
    ]
    assert found.size() == len(data) + 3


def test_of_an_archive_the_archive_is_the_input(tagger: Tagger, tmp_path: Path) -> None:
    with ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("1.txt", SENTENCE)
        archive.writestr("2.txt", SENTENCE)
    found = plan(tagger, tmp_path / "all.zip")
    assert [item.name for item in found.inputs] == [str(tmp_path / "all.zip")]
    [chunk] = found.chunks()
    assert [getattr(item, "name", "") for item in chunk.items] == [
        f"{tmp_path}/all.zip/1.txt",
        f"{tmp_path}/all.zip/2.txt",
    ]
    assert chunk.size == 2 * len(SENTENCE.encode())


@pytest.mark.parametrize(
    "changed",
    [
        Settings(prefer=Preference.RECALL),
        Settings(text=False),
        Settings(evidence=False),
        Settings(options=ReadOptions(text_column="内容")),
        Settings(options=ReadOptions(max_characters=5)),
    ],
)
def test_whatever_changes_results_changes_the_identity(
    tagger: Tagger, tmp_path: Path, changed: Settings
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(SENTENCE, encoding="utf-8")
    first = plan(tagger, path).identity()
    assert first == plan(tagger, path).identity() == json.loads(json.dumps(first))
    assert first != plan(tagger, path, settings=changed).identity()
    path.write_text(SENTENCE * 2, encoding="utf-8")
    assert first != plan(tagger, path).identity()


def test_tables_and_listeners_change_no_identity(tagger: Tagger, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SENTENCE, encoding="utf-8")
    other = Settings(tables=("parquet",), options=ReadOptions(notify=print))
    assert plan(tagger, tmp_path).identity() == plan(tagger, tmp_path, settings=other).identity()


def test_chunks_are_cut_by_size_and_number(tagger: Tagger, tmp_path: Path) -> None:
    big = SENTENCE.encode() * (CHUNK_BYTES // len(SENTENCE.encode()))
    for name, data in (("a.txt", big), ("b.txt", b"x"), ("c.txt", big)):
        (tmp_path / name).write_bytes(data)
    chunks = list(plan(tagger, tmp_path).chunks())
    assert [[Path(item.name).name for item in chunk.items] for chunk in chunks] == [
        ["a.txt", "b.txt"],
        ["c.txt"],
    ]
    assert [chunk.number for chunk in chunks] == [0, 1]
    rows = "\n".join(json.dumps({"id": at, "text": "坚决整治"}) for at in range(CHUNK_ITEMS + 1))
    (tmp_path / "rows.jsonl").write_text(rows, encoding="utf-8")
    chunks = list(plan(tagger, tmp_path / "rows.jsonl").chunks())
    assert [len(chunk.items) for chunk in chunks] == [CHUNK_ITEMS, 1]
    assert all(isinstance(item, Document) for chunk in chunks for item in chunk.items)


def test_what_cannot_be_found_or_read_is_work_as_well(tagger: Tagger, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    (tmp_path / "rows.jsonl").write_text('{"text": ""}\n', encoding="utf-8")
    (tmp_path / "x.doc").write_bytes(b"x")
    paths = [tmp_path / name for name in ("none", "gone.txt", "rows.jsonl", "x.doc")]
    [chunk] = plan(tagger, *paths).chunks()
    assert [type(item) for item in chunk.items] == [DocumentError, Source, DocumentError, Source]
    assert chunk.size == 1


def test_what_readers_of_tables_decide_is_noted_once_for_every_reading(
    tagger: Tagger, tmp_path: Path
) -> None:
    (tmp_path / "rows.jsonl").write_text('{"text": "坚决整治推诿扯皮。", "n": 1}\n', encoding="utf-8")
    found = plan(tagger, tmp_path)
    list(found.chunks())
    assert len(found.notices) == 1
    list(found.chunks())
    assert len(found.notices) == 1
    assert "text" in found.notices[0]


def test_the_weight_is_what_chunks_add_up_to(tagger: Tagger, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SENTENCE * 500, encoding="utf-8")
    with ZipFile(tmp_path / "b.zip", "w", ZIP_DEFLATED) as archive:
        archive.writestr("1.txt", SENTENCE * 900)
    found = plan(tagger, tmp_path)
    assert found.weight() == sum(chunk.size for chunk in found.chunks()) == len(SENTENCE.encode()) * 1400
    assert (found.weight() or 0) > found.size()
    (tmp_path / "c.xlsx").write_bytes(b"PK")
    assert plan(tagger, tmp_path).weight() is None


def test_settings_load_the_tagger_that_they_name(tagger: Tagger) -> None:
    assert Settings().tagger().model.name == tagger.model.name
    recall = replace(Settings(), prefer=Preference.RECALL).tagger()
    assert recall.prefer is Preference.RECALL


def test_a_model_with_other_thresholds_is_another_one(small_bundle: Path, tmp_path: Path) -> None:
    model = load_model(small_bundle)
    thresholds = np.full_like(model.calibration.letter_thresholds, 0.02)
    save(replace(model, calibration=replace(model.calibration, letter_thresholds=thresholds)), tmp_path, "")
    other = load_model(tmp_path)
    assert other.facts["fingerprint"] == model.facts["fingerprint"]
    ones, others = (Plan(find_sources([]), Settings(), given).identity() for given in (model, other))
    assert [key for key in ones if ones[key] != others[key]] == ["model"]
