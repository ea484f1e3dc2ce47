"""Servers and processes are killed at any moment: every accepted job is done once, byte for byte."""

from __future__ import annotations

import json
import random
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx
import psutil
import pytest

from benchmarks.serving import Server, looks, serving

SEED = 7
LIVES = 10
JOBS = 3
WORKERS = ("--workers", "1")
TEXT = "坚决整治推诿扯皮、久拖不决，对庸政懒政的严肃问责。"
KINDS = ("窗口", "园区", "街道", "学校", "医院", "车站", "码头")
FILES = ("results.jsonl", "units.csv", "documents.csv", "failures.csv")
Job = dict[str, Any]


def text(number: int, units: int) -> str:
    """A text of so many units, which no other number has."""
    return "".join(f"第{number}号{KINDS[unit % 7]}第{unit}次通报：{TEXT}\n" for unit in range(units))


def inputs(number: int) -> dict[str, bytes]:
    """The files of a job: three chunks of work, for a chunk takes a thousand documents; and work enough
    that its processes are found at it."""
    texts = (text(100 * number + row, 4).replace("\n", "") for row in range(2_010))
    rows = "".join(f"{row},{content}\n" for row, content in enumerate(texts))
    long = text(number, 100).encode()
    return {"通报.txt": long, "表.csv": f"编号,正文\n{rows}".encode(), "空.txt": b""}


class Caller:
    """Sends jobs until they are accepted, each under its own key, and looks after them."""

    def __init__(self) -> None:
        self.accepted: dict[int, str] = {}
        self.ended: dict[str, Job] = {}

    def send(self, server: Server, number: int) -> None:
        """Send a job as one whose connection may break: under the key that it has."""
        parts = [("file", (name, data)) for name, data in inputs(number).items()]
        with server.client() as client:
            answer = client.post("/v1/jobs", files=parts, headers={"Idempotency-Key": f"job {number}"})
        assert answer.status_code == 202, answer.text
        known = self.accepted.setdefault(number, answer.json()["id"])
        assert answer.json()["id"] == known

    def look(self, client: httpx.Client) -> list[Job]:
        """All jobs. What was accepted is there, and what has ended stays as it is."""
        jobs: list[Job] = client.get("/v1/jobs").json()["jobs"]
        by_id = {job["id"]: job for job in jobs}
        assert set(self.accepted.values()) <= set(by_id)
        assert "failed" not in {job["state"] for job in jobs}
        for id, job in self.ended.items():
            assert by_id[id] == job
        self.ended |= {job["id"]: job for job in jobs if job["state"] == "done"}
        return jobs


def changes(caller: Caller, client: httpx.Client) -> Iterator[None]:
    """Look until all jobs are done; one a change."""
    before: list[Job] = []
    for _ in looks():
        if (jobs := caller.look(client)) != before:
            yield
        if all(job["state"] == "done" for job in jobs):
            return
        before = jobs


def kill_quietly(process: psutil.Process) -> None:
    with suppress(psutil.NoSuchProcess):
        process.kill()


class Load:
    """Calls that tag texts, all the time; a call fails only as it may when processes are killed."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._ended = Event()
        self._thread = Thread(target=self._call)
        self.wrong: list[str] = []

    def _call(self) -> None:
        with self._server.client() as client:
            while not self._ended.wait(0.01):
                try:
                    answer = client.post("/v1/tag", json={"text": TEXT})
                except httpx.TransportError:
                    return  # the server was killed
                if answer.status_code not in (200, 503):
                    self.wrong.append(answer.text)

    def __enter__(self) -> Load:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()


def half_sent(server: Server, number: int) -> None:
    """Begin to send a job, and kill the server in the middle of it."""

    def body() -> Iterator[bytes]:
        yield json.dumps({"正文": text(number, 1)}).encode() + b"\n"
        server.process.kill()
        server.process.wait()
        yield json.dumps({"正文": text(number, 1)}).encode() + b"\n"

    headers = {"Content-Type": "application/x-ndjson", "Idempotency-Key": f"job {number}"}
    with server.client() as client, pytest.raises(httpx.TransportError):
        client.post("/v1/jobs", content=body(), headers=headers)


def answer_lost(caller: Caller, server: Server, number: int) -> None:
    """Send a job, and kill the server before its answer is read."""
    sender = Thread(target=lambda: suppressed(caller, server, number))
    sender.start()
    with server.client() as client:
        count = len(caller.look(client))
        for _ in looks():
            if len(caller.look(client)) > count:
                break
    server.process.kill()
    sender.join()


def suppressed(caller: Caller, server: Server, number: int) -> None:
    with suppress(httpx.TransportError):
        caller.send(server, number)


def live(data: Path, caller: Caller, life: int, chance: random.Random) -> None:
    """One life of the server: jobs are sent, processes killed, then the server itself."""
    with serving(data, *WORKERS) as server, server.client() as client, Load(server) as load:
        if life == 0:
            caller.send(server, 0)
        children = psutil.Process(server.process.pid).children()
        if life in (3, 7):
            half_sent(server, 90 + life)
        elif life in (1, 5):
            answer_lost(caller, server, life // 4 + 1)
        else:
            moment = chance.randint(1, 4)
            for count, _ in enumerate(changes(caller, client), start=1):
                if life in (4, 8) and count == 1:
                    kill_quietly(chance.choice(children))
                if count >= moment:
                    break
            server.process.kill()
    assert load.wrong == []


@pytest.fixture
def undisturbed(
    tmp_path: Path, wuxing: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> Callable[[int], Path]:
    """What the command line makes of a job's files, where nothing is killed."""

    def run(number: int) -> Path:
        folder = tmp_path / str(number)
        folder.mkdir()
        for name, data in inputs(number).items():
            (folder / name).write_bytes(data)
        monkeypatch.chdir(folder)
        options = ("--workers", "1", "--no-report", "--quiet")
        code, *_ = wuxing("classify", *sorted(inputs(number)), "--out", "out", *options)
        assert code == 1  # for the empty file
        return folder / "out"

    return run


