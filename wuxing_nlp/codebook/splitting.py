"""How codes that stand together on a line are told apart."""

from __future__ import annotations

import re

SEPARATORS = ",，、;；"
"""What may stand between codes: comma, enumeration comma and semicolon, of either width."""

_BETWEEN = re.compile(f"[{SEPARATORS}]")


def split_codes(line: str) -> list[str]:
    """The codes of a line as they are written there, unchecked; white space around them does not
    matter, and of separators with nothing between them nothing comes."""
    return [code for part in _BETWEEN.split(line) if (code := part.strip())]
