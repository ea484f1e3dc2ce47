"""Bundles that an attack may spoil."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.attacks.bundles import OWN_BOOK, SHIPPED_BOOK, copied


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A bundle of the shipped codebook."""
    return copied(SHIPPED_BOOK, tmp_path)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A bundle with a codebook of its own: it has every part that there is."""
    return copied(OWN_BOOK, tmp_path)
