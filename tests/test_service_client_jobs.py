"""Jobs through the Python client, against a real server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benchmarks.serving import Server
from wuxing_nlp.errors import OutputError, ServiceError
from wuxing_nlp.model.tagger import Tagger
from wuxing_nlp.service.client import AsyncClient, Client, JobFailedError, ServiceProblem

TEXT = "个别窗口怕担责任，能推就推。\n下一步，持续深化“放管服”改革，让群众少跑腿。"


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[Client]:
    with Client(server.url) as client:
        yield client


def test_files_are_tagged_as_in_python(client: Client, tagger: Tagger, tmp_path: Path) -> None:
    names = ["甲县“放管服”总结.txt", "乙县.txt"]
    for name in names:
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    job = client.submit([tmp_path / name for name in names], name="两县总结", evidence=False)
    assert job.name == "两县总结"
    done = client.wait(job, timeout=300)
    assert (done.id, done.state, done.progress) == (job.id, "done", 1)
    assert done.counts
    assert (done.counts.documents, done.counts.failures) == (2, 0)
    records = list(client.results(done))
    assert sorted(record["document"] for record in records) == sorted(names)
    expected = tagger.tag(TEXT, evidence=False, probabilities=True).to_dict()["units"]
    assert [record["units"] for record in records] == [expected, expected]


def test_rows_are_sent_whatever_they_come_from(client: Client) -> None:
    def rows() -> Iterator[dict[str, Any]]:
        yield {"编号": "甲", "正文": TEXT, "答复": "已办"}
        yield {"编号": "乙", "正文": "坚决整治推诿扯皮。", "答复": None}

    job = client.wait(
        client.submit(rows=rows(), text_column="正文", id_column="编号", text=False), timeout=300
    )
    records = list(client.results(job.id))
    assert [record["document"] for record in records] == ["rows.jsonl#甲", "rows.jsonl#乙"]
    assert not any("text" in unit for record in records for unit in record["units"])


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "give paths of files, or rows"),
        ({"paths": "a.txt", "rows": []}, "and not both"),
        ({"rows": []}, "give at least one"),
        ({"paths": []}, "name at least one"),
        ({"rows": ["正文"]}, "row 1 is a str; give a mapping"),
        ({"rows": [{"a": "b"}, {"日期": date(2026, 3, 2)}]}, "row 2 cannot be sent as JSON .*give strings"),
    ],
)
def test_what_cannot_be_a_job_is_told(client: Client, given: dict[str, Any], told: str) -> None:
    with pytest.raises(ServiceError, match=told):
        client.submit(**given)


def test_a_job_under_one_key_is_one_job(client: Client) -> None:
    rows = [{"正文": TEXT}]
    job = client.submit(rows=rows, idempotency_key="March")
    others = [
        client.submit(rows=rows, idempotency_key="April"),
        client.submit(rows=rows),
        client.submit(rows=rows),
    ]
    assert len({each.id for each in [job, *others]}) == 4
    assert client.submit(rows=rows, idempotency_key="March").id == job.id
    with pytest.raises(ServiceProblem) as caught:
        client.submit(rows=[{"正文": "别的"}], idempotency_key="March")
    assert (caught.value.slug, caught.value.status) == ("key-reused", 409)
    with pytest.raises(ServiceError, match="idempotency_key is '三月'; give printable ASCII"):
        client.submit(rows=rows, idempotency_key="三月")
    for each in [job, *others]:
        client.delete(each)


def test_files_of_a_job_are_downloaded(client: Client, tmp_path: Path) -> None:
    job = client.wait(client.submit(rows=[{"正文": TEXT}]), timeout=300)
    for file in job.files:
        path = client.download(job, file, tmp_path)
        assert path == tmp_path / file.value
    table = (tmp_path / "units.csv").read_text(encoding="utf-8-sig")
    assert table.startswith("document,unit,start,end")
    assert client.download(job, "run.json", tmp_path / "new" / "记录.json").is_file()
    with pytest.raises(OutputError, match="cannot be written"):
        client.download(job, "run.json", tmp_path / "units.csv" / "run.json")
    with pytest.raises(ServiceProblem):
        client.download(job, "../../limits", tmp_path / "limits")
    assert not (tmp_path / "limits").exists()


def test_results_may_be_left_half_way(client: Client) -> None:
    job = client.wait(client.submit(rows=[{"正文": TEXT}] * 200), timeout=300)
    records = client.results(job)
    assert next(records)["units"]
    records.close()  # type: ignore[attr-defined]
    assert len(list(client.results(job))) == 200


def test_a_job_that_failed_raises(server: Server, client: Client) -> None:
    before = client.submit(rows=[{"正文": TEXT}] * 20_000)
    job = client.submit(rows=[{"正文": TEXT}])
    # While another job runs: something is where the results are to be.
    (server.log.parent / "jobs" / job.id / "out").write_text("in the way", encoding="utf-8")
    client.delete(before)
    with pytest.raises(JobFailedError, match=rf"job {job.id} failed: .*out cannot be a folder") as caught:
        client.wait(job, timeout=300)
    assert caught.value.job.state == "failed"
    with pytest.raises(ServiceProblem) as refused:
        next(client.results(job))
    assert (refused.value.slug, refused.value.status) == ("not-finished", 409)


def test_what_is_not_finished_is_told(client: Client) -> None:
    job = client.submit(rows=[{"正文": TEXT}])
    with pytest.raises(ServiceError, match=r"still (queued|running) after 0 seconds; it goes on"):
        client.wait(job, timeout=0)
    client.wait(job, timeout=300)


def test_jobs_are_listed_and_removed(client: Client) -> None:
    sent = [client.submit(rows=[{"正文": TEXT}]).id for _ in range(3)]
    assert [each.id for each in client.jobs()][:3] == sent[::-1]
    assert client.job(sent[0]).id == sent[0]
    for id in sent:
        client.delete(id)
    assert not set(sent) & {each.id for each in client.jobs()}
    with pytest.raises(ServiceProblem) as caught:
        client.job(sent[0])
    assert (caught.value.slug, caught.value.status) == ("not-found", 404)


def test_async_jobs_answer_as_the_others(server: Server, client: Client, tmp_path: Path) -> None:
    async def main() -> None:
        async with AsyncClient(server.url) as other:
            job = await other.wait(await other.submit(rows=[{"正文": TEXT}] * 3, name="异步"), timeout=300)
            assert await other.job(job) == client.job(job) == job
            assert await other.jobs() == client.jobs()
            assert [record async for record in other.results(job)] == list(client.results(job))
            path = await other.download(job, "units.csv", tmp_path / "a.csv")
            assert path.read_bytes() == client.download(job, "units.csv", tmp_path / "b.csv").read_bytes()
            await other.delete(job)
            assert job.id not in {each.id for each in client.jobs()}

    asyncio.run(main())
