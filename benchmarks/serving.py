"""A real server, for loads and for tests: ``wuxing serve`` in a process of its own, on a free port."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

_ADDRESS = re.compile(r"http://\S+")
_PAUSE = 0.02
_SECONDS = 60  # for what takes two: a busy machine must not fail a test


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs: its address, its process, and the file that its log goes to."""

    url: str
    process: subprocess.Popen[str]
    log: Path

    def client(self, **options: object) -> httpx.Client:
        """A client of the server."""
        return httpx.Client(base_url=self.url, timeout=_SECONDS, trust_env=False, **options)  # type: ignore[arg-type]

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End the server by a signal and give its exit code."""
        self.process.send_signal(number)
        return self.process.wait(_SECONDS)


def looks() -> Iterator[None]:
    """As many as are needed, a pause between them: who looks all the time takes the cores from what is
    waited for."""
    while True:
        yield
        time.sleep(_PAUSE)


@contextmanager
def serving(data: Path, *options: str, keys: str | None = None) -> Iterator[Server]:
    """A server with a data folder and further options of ``wuxing serve``, for the length of a block."""
    environment = {name: value for name, value in os.environ.items() if name != "WUXING_API_KEYS"}
    if keys is not None:
        environment["WUXING_API_KEYS"] = keys
    data.mkdir(parents=True, exist_ok=True)
    log = data / "log.jsonl"
    with log.open("a") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "wuxing_nlp", "serve", "--port", "0", "--data", str(data), *options],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=stream,
            text=True,
            encoding="utf-8",
        )
    try:
        yield Server(_address(process, log), process, log)
    finally:
        process.kill()
        process.communicate()


def _address(process: subprocess.Popen[str], log: Path) -> str:
    assert process.stdout
    line = process.stdout.readline()  # ends with the process, whatever happens
    found = _ADDRESS.search(line)
    assert found, f"the server did not start: {line} {log.read_text(encoding='utf-8')}"
    return found[0]
