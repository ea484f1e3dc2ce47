"""Regular expressions that are compiled when they are first used.

Every start of a process would pay for those that few texts need: a dozen of them take 15 ms.
"""

from __future__ import annotations

import re
from typing import Any, cast


class _LatePattern:
    """Stands for a compiled pattern, whose attributes it takes over as they are asked for."""

    def __init__(self, pattern: str) -> None:
        self._source = pattern

    def __getattr__(self, name: str) -> Any:
        # Copies and pickles are asked for such names before there is anything to compile.
        if name.startswith("_"):
            raise AttributeError(name)
        # From now on an attribute of this object's own: what follows is as fast as the pattern itself.
        value = self.__dict__[name] = getattr(re.compile(self._source), name)
        return value


def late_pattern(pattern: str) -> re.Pattern[str]:
    """What :func:`re.compile` gives, for the methods and attributes of a pattern alone."""
    return cast(re.Pattern[str], _LatePattern(pattern))
