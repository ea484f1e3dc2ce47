from collections.abc import Callable, Iterable, Mapping, Sequence

class Viterbi:
    def __init__(
        self,
        start: Sequence[float],
        moves: Sequence[float],
        emit: Mapping[str, Sequence[float]],
        unknown: Sequence[float],
    ) -> None: ...
    def words(self, run: str) -> list[str]: ...

def join_leftovers(
    tokens: Iterable[str],
    is_word: Callable[[str], bool],
    leftovers: Mapping[str, Sequence[str]],
    viterbi: Viterbi,
) -> list[str]: ...
