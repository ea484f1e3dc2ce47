"""Many clients at once, from a process of their own: ``python crowd.py URL CLIENTS SECONDS``.

Each client has a connection of its own and sends one request after the other. Every request carries a
token, as its id and in its text; its answer must hold the same token and none else, or be a clean refusal
(503 with Retry-After). What came of it is printed as JSON.
"""

from __future__ import annotations

import asyncio
import json
import re
import resource
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from time import monotonic
from typing import Any, NamedTuple
from urllib.parse import urlsplit

_OTHER_FILES = 64
_PATIENCE = 120  # seconds for an answer: beyond them it counts as lost
_POLL = 0.5  # seconds
_TOKEN = re.compile(r"第[0-9]+号来信第[0-9]+次")
_TEXT = "：坚决整治推诿扯皮、久拖不决。"
_JSON = "application/json"


class Answer(NamedTuple):
    """An answer: its status, its headers by their names in lower case, its body."""

    status: int
    headers: dict[str, str]
    body: bytes


class LostError(Exception):
    """A request that was never answered."""


class MixedError(Exception):
    """An answer that is not the one to its request."""


@dataclass
class Outcome:
    """What came of all requests: answers by path and status, what was lost or wrong, jobs seen through."""

    answers: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    jobs: int = 0


class Client:
    """A client: its connection, its number, and the count of its requests."""

    def __init__(self, url: str, number: int, outcome: Outcome) -> None:
        self._address = urlsplit(url)
        self._number = number
        self._sent = 0
        self._outcome = outcome
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.random = Random(number)

    def token(self) -> str:
        """A word that no other request has."""
        self._sent += 1
        return f"第{self._number}号来信第{self._sent}次"

    async def call(
        self, method: str, path: str, token: str, body: bytes = b"", kind: str = "", as_path: str = ""
    ) -> Answer:
        """The answer to a request that bears a token; ``as_path`` is what it is counted under."""
        id = "c" + ".".join(re.findall("[0-9]+", token))
        head = [f"{method} {path} HTTP/1.1", f"Host: {self._address.netloc}", f"X-Request-ID: {id}"]
        if method == "POST":
            head += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
        try:
            async with asyncio.timeout(_PATIENCE):
                answer = await self._exchanged("\r\n".join([*head, "", ""]).encode() + body)
        except (OSError, EOFError, TimeoutError, asyncio.IncompleteReadError) as error:
            self._streams = None
            raise LostError(f"{method} {path}: {type(error).__name__} {error}") from None
        self._outcome.answers[f"{method} {as_path or path.partition('?')[0]} {answer.status}"] += 1
        self._check(answer, id, token)
        return answer

    async def _exchanged(self, request: bytes) -> Answer:
        if self._streams is None:
            self._streams = await asyncio.open_connection(
                self._address.hostname, self._address.port, limit=1 << 20
            )
        reader, writer = self._streams
        writer.write(request)
        await writer.drain()
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").splitlines()
        pairs = (line.partition(":") for line in lines if line)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        if headers.get("connection") == "close":
            await self.close()
        return Answer(int(first.split()[1]), headers, body)

    def _check(self, answer: Answer, id: str, token: str) -> None:
        if answer.headers.get("x-request-id") != id:
            raise MixedError(f"{id} was answered as {answer.headers.get('x-request-id')}")
        if others := set(_TOKEN.findall(answer.body.decode())) - {token}:
            raise MixedError(f"the answer to {token} holds {others}")
        if answer.status == 503 and not answer.headers.get("retry-after", "").isdecimal():
            raise MixedError(f"{id}: a refusal without Retry-After")

    async def rest(self, answer: Answer) -> None:
        """Wait as long as a refusal asks for, and up to twice as long: not all come back at once."""
        await asyncio.sleep(int(answer.headers["retry-after"]) * self.random.uniform(1, 2))

    async def close(self) -> None:
        """End the connection."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


def _expect(answer: Answer, status: int) -> bool:
    """Whether it is the answer that was asked for, and no refusal. Raises MixedError: it is another."""
    if answer.status not in (status, 503):
        raise MixedError(f"{answer.status} instead of {status}: {answer.body[:300].decode()}")
    return answer.status == status


async def _text(client: Client) -> Answer:
    token = client.token()
    body = json.dumps({"text": token + _TEXT}).encode()
    answer = await client.call("POST", "/v1/tag", token, body, _JSON)
    if _expect(answer, 200):
        [document] = json.loads(answer.body)["documents"]
        if [unit["text"] for unit in document["units"]] != [token + _TEXT]:
            raise MixedError(f"{token} was answered with {document}")
    return answer


async def _texts(client: Client) -> Answer:
    token = client.token()
    texts = [f"{token}{_TEXT}其{at}。" for at in range(client.random.randrange(2, 9))]
    answer = await client.call("POST", "/v1/tag", token, json.dumps({"texts": texts}).encode(), _JSON)
    if _expect(answer, 200):
        documents = json.loads(answer.body)["documents"]
        if ["".join(unit["text"] for unit in each["units"]) for each in documents] != texts:
            raise MixedError(f"{token} was answered with other texts, or in another order")
    return answer


async def _file(client: Client) -> Answer:
    token = client.token()
    head = f'Content-Disposition: form-data; name="file"; filename="{token}.txt"'
    text = "\n".join([token + _TEXT] * client.random.randrange(1, 30))
    body = f"--edge\r\n{head}\r\n\r\n{text}\r\n--edge--\r\n".encode()
    answer = await client.call("POST", "/v1/documents", token, body, "multipart/form-data; boundary=edge")
    if _expect(answer, 200):
        [document] = json.loads(answer.body)["documents"]
        if (document["document"], document["text"]) != (f"{token}.txt", text):
            raise MixedError(f"{token} was answered with {document['document']}")
    return answer


async def _mistake(client: Client) -> Answer:
    token = client.token()
    answer = await client.call("POST", "/v1/tag", token, b'{"text": 5', _JSON)
    _expect(answer, 400)
    return answer


async def _look(client: Client) -> Answer:
    path = client.random.choice(["/v1/limits", "/v1/codebook", "/readyz", "/page/js/main.js"])
    shown = "/page/{path}" if path.startswith("/page/") else path
    answer = await client.call("GET", path, client.token(), as_path=shown)
    _expect(answer, 200)
    return answer


async def _nothing(client: Client) -> Answer:
    answer = await client.call("GET", "/v1/nothing", client.token(), as_path="other")
    _expect(answer, 404)
    return answer


_MIX: dict[Callable[[Client], Awaitable[Answer]], int] = {
    _text: 50,
    _texts: 15,
    _file: 15,
    _mistake: 5,
    _look: 10,
    _nothing: 5,
}


async def _calls(client: Client, until: float) -> None:
    while monotonic() < until:
        [kind] = client.random.choices(list(_MIX), list(_MIX.values()))
        if (answer := await kind(client)).status == 503:
            await client.rest(answer)


async def _jobs(client: Client, until: float, outcome: Outcome) -> None:
    while monotonic() < until:
        token = client.token()
        rows = [{"编号": f"{at}", "正文": token + _TEXT} for at in range(5)]
        query = f"/v1/jobs?name={client.random.randrange(10**9)}"
        answer = await client.call("POST", query, token, json.dumps({"rows": rows}).encode(), _JSON)
        if _expect(answer, 202):
            await _job(client, json.loads(answer.body)["id"], token)
            outcome.jobs += 1
        else:
            await client.rest(answer)


async def _job(client: Client, id: str, token: str) -> None:
    """See a job through; its requests bear its token."""
    job, results = "/v1/jobs/{id}", "/v1/jobs/{id}/{file}"
    while (state := await _state(client, id, token, job)) not in ("done", "failed"):
        await asyncio.sleep(_POLL)
    answer = await client.call("GET", f"/v1/jobs/{id}/results.jsonl", token, as_path=results)
    lines = [json.loads(line) for line in answer.body.splitlines()]
    if state != "done" or [line["units"][0]["text"] for line in lines] != [token + _TEXT] * 5:
        raise MixedError(f"the job of {token} is {state} with {len(lines)} documents")
    _expect(await client.call("DELETE", f"/v1/jobs/{id}", token, as_path=job), 204)


async def _state(client: Client, id: str, token: str, as_path: str) -> str:
    answer = await client.call("GET", f"/v1/jobs/{id}", token, as_path=as_path)
    found: dict[str, Any] = json.loads(answer.body)
    return str(found["state"])


async def _client(url: str, number: int, until: float, outcome: Outcome) -> None:
    """A client's life; one in two hundred sends jobs."""
    client = Client(url, number, outcome)
    while monotonic() < until:
        try:
            await (_jobs(client, until, outcome) if number % 200 == 0 else _calls(client, until))
        except LostError as error:
            outcome.lost.append(str(error))
        except (MixedError, KeyError, ValueError) as error:
            outcome.wrong.append(f"{type(error).__name__}: {error}")
    await client.close()


async def _crowd(url: str, clients: int, seconds: float) -> Outcome:
    outcome, until = Outcome(), monotonic() + seconds
    await asyncio.gather(*(_client(url, number, until, outcome) for number in range(clients)))
    return outcome


def main(url: str, clients: int, seconds: float) -> None:
    """Send what there is to send, and print what came of it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < clients + _OTHER_FILES:
        resource.setrlimit(resource.RLIMIT_NOFILE, (clients + _OTHER_FILES, hard))
    outcome = asyncio.run(_crowd(url, clients, seconds))
    print(json.dumps(vars(outcome), ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
