"""Values of tables to text, as their authors wrote them."""

from __future__ import annotations

import json
from datetime import date, datetime, time


class Written(float):
    """A number that remembers how it was written: 1.10 is not 1.1 to who counts decimals."""

    def __new__(cls, written: str) -> Written:
        number = super().__new__(cls, written)
        number.written = written
        return number

    written: str


def to_text(value: object) -> str:
    """A value of a JSON or Parquet row as text: nothing as "", numbers in full, dates in ISO 8601,
    nested values as JSON, bytes that are no UTF-8 in hexadecimal."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, Written):
        return value.written
    if isinstance(value, (bool, list, dict)):
        return json.dumps(value, ensure_ascii=False, default=to_text)
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    return _of_bytes(value) if isinstance(value, bytes) else str(value)


def _of_bytes(value: bytes) -> str:
    # Older writers store strings without saying that they are.
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.hex()


def to_shown(value: object) -> str:
    """A value of a spreadsheet's cell as the sheet shows it: 3.0 as 3, truth as TRUE."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return to_text(value)
