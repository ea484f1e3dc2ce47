"""A service whose data folder has no room, or cannot be written: it says so, lives on, and goes on when there
is room again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx

from benchmarks.serving import looks, serving
from tests.attacks.disks import disk, fill, lock, unlock

SIZE = 8 << 20  # bytes of the disk
TEXT = "坚决整治推诿扯皮、久拖不决，对庸政懒政的严肃问责。"
ROWS = "编号,正文\n" + "".join(f"{row},第{row}号通报：{TEXT}\n" for row in range(1_500))
RESULTS = 1_500_000
"""More bytes than its inputs take, and fewer than its results."""


def refusal(data: Path) -> str:
    """What a service says that does not start: its last line."""
    line = [sys.executable, "-m", "wuxing_nlp", "serve", "--port", "0", "--workers", "1", "--data", str(data)]
    done = subprocess.run(line, capture_output=True, encoding="utf-8", timeout=120)
    assert done.returncode == 1
    return done.stderr.rstrip("\n").rpartition("\n")[2]


def test_a_folder_that_cannot_be_written_is_named_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    taken = tmp_path / "file"
    expected = f"the data folder {taken} cannot be written (File exists); name another with --data"
    assert refusal(taken) == f"wuxing: {expected}"
    with disk(tmp_path / "disk", SIZE) as place:
        lock(place)
        assert "cannot be written (Read-only file system)" in refusal(place)
        unlock(place)
        fill(place, spare=0)
        assert "disk is full" in refusal(place)


def sent(client: httpx.Client, data: str = ROWS) -> httpx.Response:
    return client.post("/v1/jobs", files=[("file", ("表.csv", data.encode()))])


def ended(client: httpx.Client, id: str) -> dict[str, Any]:
    """A job when it is done or has failed."""
    for _ in looks():
        job: dict[str, Any] = client.get(f"/v1/jobs/{id}").json()
        if job["state"] in ("done", "failed"):
            return job
    raise AssertionError


def tags(client: httpx.Client) -> None:
    """Calls that need no disk are answered."""
    answer = client.post("/v1/tag", json={"text": TEXT})
    assert answer.status_code == 200, answer.text


def test_jobs_fail_with_a_reason_and_go_on_when_there_is_room(tmp_path: Path) -> None:
    with disk(tmp_path / "disk", SIZE) as place:
        options = ("--workers", "1", "--data", str(place))
        with serving(tmp_path / "log", *options) as server, server.client() as client:
            tags(client)
            ballast = fill(place, spare=len(ROWS.encode()) * 2 + 500_000)
            job = ended(client, sent(client).json()["id"])
            assert job["state"] == "failed"
            assert "cannot be written: No space left on device" in job["error"]
            ballast.unlink()

            ballast = fill(place, spare=50_000)
            answer = sent(client)
            assert (answer.status_code, answer.json()["type"]) == (507, "urn:wuxing:problem:no-room")
            tags(client)
            ballast.unlink()

            job = ended(client, sent(client).json()["id"])
            assert (job["state"], job["counts"]["documents"]) == ("done", 1_500)
            assert client.get("/readyz").status_code == 200
            assert list((place / "uploads").iterdir()) == []
            assert server.stop() == 0
