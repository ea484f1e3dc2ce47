"""``/v1/jobs`` of a real server: large work is taken, done once, fetched and removed."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import psutil
import pytest

from benchmarks.serving import Server, looks, serving
from wuxing_nlp.model.bundle import Model, save
from wuxing_nlp.service.jobs.store import MOST_CRASHES

TEXT = "坚决整治推诿扯皮、久拖不决。"
ROWS = [{"编号": str(number), "正文": TEXT} for number in range(3)]
LINES = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS).encode()
LONG = (TEXT + "\n") * 10_000
"""Seconds of work: what must still run when it is looked at."""

FILES = ["results.jsonl", "units.csv", "documents.csv", "failures.csv", "run.json"]
KEYS = "anna=key-of-anna-0123456789,bob=key-of-bob-0123456789"
Job = dict[str, Any]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that two callers have keys for."""
    with serving(tmp_path_factory.mktemp("jobs"), "--workers", "1", keys=KEYS) as server:
        yield server


@pytest.fixture
def anna(running: Server) -> Iterator[httpx.Client]:
    with running.client(headers={"Authorization": "Bearer key-of-anna-0123456789"}) as client:
        yield client


@pytest.fixture
def bob(running: Server) -> Iterator[httpx.Client]:
    with running.client(headers={"Authorization": "Bearer key-of-bob-0123456789"}) as client:
        yield client


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[Server]:
    """A server with narrow limits."""
    with serving(tmp_path / "data", "--workers", "1", "--jobs", "1", "--body-bytes", "2000") as server:
        yield server


def files(**texts: str) -> list[tuple[str, tuple[str, bytes]]]:
    """The parts of a form, each a text by its name."""
    return [("file", (f"{name}.txt", text.encode())) for name, text in texts.items()]


def sent(client: httpx.Client, **options: Any) -> Job:
    """A job that is accepted."""
    answer = client.post("/v1/jobs", **options)
    assert answer.status_code == 202, answer.text
    job: Job = answer.json()
    assert answer.headers["Location"] == f"/v1/jobs/{job['id']}"
    return job


def until(client: httpx.Client, job: Job, *states: str) -> Job:
    """The job, once it is in one of some states."""
    for _ in looks():
        seen: Job = client.get(f"/v1/jobs/{job['id']}").json()
        if seen["state"] in states:
            return seen
        assert seen["state"] in ("queued", "running"), seen
    raise AssertionError


def done(client: httpx.Client, job: Job) -> Job:
    return until(client, job, "done")


