"""A unit on its way out to coders."""

from __future__ import annotations

from dataclasses import dataclass

from wuxing_nlp.coding.units import CodedUnit


@dataclass(frozen=True, slots=True)
class Item:
    """A unit, and what coders are to see of codes: ``codes`` as a coder gave them (None: none of them
    are shown), ``suggested`` those of a model (None: no suggestion)."""

    unit: CodedUnit
    codes: tuple[str, ...] | None
    suggested: tuple[str, ...] | None = None

    @property
    def shown(self) -> tuple[str, ...] | None:
        """The codes in a format that has one place for both."""
        return self.codes if self.suggested is None else self.suggested
