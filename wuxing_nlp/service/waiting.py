"""Work that goes on as long as somebody waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect, Request

_T = TypeVar("_T")

_GRACE = 1.0
"""Seconds that work may go on for nobody: ending a process costs as much, so that short work is done."""


async def while_wanted(request: Request, work: Coroutine[Any, Any, _T]) -> _T:
    """What some work gives, unless the caller goes away meanwhile; then it is cancelled. The request's
    body has been read.

    Raises:
        ClientDisconnect: the caller went away.
    """
    doing = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait([doing, leaving], return_when=asyncio.FIRST_COMPLETED)
        if not doing.done():
            await asyncio.wait([doing], timeout=_GRACE)
        if not doing.done():
            raise ClientDisconnect
        return doing.result()
    finally:
        leaving.cancel()
        doing.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
