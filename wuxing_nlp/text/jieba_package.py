"""What is read of the installed jieba without importing it: its dictionary, its HMM, its code.

What other code does to the shared module (``jieba.add_word``, and ``jieba.del_word``, which reaches
into every tokenizer) changes nothing here, and nothing here changes the shared module.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any
from warnings import catch_warnings, simplefilter

from wuxing_nlp.errors import LexiconError


def _folder() -> Path:
    shared = find_spec("jieba")
    if shared is None or shared.origin is None:
        raise LexiconError("jieba is not installed; run: pip install jieba")
    return Path(shared.origin).parent


def dictionary() -> bytes:
    """The content of jieba's dictionary file. Raises LexiconError where it cannot be read."""
    path = _folder() / "dict.txt"
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error.strerror) from error


def hmm_table(name: str) -> dict[str, Any]:
    """Log-probabilities of jieba's HMM: ``start`` (state → p), ``trans`` (state → state → p) or
    ``emit`` (state → character → p). Raises LexiconError where they cannot be read."""
    table: dict[str, Any] = _run(_folder() / "finalseg" / f"prob_{name}.py", f"{__package__}._prob").P
    return table


@cache
def own_copy() -> ModuleType:
    """Jieba's module once more, under a name that nobody else knows. Raises LexiconError."""
    with catch_warnings():
        # Jieba 0.42.1, the last release, has unescaped backslashes in its patterns and imports
        # pkg_resources where setuptools is installed: neither is to be an error of ours.
        simplefilter("ignore")
        return _run(_folder() / "__init__.py", f"{__package__}._jieba", register=True)


def _run(path: Path, name: str, register: bool = False) -> ModuleType:
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise _unreadable(path, "it is no Python module")
    module = module_from_spec(spec)
    if register:  # a package's own modules are found through it
        sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except OSError as error:
        raise _unreadable(path, error.strerror) from error
    return module


def _unreadable(path: Path, reason: str | None) -> LexiconError:
    return LexiconError(
        f"jieba cannot be read from {path} ({reason}); run: pip install --force-reinstall jieba"
    )
