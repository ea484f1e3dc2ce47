"""Drives a server over loopback from a process of its own: as little work a request as can be."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Driven:
    """What came of it: seconds in all, and of every request."""

    seconds: float
    latencies: tuple[float, ...]

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.latencies) / self.seconds


def tag_request(texts: Sequence[str], *, evidence: bool) -> bytes:
    """The bytes of a call of ``/v1/tag``."""
    body = json.dumps({"texts": list(texts), "evidence": evidence}, ensure_ascii=False).encode()
    head = "POST /v1/tag HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def drive(url: str, requests: Sequence[bytes], connections: int) -> Driven:
    """Send the requests through so many connections, on each one after the other.

    Raises:
        RuntimeError: an answer is not 200.
    """
    return asyncio.run(_drive(url, requests, connections))


async def _drive(url: str, requests: Sequence[bytes], connections: int) -> Driven:
    latencies: list[float] = []
    left = iter(requests)
    begun = perf_counter()
    await asyncio.gather(*(_sent(url, left, latencies) for _ in range(connections)))
    return Driven(perf_counter() - begun, tuple(latencies))


async def _sent(url: str, requests: Iterator[bytes], latencies: list[float]) -> None:
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port, limit=2**20)
    for request in requests:
        begun = perf_counter()
        writer.write(request)
        await _answer(reader)
        latencies.append(perf_counter() - begun)
    writer.close()
    await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader) -> None:
    status, *lines = (await reader.readuntil(b"\r\n\r\n")).lower().split(b"\r\n")
    length = next(int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length:"))
    body = await reader.readexactly(length)
    if b" 200 " not in status:
        raise RuntimeError(f"{status.decode()}: {body[:500].decode()}")
