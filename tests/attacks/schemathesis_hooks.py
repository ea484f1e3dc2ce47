"""How schemathesis writes JSON Lines: what is generated is a line already."""

from __future__ import annotations

from typing import Any

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def ndjson(ctx: Any, value: Any) -> bytes:
    """The bytes of a body that is generated as a string."""
    return str(value).encode("utf-8", "replace")


@schemathesis.hook
def filter_case(context: Any, case: Any) -> bool:
    """Leave out lines that are to be wrong by being no string: as bytes they are one."""
    return case.media_type != "application/x-ndjson" or isinstance(case.body, str)
