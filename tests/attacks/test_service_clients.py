"""A thousand clients at once, for a minute: every request is answered, or refused in order, and no answer
is another's."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import psutil
import pytest

from benchmarks.serving import Server, serving

CROWD = Path(__file__).with_name("crowd.py")
CLIENTS = 1_000
SECONDS = float(os.environ.get("WUXING_CROWD_SECONDS", "60"))
FILES = CLIENTS + 600
"""Files that the server, and the process of the clients, must be allowed to have open."""

MOST = 400 << 20
"""Bytes that the process that listens may have taken at its peak: two bundles' worth, and all bodies."""

QUIET = ("/readyz",)
"""Paths that the log leaves out."""

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of memory where Linux writes it"),
    pytest.mark.skipif(
        resource.getrlimit(resource.RLIMIT_NOFILE)[1] < FILES, reason=f"needs {FILES} open files (ulimit -Hn)"
    ),
]


def peak(process: psutil.Process) -> int:
    """The most bytes that a process has had in memory."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) << 10 for line in status.splitlines() if line.startswith("VmHWM"))


def logged(server: Server) -> list[dict[str, Any]]:
    return [json.loads(line) for line in server.log.read_text(encoding="utf-8").split("\n") if line]


def test_a_thousand_clients_are_answered_each_for_itself(tmp_path: Path) -> None:
    with serving(tmp_path / "data", "--workers", "2") as server, server.client() as client:
        while client.get("/readyz").status_code != 200:
            assert server.process.poll() is None
        before = len(logged(server))
        done = subprocess.run(
            [sys.executable, str(CROWD), server.url, str(CLIENTS), str(SECONDS)],
            stdout=subprocess.PIPE,
            check=True,
            encoding="utf-8",
            timeout=10 * SECONDS + 300,
        )
        outcome = json.loads(done.stdout)
        lines = logged(server)[before:]
        answered = Counter(outcome["answers"])

        assert outcome["wrong"] == []
        assert outcome["lost"] == []
        assert outcome["jobs"] > 0
        assert answered.total() >= CLIENTS
        assert answered["POST /v1/tag 200"] > 0
        assert answered["POST /v1/documents 200"] > 0

        # What was answered and what the service says that it answered is the same, request by request.
        told = Counter(
            f"{line['method']} {line['path'].replace(':path', '')} {line['status']}"
            for line in lines
            if line["event"] == "request"
        )
        assert told == {key: count for key, count in answered.items() if key.split()[1] not in QUIET}
        assert [line for line in lines if line["level"] != "INFO"] == []

        # It is as well as before.
        figures = client.get("/metrics").text
        assert "wuxing_calls_waiting 0.0" in figures
        assert "wuxing_workers_lost 0.0" in figures
        assert "wuxing_requests_in_flight 1.0" in figures  # this one
        assert client.get("/v1/jobs").json() == {"jobs": [], "next": None}
        assert client.post("/v1/tag", json={"text": "坚决整治推诿扯皮。"}).status_code == 200
        assert list((server.log.parent / "uploads").iterdir()) == []
        assert peak(psutil.Process(server.process.pid)) < MOST
        assert server.stop() == 0
