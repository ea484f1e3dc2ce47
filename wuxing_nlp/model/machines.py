"""Linear machines side by side: what is left of training when a model tags."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wuxing_nlp.model.calibration import Floats
from wuxing_nlp.model.rows import Rows

try:
    from wuxing_nlp.model import _native
except ImportError:  # built without a compiler
    _native = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Machines:
    """Linear machines side by side, in 8 bits a weight.

    ``weights`` int8 (n_features, n_outputs), ``scales`` float32 (n_outputs,) the worth of one step,
    ``biases`` float32 (n_outputs,). An untrained output has weights 0 and bias -1.
    """

    weights: NDArray[np.int8]
    scales: NDArray[np.float32]
    biases: NDArray[np.float32]

    @classmethod
    def rounded(cls, coefficients: Floats, biases: Floats) -> Machines:
        """Round coefficients (n_features, n_outputs) to 8 bits an output."""
        scales = np.maximum(np.abs(coefficients).max(axis=0), 1e-12) / 127
        weights = np.rint(coefficients / scales).astype(np.int8)
        return cls(weights, scales.astype(np.float32), biases.astype(np.float32))

    def margins(self, rows: Rows) -> Floats:
        """Margins (n_units, n_outputs): one sparse product for all outputs."""
        return product(rows, self.weights).astype(np.float64) * self.scales + self.biases


def product(rows: Rows, weights: NDArray[np.int8]) -> NDArray[np.float32]:
    """Sums float32 (n_units, n_outputs) of every unit's values times the weights of its columns.

    Args:
        rows: the units' features.
        weights: int8 (n_features, n_outputs), in C order.
    """
    return plain_product(rows, weights) if _native is None else _native.product(*rows, weights)


def plain_product(rows: Rows, weights: NDArray[np.int8]) -> NDArray[np.float32]:
    """The same without compiled code."""
    sums = np.zeros((len(rows.ends) - 1, weights.shape[1]), dtype=np.float32)
    for unit in range(len(sums)):
        part = slice(rows.ends[unit], rows.ends[unit + 1])
        sums[unit] = rows.values[part] @ weights[rows.columns[part]].astype(np.float32)
    return sums
