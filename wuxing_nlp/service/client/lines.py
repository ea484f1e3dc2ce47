"""Bytes, as they come, to the records of JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from wuxing_nlp.errors import ServiceError


def _record(line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except ValueError:
        record = None
    if not isinstance(record, dict):
        raise ServiceError("the answer is not JSON lines; is the address that of the service, or of a proxy?")
    return record


class Lines:
    """Holds the line that has begun."""

    def __init__(self) -> None:
        self._begun: list[bytes] = []

    def records(self, part: bytes) -> Iterator[dict[str, Any]]:
        """The records of the lines that end in a part."""
        # Not str.splitlines: a string of JSON may hold U+2028, which does not end the line.
        *ends, begun = part.split(b"\n")
        for end in ends:
            line = b"".join([*self._begun, end])
            self._begun = []
            if line.strip():
                yield _record(line)
        self._begun.append(begun)

    def rest(self) -> Iterator[dict[str, Any]]:
        """The record of a last line that does not end."""
        yield from self.records(b"\n")
