"""Inputs to results: one bad document never stops the others, and what a line of JSON holds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from wuxing_nlp.batch import Failure, Result, tag_items
from wuxing_nlp.documents import STREAM, Document, Metadata, Source
from wuxing_nlp.errors import DocumentError
from wuxing_nlp.model.results import TaggedDocument
from wuxing_nlp.model.tagger import Tagger

TITLE = "青苎县关于整治推诿扯皮的通知"
TEXT = f"{TITLE}\n\n坚决整治推诿扯皮、久拖不决。\n第三中学操场于八月底完工。\n"
TRADITIONAL = "有的幹部不敢擔當，遇到矛盾繞道走。"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "b.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "a.txt").write_text(TRADITIONAL, encoding="big5")
    (tmp_path / "c.txt").write_bytes(b"")
    return tmp_path


def test_a_bad_input_never_stops_the_others(folder: Path, tagger: Tagger) -> None:
    sources = [Source.of(folder / name) for name in ("gone.txt", "c.txt", "b.txt")]
    outcomes = list(tag_items(tagger, [DocumentError("x", "seen", "do"), *sources]))
    assert [type(outcome) for outcome in outcomes] == [Failure, Failure, Failure, Result]
    assert outcomes[0] == Failure("x", "seen", "do")
    assert outcomes[1] == Failure(str(folder / "gone.txt"), "there is no such file", "check the path")
    assert str(outcomes[2]) == f"{folder / 'c.txt'}: empty (0 bytes); give a document with text"


def test_tagging_is_lazy(folder: Path, tagger: Tagger) -> None:
    outcomes = tag_items(tagger, [Source.of(folder / "late.txt")])
    (folder / "late.txt").write_text(TEXT, encoding="utf-8")
    assert isinstance(next(outcomes), Result)


def test_a_stream_and_a_document_are_items(tagger: Tagger) -> None:
    items = [Source(STREAM, data=TEXT.encode("gb18030")), Document("row 7", TRADITIONAL)]
    stream, row = tag_items(tagger, items)
    assert isinstance(stream, Result)
    assert isinstance(row, Result)
    assert (stream.document.name, stream.document.encoding) == ("-", "gb18030")
    assert stream.document.text == TEXT
    assert row == Result(Document("row 7", TRADITIONAL), tagger.tag(TRADITIONAL))


def test_a_line_of_json_holds_origin_and_the_fields_of_the_api(folder: Path, tagger: Tagger) -> None:
    [result] = tag_items(tagger, [Source.of(folder / "b.txt")], probabilities=True)
    assert isinstance(result, Result)
    line = json.loads(json.dumps(result.to_dict(), ensure_ascii=False))
    origin = ["document", "encoding", "metadata", "fields"]
    assert list(line) == [*origin, "model", "prefer", "script", "profile", "units"]
    assert (line["document"], line["encoding"]) == (str(folder / "b.txt"), "utf-8")
    assert line["metadata"]["title"] == TITLE
    tagged = tagger.tag(TEXT, probabilities=True)
    assert line["units"] == json.loads(json.dumps([unit.to_dict() for unit in tagged.units]))
    judged = [unit for unit in line["units"] if unit["status"] in ("labelled", "none", "abstained")]
    assert judged
    assert all(set(unit["probabilities"]) == {*tagger.letters, *tagger.codes} for unit in judged)


class Failing(Tagger):
    """A tagger that fails at one text, as a fault that nobody foresaw would make it."""

    def tag_together(self, texts: Sequence[str], **wanted: bool) -> list[TaggedDocument]:
        if "坏" in texts:
            raise ZeroDivisionError("of a unit\nby nothing")
        return super().tag_together(texts, **wanted)


def test_a_fault_in_tagging_costs_its_own_document_only(tagger: Tagger) -> None:
    items = [Document(name, text) for name, text in (("a", TEXT), ("b", "坏"), ("c", TEXT))]
    outcomes = list(tag_items(Failing(tagger.model), items))
    assert [type(outcome) for outcome in outcomes] == [Result, Failure, Result]
    assert str(outcomes[1]).startswith("b: tagging it failed (ZeroDivisionError: of a unit by nothing); ")


def test_without_text_a_line_quotes_nothing(tagger: Tagger) -> None:
    fields = {"区县": "青苎县", "标题": TITLE, "答复": "您反映的推诿扯皮问题已经转交县纪委监委调查处理。"}
    document = Document("row 7", TEXT, metadata=Metadata(title=TITLE, date="2024"), fields=fields)
    [result] = tag_items(tagger, [document])
    assert isinstance(result, Result)
    whole, bare = result.to_dict(), result.to_dict(text=False)
    assert "推诿" in json.dumps(whole, ensure_ascii=False)
    assert "推诿" not in json.dumps(bare, ensure_ascii=False)
    assert (bare["metadata"]["title"], bare["metadata"]["date"]) == ("", "2024")
    assert bare["fields"] == {"区县": "青苎县"} | dict.fromkeys(("标题", "答复"), "")
    assert [unit["codes"] for unit in bare["units"]] == [unit["codes"] for unit in whole["units"]]
    assert [unit["tags"] for unit in bare["units"]] == [unit["tags"] for unit in whole["units"]]
