from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from wuxing_nlp.model.features import FeatureSpace
from wuxing_nlp.model.reader import Places
from wuxing_nlp.model.rows import Rows

class NativeReader:
    def __init__(self, space: FeatureSpace) -> None: ...
    def rows(self, texts: Iterable[str], segmented: Iterable[Sequence[str]]) -> Rows: ...
    def places(self, text: str, words: Sequence[str]) -> Places: ...
    def strongest(
        self,
        text: str,
        words: Sequence[str],
        tags: list[list[int]],
        weights: NDArray[np.int8],
        scales: NDArray[np.float32],
        of_mean: float,
        of_most: float,
        most: int,
    ) -> list[list[tuple[int, int, float]]]: ...

def ascend(text: str) -> bool: ...
def product(
    columns: NDArray[np.int32],
    values: NDArray[np.float32],
    ends: NDArray[np.int64],
    weights: NDArray[np.int8],
) -> NDArray[np.float32]: ...

class NativeDecision:
    def __init__(
        self,
        weights: NDArray[np.int8],
        scales: NDArray[np.float32],
        biases: NDArray[np.float32],
        sigmoids: NDArray[np.float64],
        codes: list[tuple[int, int, bool]],
        sure: float,
        lowest: float,
        highest: float,
    ) -> None: ...
    def scores(
        self,
        columns: NDArray[np.int32],
        values: NDArray[np.float32],
        ends: NDArray[np.int64],
    ) -> NDArray[np.float64]: ...
    def codes(
        self,
        columns: NDArray[np.int32],
        values: NDArray[np.float32],
        ends: NDArray[np.int64],
    ) -> list[bytes | None]: ...
