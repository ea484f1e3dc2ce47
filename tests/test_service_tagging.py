"""``/v1/tag`` and ``/v1/documents`` of a real server."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from benchmarks.serving import Server
from wuxing_nlp.model.tagger import Tagger
from wuxing_nlp.service.wire.documents import DocumentsAnswer, TagAnswer

TEXT = "个别窗口怕担责任，能推就推。\n下一步，持续深化“放管服”改革，让群众少跑腿。"
ASTRAL = "𠮷县💡个别窗口怕担责任，能推就推。"


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    with server.client() as client:
        yield client


def tagged(client: httpx.Client, **body: Any) -> dict[str, Any]:
    """The answer to texts, which is as OpenAPI describes it, field for field."""
    answer = client.post("/v1/tag", json=body)
    assert answer.status_code == 200, answer.text
    read = TagAnswer.model_validate_json(answer.content, strict=True)
    assert read.model_dump(mode="json", exclude_unset=True) == answer.json()
    return dict(answer.json())


def filed(client: httpx.Client, *files: tuple[str, bytes], **query: Any) -> dict[str, Any]:
    """The answer to files, likewise."""
    answer = client.post("/v1/documents", files=[("file", file) for file in files], params=query)
    assert answer.status_code == 200, answer.text
    read = DocumentsAnswer.model_validate_json(answer.content, strict=True)
    assert read.model_dump(mode="json", exclude_unset=True) == answer.json()
    return dict(answer.json())


def problem(answer: httpx.Response, status: int, slug: str) -> dict[str, Any]:
    """The problem that was answered."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = dict(answer.json())
    assert body["type"] == f"urn:wuxing:problem:{slug}"
    assert body["request_id"] == answer.headers["x-request-id"]
    return body


def test_a_text_is_tagged_as_in_python(client: httpx.Client, tagger: Tagger) -> None:
    answer = tagged(client, text=TEXT)
    [document] = answer["documents"]
    expected = tagger.tag(TEXT).to_dict()
    assert answer["model"] == expected.pop("model")
    assert answer["prefer"] == expected.pop("prefer")
    assert document == expected


def test_texts_keep_their_order(client: httpx.Client, tagger: Tagger) -> None:
    texts = [TEXT, "", "第三中学操场于八月底完工。", TEXT[:5]]
    answer = tagged(client, texts=texts, evidence=False)
    for text, document in zip(texts, answer["documents"], strict=True):
        assert document["units"] == tagger.tag(text, evidence=False).to_dict()["units"]
    assert tagged(client, texts=[])["documents"] == []


def test_offsets_count_code_points_of_the_text(client: httpx.Client) -> None:
    for cut in (True, False):
        [document] = tagged(client, text=ASTRAL, cut=cut)["documents"]
        for unit in document["units"]:
            assert unit["text"] == ASTRAL[unit["start"] : unit["end"]]
            for tag in unit["tags"]:
                for span in tag["evidence"]:
                    assert unit["start"] <= span["start"] < span["end"] <= unit["end"]
        assert any(tag["evidence"] for unit in document["units"] for tag in unit["tags"])


def test_a_text_that_is_not_cut_is_one_unit(client: httpx.Client, tagger: Tagger) -> None:
    answer = tagged(client, texts=[TEXT, "", " \n"], cut=False, probabilities=True)
    assert [len(document["units"]) for document in answer["documents"]] == [1, 1, 1]
    [unit] = tagger.tag_units([TEXT], evidence=True, probabilities=True)
    assert answer["documents"][0]["units"] == [unit.to_dict()]
    assert answer["documents"][0]["profile"]["units"] == 1


def test_what_is_not_asked_for_is_left_out(client: httpx.Client) -> None:
    [document] = tagged(client, text=TEXT, evidence=False, units_only=True)["documents"]
    assert set(document) == {"units"}
    assert all(tag["evidence"] == [] for unit in document["units"] for tag in unit["tags"])
    assert not any("probabilities" in unit for unit in document["units"])
    [document] = tagged(client, text=TEXT, probabilities=True)["documents"]
    assert set(document) == {"units", "profile", "script"}
    assert all(set(unit["probabilities"]) > {"P", "P!"} for unit in document["units"])


