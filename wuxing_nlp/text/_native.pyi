from collections.abc import Callable, Iterable, Mapping, Sequence

class Viterbi:
    def __init__(
        self,
        start: Sequence[float],
        moves: Sequence[float],
        emit: Iterable[Mapping[str, float]],
        floor: float,
    ) -> None: ...
    def words(self, run: str) -> list[str]: ...

def join_leftovers(
    tokens: Iterable[str],
    is_word: Callable[[str], bool],
    leftovers: Mapping[str, Sequence[str]],
    viterbi: Viterbi,
) -> list[str]: ...