def test_accepted_jobs_are_done_once_whatever_is_killed(
    tmp_path: Path, undisturbed: Callable[[int], Path]
) -> None:
    chance, caller, data = random.Random(SEED), Caller(), tmp_path / "data"
    for life in range(LIVES):
        live(data, caller, life, chance)
    with serving(data, *WORKERS) as server, server.client() as client:
        for number in range(JOBS):
            caller.send(server, number)  # who does not know whether it was accepted sends it again
        for _ in changes(caller, client):
            pass
        jobs = caller.look(client)
        assert {job["id"] for job in jobs} == set(caller.accepted.values())
        assert len(jobs) == JOBS
        for number, id in caller.accepted.items():
            expected = undisturbed(number)
            for name in FILES:
                assert client.get(f"/v1/jobs/{id}/{name}").content == (expected / name).read_bytes(), name
        server.stop()
    assert {path.name for path in (data / "jobs").iterdir()} == set(caller.accepted.values())
    assert list((data / "uploads").iterdir()) == []
    ends = [event["job"] for event in events(data) if event["event"] == "a job is done"]
    assert len(ends) == len(set(ends))


def events(data: Path) -> list[dict[str, Any]]:
    """What the log says; of processes that are killed Python says something beside it."""
    lines = (data / "log.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]


def running_process(data: Path, known: set[int]) -> psutil.Process:
    """The process that runs a job, once it is another than those that are known."""
    for _ in looks():
        numbers = [event["pid"] for event in events(data) if event["event"] == "a job runs"]
        if numbers and numbers[-1] not in known:
            return psutil.Process(numbers[-1])
    raise AssertionError


def pool_of(process: psutil.Process) -> list[psutil.Process]:
    """The processes of a process's pool. Python has one more beside them, which keeps count of semaphores
    and is not to be killed: who registers one at that moment is told of a broken pipe."""
    with suppress(psutil.NoSuchProcess):
        return [child for child in process.children() if "spawn_main" in " ".join(child.cmdline())]
    return []


def test_a_killed_process_of_a_job_costs_nothing(tmp_path: Path, undisturbed: Callable[[int], Path]) -> None:
    caller, data = Caller(), tmp_path / "data"
    with serving(data, *WORKERS) as server, server.client() as client:
        caller.send(server, 1)
        killed: set[int] = set()
        for _ in range(2):  # the third time it would have failed
            process = running_process(data, killed)
            for _ in zip(range(2), changes(caller, client), strict=False):
                pass
            kill_quietly(process)
            killed.add(process.pid)
        for _ in looks():
            if workers := pool_of(running_process(data, killed)):
                kill_quietly(workers[0])
                break
        for _ in changes(caller, client):
            pass
        expected = undisturbed(1)
        for name in FILES:
            content = client.get(f"/v1/jobs/{caller.accepted[1]}/{name}").content
            assert content == (expected / name).read_bytes(), name


def bomb(megabytes: int) -> bytes:
    """A PDF of one page, small on the disk and large in memory."""
    packer = zlib.compressobj(9)
    content = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(megabytes)) + packer.flush()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(content), content),
    ]
    made, places = b"%PDF-1.4\n", []
    for number, value in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, value)
    table = b"0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + b"xref\n0 5\n%strailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (table, len(made))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds a process's memory")
def test_a_document_that_takes_all_memory_ends_no_job_and_fails_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(data, *WORKERS) as server, server.client() as client:
        for _ in looks():
            if client.get("/readyz").status_code == 200:
                break
        # What the server starts from now on has no room for the bomb, at which the library aborts.
        server_process = psutil.Process(server.process.pid)
        _, hard = server_process.rlimit(psutil.RLIMIT_AS)
        server_process.rlimit(psutil.RLIMIT_AS, (1 << 30, hard))
        parts = {"甲.txt": text(1, 9).encode(), "乙.pdf": bomb(600), "丙.txt": text(2, 9).encode()}
        answer = client.post("/v1/jobs", files=[("file", part) for part in parts.items()])
        id = answer.json()["id"]
        for _ in looks():
            job = client.get(f"/v1/jobs/{id}").json()
            if job["state"] in ("done", "failed"):
                break
        assert job["counts"] == {"documents": 2, "failures": 1, "units": 18}
        assert "crashes what reads it" in client.get(f"/v1/jobs/{id}/failures.csv").text
    assert not [event for event in events(data) if "ended by itself" in event["event"]]
