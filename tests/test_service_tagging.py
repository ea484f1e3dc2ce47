"""``/v1/tag`` and ``/v1/documents`` of a real server."""

from __future__ import annotations

from benchmarks.serving import Server
from wuxing_nlp.model.tagger import Tagger

TEXT = "个别窗口怕担责任，能推就推。\n下一步，持续深化“放管服”改革，让群众少跑腿。"


def test_a_text_is_tagged_as_in_python(server: Server, tagger: Tagger) -> None:
    with server.client() as client:
        answer = client.post("/v1/tag", json={"text": TEXT})
    assert answer.status_code == 200
    [document] = answer.json()["documents"]
    expected = tagger.tag(TEXT).to_dict()
    assert answer.json()["model"] == expected.pop("model")
    assert answer.json()["prefer"] == expected.pop("prefer")
    assert document == expected
