"""Names of a package that are loaded when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

from wuxing_nlp.errors import WuxingError


def late(
    package: str, names: Mapping[str, str], extra: str, error: type[WuxingError] = WuxingError
) -> Callable[[str], object]:
    """A ``__getattr__`` for a package (PEP 562).

    Args:
        package: its name.
        names: each name to the module below the package that has it.
        extra: the extra that brings the libraries of these modules.
        error: what is raised where one of the libraries is missing.
    """

    def __getattr__(name: str) -> object:
        if name not in names:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        try:
            return getattr(import_module(f"{package}.{names[name]}"), name)
        except ModuleNotFoundError as missing:
            raise error(
                f"{name} needs the library {missing.name}; pip install 'wuxing_nlp[{extra}]'"
            ) from None

    return __getattr__