def test_less_certain_codes_are_left_out(client: httpx.Client) -> None:
    [document] = tagged(client, text=TEXT, min_probability=1)["documents"]
    assert {unit["status"] for unit in document["units"]} == {"abstained"}
    assert sum(document["profile"]["letters"].values()) == 0


@pytest.mark.parametrize("prefer", ["balanced", "precision", "recall"])
def test_the_preference_is_the_taggers(client: httpx.Client, prefer: str) -> None:
    answer = tagged(client, text=TEXT, prefer=prefer)
    assert answer["prefer"] == prefer
    assert filed(client, ("a.txt", TEXT.encode()), prefer=prefer)["prefer"] == prefer


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, "the body: give text or texts, and not both"),
        ({"text": "甲", "texts": ["乙"]}, "the body: give text or texts, and not both"),
        ({"text": "甲", "texts": None}, "texts: "),
        ({"text": None}, "text: "),
        ({"text": ["甲"]}, "text: "),
        ({"texts": "甲"}, "texts: "),
        ({"texts": ["甲", 1]}, "texts.1: "),
        ({"text": "甲", "evidence": "false"}, "evidence: "),
        ({"text": "甲", "min_probability": 1.01}, "min_probability: "),
        ({"text": "甲", "min_probability": "0.5"}, "min_probability: "),
        ({"text": "甲", "prefer": "best"}, "prefer: Input should be 'balanced', 'precision' or 'recall'"),
        ({"text": "甲", "cut": None}, "cut: "),
        (
            {"text": "甲", "x" * 99: 1},
            f"{'x' * 40}: there is no field of this name; there are text, texts, cut",
        ),
        ([], "the body: "),
        ("甲", "the body: "),
        (1, "the body: "),
    ],
)
def test_what_is_not_valid_is_told(client: httpx.Client, body: Any, told: str) -> None:
    found = problem(client.post("/v1/tag", json=body), 422, "invalid")
    assert found["detail"].startswith(told)
    assert found["detail"].endswith("; see /openapi.json for what is taken")
    assert found["detail"].startswith(found["errors"][0]["where"] or "the body")


def test_only_so_many_errors_are_told(client: httpx.Client) -> None:
    body = {f"{'秘' * 50}{number}": 1 for number in range(1_000)}
    found = problem(client.post("/v1/tag", json=body), 422, "invalid")
    assert len(found["errors"]) == 20
    assert all(len(error["where"]) <= 40 for error in found["errors"])


@pytest.mark.parametrize(
    "body",
    [
        *(
            b"",
            b"{",
            b"[",
            b"\0",
            b"NaN1",
            b"{}{}",
            b"<a/>",
            b"text=a",
            b'{"text": "\n"}',
            b'{"text": "\xff"}',
        ),
        '{"text": "工作"}'.encode("gb18030"),
        '{"text": "工作"}'.encode("utf-16"),
    ],
)
def test_what_is_no_json_is_told(client: httpx.Client, body: bytes) -> None:
    answer = client.post("/v1/tag", content=body, headers={"content-type": "application/json"})
    assert problem(answer, 400, "not-json")["detail"].startswith("the body is not JSON in UTF-8 (")


@pytest.mark.parametrize("kind", ["text/plain", "", "application/x-www-form-urlencoded", "json", "a" * 999])
def test_another_content_type_is_told(client: httpx.Client, kind: str) -> None:
    answer = client.post("/v1/tag", content=b'{"text": "a"}', headers={"content-type": kind})
    found = problem(answer, 415, "unsupported-media-type")
    assert found["detail"].endswith("; send application/json")
    assert len(found["detail"]) < 200
    answer = client.post("/v1/documents", content=b"a", headers={"content-type": kind})
    assert problem(answer, 415, "unsupported-media-type")["detail"].endswith("; send multipart/form-data")


@pytest.mark.parametrize(
    "kind", ["application/json", "Application/JSON; charset=UTF-8", "application/json;a=b"]
)
def test_a_content_type_may_have_parameters(client: httpx.Client, kind: str) -> None:
    answer = client.post("/v1/tag", content=b'{"text": "a"}', headers={"content-type": kind})
    assert answer.status_code == 200


