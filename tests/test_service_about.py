"""What a real server says of itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from pydantic import BaseModel

from benchmarks.serving import Server
from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.model.bundle import CARD
from wuxing_nlp.model.tagger import Tagger, shipped_bundle
from wuxing_nlp.service.settings import ServiceSettings
from wuxing_nlp.service.wire.about import CodebookAnswer, Health, LimitsAnswer, ModelAnswer
from wuxing_nlp.version import __version__


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    with server.client() as client:
        yield client


def told(client: httpx.Client, path: str, model: type[BaseModel]) -> dict[str, Any]:
    """What is answered, which is as OpenAPI describes it, field for field."""
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert model.model_validate_json(answer.content).model_dump(mode="json") == answer.json()
    return dict(answer.json())


def without_gaps(value: Any) -> Any:
    """Without what a name does not have: the command leaves it out."""
    if isinstance(value, dict):
        return {name: without_gaps(each) for name, each in value.items() if each != ""}
    return [without_gaps(each) for each in value] if isinstance(value, list) else value


def test_the_codebook_is_that_of_the_command(
    client: httpx.Client, wuxing: Callable[..., tuple[int, str, str]]
) -> None:
    answer = told(client, "/v1/codebook", CodebookAnswer)
    assert answer["sha256"] == load_codebook().fingerprint
    assert [entry["letter"] for entry in answer["types"] + answer["problems"]] == list(
        load_codebook().letters
    )
    _, out, _ = wuxing("codebook", "--format", "json")
    assert without_gaps({name: answer[name] for name in json.loads(out)}) == json.loads(out)


def test_the_model_is_the_one_that_tags(client: httpx.Client, tagger: Tagger) -> None:
    answer = told(client, "/v1/model", ModelAnswer)
    assert answer["cited"] == tagger.tag("").model
    assert answer["card"] == (shipped_bundle() / CARD).read_text(encoding="utf-8")
    assert answer["package"] == __version__
    assert answer["codebook"]["sha256"] == load_codebook().fingerprint
    assert answer["preferences"] == ["balanced", "precision", "recall"]
    assert set(answer["untrained"]) <= {*answer["letters"], *answer["codes"]}
    assert answer["scores"]
    assert all(len(part["sha256"]) == 64 for part in answer["parts"].values())


def test_the_limits_are_the_settings(client: httpx.Client) -> None:
    answer = told(client, "/v1/limits", LimitsAnswer)
    expected = ServiceSettings(workers=1)
    assert answer == {name: getattr(expected, name) for name in answer}


def test_health(client: httpx.Client) -> None:
    assert told(client, "/healthz", Health) == {"status": "alive"}
    while client.get("/readyz").status_code == 503:
        pass
    assert told(client, "/readyz", Health) == {"status": "ready"}


def test_figures_for_prometheus(client: httpx.Client) -> None:
    name = 'wuxing_requests_total{method="GET",path="/v1/limits",status="200"}'

    def figures() -> dict[str, float]:
        answer = client.get("/metrics")
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
        lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
        return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}

    client.get("/v1/limits")
    client.post("/v1/tag", json={"texts": ["坚决整治推诿扯皮。持续深化改革。", "甲"]})
    before = figures()
    client.get("/v1/limits")
    client.post("/v1/tag", json={"texts": ["坚决整治推诿扯皮。持续深化改革。", "甲"]})
    after = figures()
    assert after[name] == before[name] + 1
    assert after["wuxing_documents_total"] == before["wuxing_documents_total"] + 2
    assert after["wuxing_units_total"] == before["wuxing_units_total"] + 3
    assert after["wuxing_workers"] == 1
    assert after["wuxing_workers_busy"] == after["wuxing_calls_waiting"] == 0
    assert after["wuxing_requests_in_flight"] == 1


def test_a_path_that_nobody_wrote_is_no_label(client: httpx.Client) -> None:
    client.get("/nobody/wrote/this")
    client.request("PROPFIND", "/v1/limits")
    text = client.get("/metrics").text
    assert "nobody" not in text
    assert "PROPFIND" not in text
    assert 'method="other"' in text


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1", "/v1/", "/v1/tag/", "/docs", "/redoc", "/V1/tag"])
def test_what_is_not_there_is_told(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:wuxing:problem:not-found"
