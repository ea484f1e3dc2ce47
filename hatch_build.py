"""Builds the compiled code into the package; without a C++ compiler the package is pure Python.

What is compiled stands in Python too and gives the same answers, some fifty times more slowly: see
:mod:`wuxing_nlp.model.reader`, :mod:`wuxing_nlp.text.script`; jieba itself cuts the same words.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_MODULES = ("wuxing_nlp.text._native", "wuxing_nlp.model._native")
_HEADERS = [f"wuxing_nlp/{room}" for room in ("model", "model/native", "text", "text/native")]


class NativeBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Compiles the ``_native.pyx`` in their places, for an editable install as for a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Put the extensions into the wheel, and the platform into the wheel's name."""
        built = self._compiled()
        if not built:
            self.app.display_warning("no C++ compiler: wuxing_nlp is built without its compiled code")
            return
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
        build_data["artifacts"] += [f"/{path.as_posix()}" for path in built]

    def _compiled(self) -> list[Path]:
        """The extensions, relative to the root; none where they cannot be built."""
        from Cython.Build import cythonize
        from setuptools import Distribution, Extension
        from setuptools.command.build_ext import build_ext
        from setuptools.errors import BaseError

        headers = [str(path) for path in Path("wuxing_nlp").glob("*/native/*.hpp")]
        extensions = [
            Extension(
                name,
                [name.replace(".", "/") + ".pyx"],
                language="c++",
                include_dirs=_HEADERS,
                depends=headers,
            )
            for name in _MODULES
        ]
        modules = cythonize(extensions, build_dir="build/cython", quiet=True)
        command = build_ext(Distribution({"name": "wuxing_nlp", "ext_modules": modules}))
        command.inplace = True
        command.ensure_finalized()
        try:
            command.run()
        except (BaseError, OSError):
            return []
        return [Path(*name.split(".")[:-1]) / Path(command.get_ext_fullpath(name)).name for name in _MODULES]
