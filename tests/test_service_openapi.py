"""The description of the API: whole, in Chinese too, and true of what is not seen from outside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from wuxing_nlp.service.access.keys import VARIABLE
from wuxing_nlp.service.app import create_app
from wuxing_nlp.service.asgi.guarded import is_open
from wuxing_nlp.service.problems import KINDS, MEDIA_TYPE
from wuxing_nlp.service.settings import ServiceSettings
from wuxing_nlp.service.wire.documents import TagAnswer
from wuxing_nlp.service.wire.requests import RowsRequest, TagRequest


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return create_app(ServiceSettings(data=tmp_path_factory.mktemp("data"))).openapi()


def operations(described: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method} {path}": operation
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    }


def references(value: Any) -> set[str]:
    if isinstance(value, dict):
        return {value["$ref"]} if "$ref" in value else set[str]().union(*map(references, value.values()))
    return set[str]().union(*map(references, value)) if isinstance(value, list) else set()


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    known = {f"#/components/schemas/{name}" for name in described["components"]["schemas"]}
    assert references(described) <= known
    assert not any("ValidationError" in name for name in known)


def test_every_operation_is_told_in_both_languages(described: dict[str, Any]) -> None:
    for name, operation in operations(described).items():
        assert not operation["summary"].isascii(), name
        assert operation["description"].isascii(), name
    assert "码位" in described["info"]["description"]


def test_every_answer_has_an_id_and_every_error_is_a_problem(described: dict[str, Any]) -> None:
    statuses = {str(kind.status) for kind in KINDS.values()}
    for name, operation in operations(described).items():
        assert {"400", "403", "431", "500", "503"} <= set(operation["responses"]), name
        for status, response in operation["responses"].items():
            assert "X-Request-ID" in response["headers"], (name, status)
            if status >= "400":
                assert status in statuses, (name, status)
                assert set(response["content"]) == {MEDIA_TYPE}, (name, status)
            if status == "503":
                assert "Retry-After" in response["headers"], name


def test_bodies_are_described(described: dict[str, Any]) -> None:
    posts = operations(described)
    body = posts["post /v1/tag"]["requestBody"]
    assert body["required"]
    assert body["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/TagRequest"}
    request = described["components"]["schemas"]["TagRequest"]
    assert request["additionalProperties"] is False
    assert all(each.get("description") for each in request["properties"].values())
    form = posts["post /v1/documents"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert (form["required"], form["additionalProperties"]) == (["file"], False)


@pytest.mark.parametrize("model", [TagRequest, RowsRequest, TagAnswer])
def test_examples_are_chinese_and_hold(model: Any, described: dict[str, Any]) -> None:
    examples = described["components"]["schemas"][model.__name__]["examples"]
    assert examples
    for example in examples:
        assert not str(example).isascii()
        assert model.model_validate(example).model_dump(mode="json", exclude_unset=True) == example


def test_keys_are_described_where_they_are_needed(
    described: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "securitySchemes" not in described["components"]
    assert not any("security" in operation for operation in operations(described).values())
    monkeypatch.setenv(VARIABLE, "ann=a-key-that-nobody-guesses")
    keyed = create_app(ServiceSettings(data=tmp_path)).openapi()
    [scheme] = keyed["components"]["securitySchemes"].values()
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    for path, methods in keyed["paths"].items():
        for operation in methods.values():
            assert ("security" in operation) == (not is_open(path))
            assert is_open(path) or "401" in operation["responses"]
