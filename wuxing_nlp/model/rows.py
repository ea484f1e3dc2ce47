"""Units as rows of sparse features."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


class Rows(NamedTuple):
    """Sparse features of units: ``columns`` int32 and ``values`` float32, unit after unit, in any
    order inside one; ``ends`` int64 (n_units + 1,), where each unit's begin and the last one's end."""

    columns: NDArray[np.int32]
    values: NDArray[np.float32]
    ends: NDArray[np.int64]

    @classmethod
    def of_matrix(cls, x: csr_matrix) -> Rows:
        """The rows of a matrix of float32."""
        return cls(x.indices.astype(np.int32), x.data, x.indptr.astype(np.int64))

    def unit(self, at: int) -> Rows:
        """The rows of one unit alone."""
        part = slice(self.ends[at], self.ends[at + 1])
        return Rows(self.columns[part], self.values[part], self.ends[at : at + 2] - self.ends[at])

    def matrix(self, width: int) -> csr_matrix:
        """The rows as a matrix float32 (n_units, ``width``), columns in order."""
        from scipy.sparse import csr_matrix  # for training alone: tagging does without its import

        matrix = csr_matrix((self.values, self.columns, self.ends), shape=(len(self.ends) - 1, width))
        matrix.sort_indices()
        return matrix
