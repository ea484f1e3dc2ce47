"""What people teach an estimator with (sets of codes, or a matrix of 0 and 1) as one matrix of flags."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import issparse

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.codebook.columns import label_name
from wuxing_nlp.errors import CodebookError, TrainingError
from wuxing_nlp.model.outputs import Flags


class Targets(NamedTuple):
    """``labels``, the base codes of the columns; ``flags`` (n_texts, n_labels), which text carries which."""

    labels: tuple[str, ...]
    flags: Flags

    @classmethod
    def of(cls, y: Any, labels: Sequence[str] | None, codebook: Codebook) -> Targets:
        """Read ``y``.

        Args:
            y: a label set a text, as codes (``{"D2", "P!"}``) or as coders write it (``"D2,P!"``; ``""``
                and ``"0"`` for none); or a matrix of 0 and 1, dense or sparse.
            labels: the columns. Without them sets have a column for every base code of the codebook, and
                a matrix must be a data frame that names its columns, by codes or as ``units.csv`` does.
            codebook: what knows the codes.

        Raises:
            TrainingError: a code or column is unknown, a value is no 0 or 1, or nothing names the columns.
        """
        if issparse(y):
            y = y.toarray()
        if not _is_matrix(y):
            columns = codebook.codes if labels is None else checked(labels, codebook)
            return cls(columns, _of_sets(y, columns, codebook))
        named = getattr(y, "columns", None) if labels is None else labels
        if named is None:
            raise TrainingError(
                "nothing says which labels the columns of y are; give labels=, or a frame that names them"
            )
        columns = checked(named, codebook)
        return cls(columns, _of_matrix(np.asarray(y), columns))

    def sets(self) -> list[frozenset[str]]:
        """The base codes of every text."""
        return [frozenset(self.labels[at] for at in np.flatnonzero(row)) for row in self.flags]


def checked(names: Iterable[object], codebook: Codebook) -> tuple[str, ...]:
    """The base codes that columns are called by. Raises TrainingError: one is none, or comes twice."""
    known: dict[object, str] = {label_name(code, codebook): code for code in codebook.codes}
    known |= {code: code for code in codebook.codes}
    given = list(names)
    if unknown := [name for name in given if name not in known]:
        raise TrainingError(f"{unknown[0]!r} is no base code; these are {' '.join(codebook.codes)}")
    codes = tuple(known[name] for name in given)
    if len(set(codes)) < len(codes):
        raise TrainingError(f"a label has two columns, of {', '.join(map(str, given))}; name each once")
    return codes


def _is_matrix(y: Any) -> bool:
    """True for two dimensions; of a plain list, where its rows hold numbers."""
    if (shape := getattr(y, "shape", None)) is not None:
        return len(shape) == 2
    rows = y if isinstance(y, (list, tuple)) else ()
    return bool(rows) and all(
        isinstance(row, (list, tuple)) and row and not any(isinstance(cell, str) for cell in row)
        for row in rows
    )


def _of_matrix(values: Any, columns: tuple[str, ...]) -> Flags:
    if values.shape[1] != len(columns):
        raise TrainingError(f"y has {values.shape[1]} columns for {len(columns)} labels; give one a label")
    if strays := [value for value in np.unique(values).tolist() if value not in (0, 1)]:
        raise TrainingError(f"y holds {strays[0]!r}; give 1 where a text carries the label, else 0")
    flags: Flags = values.astype(bool)
    return flags


def _of_sets(y: Any, columns: tuple[str, ...], codebook: Codebook) -> Flags:
    if isinstance(y, str) or not isinstance(y, Iterable):
        raise TrainingError(f"y is one {type(y).__name__}; give a label set a text, or a matrix of 0 and 1")
    places = {code: at for at, code in enumerate(columns)}
    rows = [_codes(row, number, codebook) for number, row in enumerate(y, start=1)]
    flags = np.zeros((len(rows), len(columns)), dtype=bool)
    for at, codes in enumerate(rows):
        if strays := codes - places.keys():
            raise TrainingError(f"text {at + 1} carries {min(strays)}, which is not among the labels")
        flags[at, [places[code] for code in codes]] = True
    return flags


def _codes(row: Any, number: int, codebook: Codebook) -> frozenset[str]:
    """The base codes of a label set."""
    try:
        return codebook.base(codebook.parse(row) if isinstance(row, str) else codebook.check(row))
    except TypeError:
        raise TrainingError(
            f"the label set of text {number} is {row!r}; give codes, as {{'D2', 'P!'}} or 'D2,P!'"
        ) from None
    except CodebookError as error:
        raise TrainingError(f"the label set of text {number}: {error}") from None
