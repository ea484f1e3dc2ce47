"""What a call is made of: the steps that a client has to do for it, and what comes of each.

The logic of calls is generators of steps (:mod:`.flows`); the two clients only do the steps, one
waiting, the other awaiting.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import httpx

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to send, and what to call it. It is opened anew for every try."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Request:
    """A request that may be sent several times; a body is either bytes or files."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    files: tuple[Upload, ...] = ()


@dataclass(frozen=True, slots=True)
class Send:
    """Send a request: a :class:`Reply` or :class:`Trouble` comes of it, within ``seconds``. Where
    ``streamed``, the body of a good answer is left to :class:`More`."""

    request: Request
    seconds: float
    streamed: bool = False


@dataclass(frozen=True, slots=True)
class More:
    """Read on in the streamed answer: bytes come of it, none at its end, or a :class:`Trouble`."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait; nothing comes of it."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Give:
    """Hand a part of an answer to the caller; nothing comes of it."""

    part: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, good or bad."""

    status: int
    headers: httpx.Headers
    body: bytes

    @property
    def good(self) -> bool:
        """Whether it is what was asked for."""
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Trouble:
    """No answer, and why."""

    error: httpx.RequestError

    @property
    def late(self) -> bool:
        """Whether time was up; a connection that is not even made in time is another matter."""
        return isinstance(self.error, httpx.TimeoutException) and not self.again

    @property
    def again(self) -> bool:
        """Whether it may pass: the network or the server broke off."""
        passing = httpx.NetworkError, httpx.RemoteProtocolError, httpx.ConnectTimeout
        return isinstance(self.error, passing)


Step = Send | More | Pause | Give
Outcome = Reply | Trouble | bytes | None
Flow = Generator[Step, Outcome, _T]
"""Steps of a call; its end has what the caller gets."""
