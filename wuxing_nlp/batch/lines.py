"""Values as lines of JSON."""

from __future__ import annotations

import json
from typing import Any


def json_line(value: Any) -> bytes:
    """A value as one line of JSON in UTF-8; half a surrogate pair (in a file name, say) is escaped."""
    line = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        return f"{line}\n".encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode() + b"\n"
