"""Plain data to entries: what fits is taken, what does not is named with its place."""

# Not with annotations as text: the reader goes by these classes' annotations.
from dataclasses import FrozenInstanceError, dataclass
from typing import Annotated, Any, Literal

import pytest

from wuxing_nlp.codebook.reading import Limits, read
from wuxing_nlp.errors import CodebookError


@dataclass(frozen=True)
class Leaf:
    """An entry in an entry."""

    text: Annotated[str, Limits(least=2, strip=True)]
    note: str = ""


@dataclass(frozen=True)
class Tree:
    """An entry with a field of every kind."""

    letter: Annotated[str, Limits(pattern="^[A-Z]$")]
    mark: Literal["!", "-"]
    leaves: Annotated[tuple[Leaf, ...], Limits(least=1, most=2)]
    words: tuple[str, ...]


def data(**changes: object) -> dict[str, Any]:
    leaf = {"text": "叶子"}
    return {"letter": "A", "mark": "!", "leaves": [leaf], "words": ["甲", ""], **changes}


def test_what_fits_is_taken_in_frozen_entries() -> None:
    tree = read(Tree, data(leaves=[{"text": " 叶子\n"}, {"text": "树叶", "note": " 注 "}]), "own.toml")
    assert tree == Tree("A", "!", (Leaf("叶子"), Leaf("树叶", " 注 ")), ("甲", ""))
    with pytest.raises(FrozenInstanceError):
        tree.letter = "B"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"letter": "AB"}, "letter: String should match pattern '^[A-Z]$'"),
        ({"letter": "A\n"}, "letter: String should match pattern '^[A-Z]$'"),
        ({"letter": 3}, "letter: Input should be a valid string"),
        ({"mark": "?"}, "mark: Input should be '!' or '-'"),
        ({"mark": []}, "mark: Input should be '!' or '-'"),
        ({"words": "甲"}, "words: Input should be a valid array"),
        ({"words": ["甲", 3]}, "words.1: Input should be a valid string"),
        ({"leaves": []}, "leaves: Array should have at least 1 item, not 0"),
        ({"leaves": [{"text": "叶子"}] * 3}, "leaves: Array should have at most 2 items, not 3"),
        ({"leaves": ["叶子"]}, "leaves.0: Input should be a valid table"),
        ({"leaves": [{"text": " 叶 "}]}, "leaves.0.text: String should have at least 2 characters"),
        ({"leaves": [{}]}, "leaves.0.text: Field required"),
        ({"leaves": [{"text": "叶子", "colour": "绿"}]}, "leaves.0.colour: Extra inputs are not permitted"),
        ({"size": 3}, "size: Extra inputs are not permitted"),
        ({"words": ["\x1b[2J"]}, "words.0: String should have no control characters"),
        ({"words": ["甲\u202e乙"]}, "words.0: String should have no control characters"),
        ({"letter": "", "mark": "", "size": 3}, "letter: String should match pattern '^[A-Z]$' (and 2 more)"),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(changes: dict[str, object], said: str) -> None:
    with pytest.raises(CodebookError) as raised:
        read(Tree, data(**changes), "own.toml")
    assert str(raised.value) == f"own.toml, {said}"
