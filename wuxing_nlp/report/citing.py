"""What a paper needs to name a run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any


def combined_hash(inputs: Iterable[Mapping[str, Any]]) -> str:
    """One SHA-256 (hex) for all inputs of a run, whatever they are called and in whatever order they
    came: that of their sorted SHA-256 sums, one a line. Files that could not be read have none."""
    sums = sorted(item["sha256"] for item in inputs if item["sha256"])
    return hashlib.sha256("".join(f"{digest}\n" for digest in sums).encode()).hexdigest()
