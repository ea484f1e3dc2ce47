"""How documents are called where many stand together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath


def below_common_folder(names: Sequence[str]) -> list[str]:
    """The names without the folders that all of them lie in."""
    paths = [PurePosixPath(name).parts for name in names]
    common = 0
    for folders in zip(*(parts[:-1] for parts in paths), strict=False):
        if len(set(folders)) > 1:
            break
        common += 1
    return [str(PurePosixPath(*parts[common:])) for parts in paths]
