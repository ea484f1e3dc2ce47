"""The versions of what results depend on."""

from __future__ import annotations

import platform
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version

_PACKAGES = (
    "wuxing_nlp", "numpy", "rjieba", "jieba", "opencc-python-reimplemented", "python-docx", "pypdfium2",
    "selectolax", "python-calamine", "xlsxwriter", "pyarrow",
)  # fmt: skip


def versions() -> dict[str, str]:
    """Package to version, of Python, this package and the libraries that read and tag documents;
    those that are not installed are left out."""
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        with suppress(PackageNotFoundError):
            found[package] = version(package)
    return found