def test_the_limits_of_a_call(client: httpx.Client) -> None:
    limits = client.get("/v1/limits").json()
    assert len(tagged(client, texts=[""] * limits["texts"])["documents"]) == limits["texts"]
    answer = client.post("/v1/tag", json={"texts": [""] * (limits["texts"] + 1)})
    assert "1,001 texts, the limit is 1,000" in problem(answer, 413, "too-much")["detail"]
    answer = client.post("/v1/tag", json={"text": "a" * (limits["characters"] + 1)})
    assert (
        "a text of 1,000,001 characters, the limit is 1,000,000" in problem(answer, 413, "too-much")["detail"]
    )
    answer = client.post("/v1/tag", json={"texts": ["a" * limits["characters"]] * 3})
    assert "3,000,000 characters" in problem(answer, 413, "too-much")["detail"]
    answer = client.post("/v1/tag", json={"texts": ["a" * limits["body_bytes"]]})
    assert "more than 5,000,000 bytes" in problem(answer, 413, "too-large")["detail"]


def test_a_file_is_tagged_as_its_text(client: httpx.Client, tagger: Tagger) -> None:
    answer = filed(client, ("报告.txt", TEXT.encode("gb18030")), probabilities=True)
    [document] = answer["documents"]
    assert (document["document"], document["text"]) == ("报告.txt", TEXT)
    assert document["encoding"].lower().startswith("gb")
    assert set(document["metadata"]) == {"title", "number", "issuer", "region", "date", "kind"}
    expected = tagger.tag(TEXT, probabilities=True).to_dict()
    assert [document[name] for name in ("units", "profile", "script")] == [
        expected[name] for name in ("units", "profile", "script")
    ]
    assert answer["failures"] == answer["notices"] == []


def test_the_rows_of_a_table_are_documents(client: httpx.Client) -> None:
    table = f"编号,内容,备注\n甲,{TEXT.splitlines()[0]},一\n乙,{TEXT.splitlines()[1]},二\n".encode()
    answer = filed(client, ("表.csv", table), text_column="内容", id_column="编号")
    assert [document["document"] for document in answer["documents"]] == ["表.csv#甲", "表.csv#乙"]
    assert [document["text"] for document in answer["documents"]] == TEXT.splitlines()
    assert answer["documents"][0]["fields"]["备注"] == "一"


def test_an_archive_and_what_cannot_be_read(client: httpx.Client) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("../甲.txt", TEXT)
        made.writestr("空.txt", "")
    answer = filed(
        client, ("全部.zip", buffer.getvalue()), ("坏.pdf", b"%PDF-1.7"), ("好.txt", TEXT.encode())
    )
    assert len(answer["documents"]) == 2
    assert len(answer["failures"]) == 2
    for failure in answer["failures"]:
        assert all(failure[name] for name in ("name", "seen", "advice"))


@pytest.mark.parametrize("name", ["空.txt", "a.exe", "a", "坏.docx", "坏.zip"])
def test_nothing_readable_is_a_problem(client: httpx.Client, name: str) -> None:
    answer = client.post("/v1/documents", files={"file": (name, b"")})
    found = problem(answer, 422, "unreadable")
    assert found["failures"][0]["name"] == name
    assert found["failures"][0]["advice"] in found["detail"]


@pytest.mark.parametrize(
    "query",
    [
        "evidence=perhaps",
        "probabilities=",
        "prefer=best",
        "prefer=",
        "min_probability=2",
        "min_probability=nan",
        "min_probability=",
        f"text_column={'x' * 201}",
    ],
)
def test_a_query_that_is_not_valid_is_told(client: httpx.Client, query: str) -> None:
    answer = client.post(f"/v1/documents?{query}", files={"file": ("a.txt", TEXT.encode())})
    found = problem(answer, 422, "invalid")
    assert found["errors"][0]["where"] == f"query.{query.partition('=')[0]}"


def test_too_many_documents_are_too_much(client: httpx.Client) -> None:
    rows = "正文\n" + "甲\n" * 1_001
    answer = client.post("/v1/documents", files={"file": ("a.csv", rows.encode())})
    assert "1,001 documents or more, the limit is 1,000" in problem(answer, 413, "too-much")["detail"]


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/v1/tag", "/v1/documents"])
def test_other_methods_are_told(client: httpx.Client, method: str, path: str) -> None:
    answer = client.request(method, path)
    problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "POST"