def problem(answer: httpx.Response, status: int, slug: str) -> dict[str, Any]:
    """The problem that an answer tells."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    told: dict[str, Any] = answer.json()
    assert told["type"] == f"urn:wuxing:problem:{slug}"
    return told


def test_files_become_what_the_command_line_makes_of_them(
    anna: httpx.Client, tmp_path: Path, make_run: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = sent(anna, files=files(报告=f"{TEXT}\n增强担当意识。", 坏=""), params={"name": "我的任务"})
    assert (job["name"], job["error"], job["files"]) == ("我的任务", None, [])
    job = done(anna, job)
    assert (job["progress"], job["files"]) == (1, FILES)
    assert job["counts"] == {"documents": 1, "failures": 1, "units": 2}
    assert job["created"] <= job["started"] <= job["finished"]
    monkeypatch.chdir(tmp_path)
    Path("报告.txt").write_text(f"{TEXT}\n增强担当意识。", encoding="utf-8")
    Path("坏.txt").touch()
    expected = make_run(tmp_path / "out", Path("坏.txt"), Path("报告.txt"))
    for name in FILES[:4]:
        assert anna.get(f"/v1/jobs/{job['id']}/{name}").content == (expected / name).read_bytes()


def test_rows_come_as_json_or_as_lines(anna: httpx.Client) -> None:
    kinds: list[dict[str, Any]] = [
        {"json": {"rows": ROWS}},
        {"content": LINES, "headers": {"Content-Type": "application/x-ndjson; charset=utf-8"}},
    ]
    jobs = [done(anna, sent(anna, **kind, params={"id_column": "编号"})) for kind in kinds]
    results = [anna.get(f"/v1/jobs/{job['id']}/results.jsonl").text for job in jobs]
    assert results[0] == results[1]
    documents = [json.loads(line)["document"] for line in results[0].splitlines()]
    assert documents == ["rows.jsonl#0", "rows.jsonl#1", "rows.jsonl#2"]


def test_options_reach_the_run(anna: httpx.Client) -> None:
    options = {"evidence": False, "text": False, "prefer": "recall", "text_column": "正文"}
    job = done(anna, sent(anna, json={"rows": ROWS}, params=options))
    record = anna.get(f"/v1/jobs/{job['id']}/run.json").json()
    assert (record["evidence"], record["text"], record["prefer"]) == (False, False, "recall")
    assert record["options"]["text_column"] == "正文"
    assert "推诿" not in anna.get(f"/v1/jobs/{job['id']}/results.jsonl").text


def test_a_file_is_named_and_typed_for_who_saves_it(anna: httpx.Client) -> None:
    job = done(anna, sent(anna, files=files(a=TEXT), params={"name": '各"县/报告\r\nX: 1'}))
    kinds = {
        "results.jsonl": "application/x-ndjson",
        "units.csv": "text/csv; charset=utf-8",
        "run.json": "application/json",
    }
    for name, kind in kinds.items():
        answer = anna.get(f"/v1/jobs/{job['id']}/{name}")
        assert answer.headers["content-type"] == kind
        assert answer.headers["cache-control"] == "no-store"
        said = answer.headers["content-disposition"]
        shown = f'各"县_报告\ufffd\ufffdX: 1-{name}'
        assert said == f"attachment; filename*=utf-8''{quote(shown)}"


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=3-10", 206, slice(3, 11)),
        ("bytes=9-", 206, slice(9, None)),
        ("bytes=-9", 206, slice(-9, None)),
        ("bytes=9-3", 200, slice(None)),
        ("bytes=-0", 200, slice(None)),
        ("bytes=0-1,4-5", 200, slice(None)),
        ("lines=1-2", 200, slice(None)),
        ("bytes=" + "9" * 99 + "-", 200, slice(None)),
    ],
)
def test_a_part_of_a_file_can_be_fetched(anna: httpx.Client, asked: str, status: int, part: slice) -> None:
    job = done(anna, sent(anna, json={"rows": ROWS}, headers={"Idempotency-Key": "ranges"}))
    path = f"/v1/jobs/{job['id']}/units.csv"
    answer = anna.get(path, headers={"Range": asked})
    assert answer.status_code == status
    assert answer.content == anna.get(path).content[part]


def test_a_part_behind_the_end_is_refused(anna: httpx.Client) -> None:
    job = done(anna, sent(anna, json={"rows": ROWS}, headers={"Idempotency-Key": "ranges"}))
    answer = anna.get(f"/v1/jobs/{job['id']}/units.csv", headers={"Range": "bytes=999999-"})
    problem(answer, 416, "no-such-range")


def test_the_same_job_sent_again_is_one_job(anna: httpx.Client, bob: httpx.Client) -> None:
    again: dict[str, Any] = {"files": files(a=TEXT), "headers": {"Idempotency-Key": "一".encode().hex()}}
    first = sent(anna, **again)
    assert sent(anna, **again)["id"] == first["id"]
    done(anna, first)
    assert sent(anna, **again)["state"] == "done"
    assert sent(bob, **again)["id"] != first["id"]
    other = {**again, "files": files(a=TEXT + TEXT)}
    for changed in (other, {**again, "params": {"evidence": "false"}}, {**again, "params": {"name": "x"}}):
        assert first["id"] in problem(anna.post("/v1/jobs", **changed), 409, "key-reused")["detail"]


@pytest.mark.parametrize("key", [b"", b"a" * 201, "密".encode(), b"a\tb"])
def test_a_key_is_short_and_printable(anna: httpx.Client, key: bytes) -> None:
    answer = anna.post("/v1/jobs", json={"rows": ROWS}, headers=[(b"Idempotency-Key", key)])
    assert problem(answer, 422, "invalid")["errors"][0]["where"].endswith("Idempotency-Key")


def test_jobs_of_others_are_as_if_there_were_none(anna: httpx.Client, bob: httpx.Client) -> None:
    job = done(anna, sent(anna, files=files(a=TEXT)))
    unknown = problem(bob.get(f"/v1/jobs/{'0' * 32}"), 404, "not-found")["detail"]
    for path in (f"/v1/jobs/{job['id']}", "/v1/jobs/x", f"/v1/jobs/{job['id']}/units.csv"):
        assert problem(bob.get(path), 404, "not-found")["detail"] == unknown
    assert problem(bob.delete(f"/v1/jobs/{job['id']}"), 404, "not-found")["detail"] == unknown
    assert problem(bob.get("/v1/jobs", params={"after": job["id"]}), 404, "not-found")["detail"] == unknown
    assert job["id"] not in [each["id"] for each in bob.get("/v1/jobs").json()["jobs"]]
    assert anna.get(f"/v1/jobs/{job['id']}").json() == job


def test_jobs_are_listed_a_page_at_a_time(bob: httpx.Client) -> None:
    ids = [sent(bob, json={"rows": ROWS})["id"] for _ in range(3)]
    first = bob.get("/v1/jobs", params={"limit": 2}).json()
    assert [job["id"] for job in first["jobs"]] == [ids[2], ids[1]]
    assert first["next"] == ids[1]
    rest = bob.get("/v1/jobs", params={"after": first["next"]}).json()
    assert rest["jobs"][0]["id"] == ids[0]
    assert rest["next"] is None
    for limit in (0, 501):
        problem(bob.get("/v1/jobs", params={"limit": limit}), 422, "invalid")


def test_names_of_files_are_kept_so_far_as_they_are_safe(anna: httpx.Client, running: Server) -> None:
    names = ["../../escaped.txt", "报告.txt", "报告.txt", ".hidden.txt", "C:\\x\\窗.txt"]
    job = sent(anna, files=[("file", (name, TEXT.encode())) for name in names])
    job = done(anna, job)
    assert job["name"] == "escaped.txt +4"
    listed = anna.get(f"/v1/jobs/{job['id']}/run.json").json()["inputs"]
    assert [each["name"] for each in listed] == [
        "escaped.txt",
        "hidden.txt",
        "报告 (2).txt",
        "报告.txt",
        "窗.txt",
    ]
    escaped = running.log.parent.parent.rglob("escaped.txt")
    assert [path.parent.name for path in escaped] == ["inputs"]


def test_results_are_there_when_the_job_is_done(anna: httpx.Client) -> None:
    first, second = sent(anna, files=files(a=LONG)), sent(anna, files=files(b=TEXT))
    for job, state in ((first, "running"), (second, "queued")):
        until(anna, job, state)
        for name in FILES:
            told = problem(anna.get(f"/v1/jobs/{job['id']}/{name}"), 409, "not-finished")
            assert f"the job is {state}" in told["detail"]
    problem(anna.get(f"/v1/jobs/{first['id']}/report.html"), 422, "invalid")
    assert anna.delete(f"/v1/jobs/{first['id']}").status_code == 204
    assert done(anna, second)["counts"]["documents"] == 1


def test_a_removed_job_is_ended_and_gone(anna: httpx.Client, running: Server) -> None:
    ended, waiting = sent(anna, files=files(a=LONG)), sent(anna, files=files(b=LONG))
    until(anna, ended, "running")
    process = psutil.Process(process_of(running, ended))
    for job in (waiting, ended):
        assert anna.delete(f"/v1/jobs/{job['id']}").status_code == 204
        problem(anna.get(f"/v1/jobs/{job['id']}"), 404, "not-found")
        problem(anna.delete(f"/v1/jobs/{job['id']}"), 404, "not-found")
        assert not (running.log.parent / "jobs" / job["id"]).exists()
    assert not process.is_running()
    done(anna, sent(anna, files=files(c=TEXT)))


def process_of(server: Server, job: Job) -> int:
    """The process that runs a job, by the log."""
    for _ in looks():
        lines = server.log.read_text(encoding="utf-8").splitlines()
        runs = [json.loads(line) for line in lines if '"a job runs"' in line and job["id"] in line]
        if runs:
            return int(runs[-1]["pid"])
    raise AssertionError


@pytest.mark.parametrize(
    ("request_of", "status", "slug"),
    [
        (
            {"content": TEXT.encode(), "headers": {"Content-Type": "text/plain"}},
            415,
            "unsupported-media-type",
        ),
        ({"content": b"", "headers": {"Content-Type": "application/x-ndjson"}}, 422, "invalid"),
        ({"json": {"rows": []}}, 422, "invalid"),
        ({"json": {"rows": [1]}}, 422, "invalid"),
        ({"json": {"rows": ROWS, "more": 1}}, 422, "invalid"),
        ({"content": b"{", "headers": {"Content-Type": "application/json"}}, 400, "not-json"),
        ({"content": b"x", "headers": {"Content-Type": "multipart/form-data"}}, 400, "not-a-form"),
        ({"data": {"x": "y"}, "files": {"other": b"z"}}, 422, "invalid"),
        ({"json": {"rows": ROWS}, "params": {"prefer": "speed"}}, 422, "invalid"),
        ({"json": {"rows": ROWS}, "params": {"name": "x" * 201}}, 422, "invalid"),
    ],
)
def test_what_is_no_job_is_refused_at_once(
    anna: httpx.Client, running: Server, request_of: dict[str, Any], status: int, slug: str
) -> None:
    before = anna.get("/v1/jobs").json()
    problem(anna.post("/v1/jobs", **request_of), status, slug)
    assert anna.get("/v1/jobs").json() == before
    assert list((running.log.parent / "uploads").iterdir()) == []


def test_a_preference_that_the_model_has_not_is_refused_at_once(tmp_path: Path, small_model: Model) -> None:
    known = small_model.calibration
    old = replace(known, letter_thresholds=known.letter_thresholds[:1], doubts=known.doubts[:1])
    bundle = tmp_path / "old"
    save(replace(small_model, calibration=old), bundle, "card")
    with serving(tmp_path, "--workers", "1", "--model", str(bundle)) as server, server.client() as client:
        answer = client.post("/v1/jobs", json={"rows": ROWS}, params={"prefer": "recall"})
        problem(answer, 422, "invalid")
        done(client, sent(client, json={"rows": ROWS}))


def test_too_many_jobs_are_refused_until_there_is_room(strict: Server) -> None:
    with strict.client() as client:
        first = sent(client, files=files(a=LONG), headers={"Idempotency-Key": "1"})
        answer = client.post("/v1/jobs", json={"rows": ROWS})
        problem(answer, 503, "busy")
        assert int(answer.headers["Retry-After"]) > 0
        assert sent(client, files=files(a=LONG), headers={"Idempotency-Key": "1"})["id"] == first["id"]
        client.delete(f"/v1/jobs/{first['id']}")
        done(client, sent(client, json={"rows": ROWS}))


def test_json_is_smaller_than_what_is_only_kept(strict: Server) -> None:
    rows = ROWS * 20
    with strict.client() as client:
        problem(client.post("/v1/jobs", json={"rows": rows}), 413, "too-large")
        lines = {"content": LINES * 20, "headers": {"Content-Type": "application/x-ndjson"}}
        assert done(client, sent(client, **lines))["counts"]["documents"] == len(rows)


def test_a_server_that_is_stopped_goes_on_when_it_is_started_again(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "1") as server, server.client() as client:
        jobs = [sent(client, files=files(a=LONG)), sent(client, files=files(b=TEXT))]
        until(client, jobs[0], "running")
        process = psutil.Process(process_of(server, jobs[0]))
        assert server.stop(signal.SIGTERM) == 0
        assert not process.is_running()
    left = tmp_path / "uploads" / "left"
    left.mkdir()
    (tmp_path / "jobs" / ("0" * 32) / "inputs").mkdir(parents=True)
    with serving(tmp_path, "--workers", "1") as server, server.client() as client:
        ended = [done(client, job) for job in jobs]
        assert [job["created"] for job in ended] == [job["created"] for job in jobs]
        assert ended[0]["started"] < ended[0]["finished"] <= ended[1]["started"]
    assert not left.exists()
    assert {path.name for path in (tmp_path / "jobs").iterdir()} == {job["id"] for job in jobs}


def test_a_second_server_keeps_its_hands_off_a_folder(
    running: Server, process: Callable[..., Any], anna: httpx.Client
) -> None:
    left = running.log.parent / "uploads" / "under way"
    left.mkdir()
    other = process(
        "serve", "--port", "0", "--workers", "1", "--data", running.log.parent, WUXING_API_KEYS=""
    )
    assert other.returncode
    assert "another service works with the data folder" in other.stderr.decode()
    assert left.exists()
    left.rmdir()
    done(anna, sent(anna, files=files(a=TEXT)))


def test_old_jobs_are_removed(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "1", "--keep-days", "0") as server, server.client() as client:
        job = sent(client, files=files(a=TEXT))
        for _ in looks():
            if client.get(f"/v1/jobs/{job['id']}").status_code == 404:
                break
        assert client.get("/v1/jobs").json() == {"jobs": [], "next": None}
        server.stop()
    assert list((tmp_path / "jobs").iterdir()) == []


def test_a_job_whose_process_is_killed_again_and_again_has_failed(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "1") as server, server.client() as client:
        job = sent(client, files=files(a=LONG))
        killed: set[int] = set()
        while len(killed) < MOST_CRASHES:
            if (number := process_of(server, job)) not in killed:
                os.kill(number, signal.SIGKILL)
                killed.add(number)
        failed = until(client, job, "failed")
        assert str(MOST_CRASHES) in failed["error"]
        assert failed["files"] == []
        assert (
            "its error"
            in problem(client.get(f"/v1/jobs/{job['id']}/units.csv"), 409, "not-finished")["detail"]
        )
        done(client, sent(client, files=files(b=TEXT)))


def test_figures_and_log_tell_of_jobs_and_quote_nothing(anna: httpx.Client, running: Server) -> None:
    job = done(anna, sent(anna, files=files(秘密名称=TEXT), params={"name": "秘密任务"}))
    figures = anna.get("/metrics").text
    assert 'wuxing_jobs{state="running"} 0.0' in figures
    assert 'wuxing_jobs{state="done"}' in figures
    log = running.log.read_text(encoding="utf-8")
    events = [line for line in map(json.loads, log.splitlines()) if line.get("job") == job["id"]]
    assert [line["event"] for line in events if line["event"] != "request"] == [
        "a job is queued",
        "a job runs",
        "a job is done",
    ]
    assert all(line.get("owner", "anna") == "anna" for line in events)
    for secret in ("推诿", "秘密", "key-of"):
        assert secret not in log


def test_the_description_has_all_bodies(anna: httpx.Client) -> None:
    schema = anna.get("/openapi.json").json()
    sends = schema["paths"]["/v1/jobs"]["post"]
    assert set(sends["requestBody"]["content"]) == {
        "multipart/form-data",
        "application/json",
        "application/x-ndjson",
    }
    assert {each["name"] for each in sends["parameters"]} == {
        "evidence",
        "text",
        "prefer",
        "text_column",
        "id_column",
        "name",
        "Idempotency-Key",
    }
    assert {"202", "409", "413", "415", "422", "503"} <= set(sends["responses"])
    assert schema["components"]["schemas"]["ResultFile"]["enum"] == FILES
