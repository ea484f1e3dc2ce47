"""The first few of very many, without keeping the others."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator
from typing import Any, Generic, TypeVar

T = TypeVar("T")
Key = tuple[Any, ...]


class Best(Generic[T]):
    """Keeps the values with the lowest keys.

    Args:
        number: how many are kept.
    """

    def __init__(self, number: int) -> None:
        self._number = number
        self._kept: list[tuple[Key, T]] = []

    def takes(self, key: Key) -> bool:
        """Whether a value with this key would be kept."""
        return len(self._kept) < self._number or key < self._kept[-1][0]

    def add(self, key: Key, value: T) -> None:
        """Keep the value if it is one of the first; no two keys may be equal."""
        if self.takes(key):
            insort(self._kept, (key, value), key=lambda entry: entry[0])
            del self._kept[self._number :]

    def __iter__(self) -> Iterator[T]:
        return (value for _, value in self._kept)
