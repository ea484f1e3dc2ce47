"""Ratings of coders, the table of agreement and the list of disputes."""

from __future__ import annotations

import math

import numpy as np
import pytest

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.evaluation.agreement import MEASURES, Agreement, AgreementRow, Ratings, agreement, disputes
from wuxing_nlp.evaluation.levels import levels

BOOK = load_codebook()

Column = list[frozenset[str] | None]


def column(*cells: str | None) -> Column:
    """Sets of codes as they are written; None for a unit that was not coded."""
    return [None if cell is None else frozenset(BOOK.parse(cell)) for cell in cells]


def ratings(**codings: Column) -> Ratings:
    """Ratings of units that are documents of their own."""
    return Ratings.of(codings, range(len(next(iter(codings.values())))), BOOK)


def noisy(units: int = 200, coders: int = 2, seed: int = 1) -> dict[str, Column]:
    """Codings of a common truth, a fifth of the units changed by each coder."""
    generator = np.random.default_rng(seed)
    truth = [BOOK.codes[at] for at in generator.integers(len(BOOK.codes), size=units)]
    return {
        f"coder {coder}": [
            frozenset({BOOK.codes[generator.integers(len(BOOK.codes))] if generator.random() < 0.2 else code})
            for code in truth
        ]
        for coder in range(coders)
    }


def row_of(found: Agreement, label: str) -> AgreementRow:
    return next(row for row in found.rows if row.label == label)


# --------------------------------------------------------------------------------------------- ratings


def test_codes_become_letters_and_base_codes() -> None:
    made = ratings(A=column("Z1,J!-", "0"), B=column("F0", None))
    given = {
        (coder, unit): {label for label, has in zip(made.labels, made.given[unit, at], strict=True) if has}
        for at, coder in enumerate(made.coders)
        for unit in range(2)
    }
    assert given == {
        ("A", 0): {"Z", "Z1", "J", "J!", "J-"},
        ("A", 1): set(),
        ("B", 0): {"F", "F0"},
        ("B", 1): set(),
    }
    assert made.coded.tolist() == [[True, True], [True, False]]
    assert made.labels == (*BOOK.letters, *BOOK.codes)


def test_units_of_one_coder_are_not_compared() -> None:
    made = ratings(
        A=column("Z1", None, "0", "P!"), B=column(None, "C1", "0", "P!"), C=column(None, None, "0", None)
    )
    assert made.places.tolist() == [2, 3]
    assert made.compared().documents == (2, 3)
    assert made.compared().complete.tolist() == [True, False]
    assert [(first, second, both.tolist()) for first, second, both in made.compared().pairs()] == [
        (0, 1, [True, True]),
        (0, 2, [True, False]),
        (1, 2, [True, False]),
    ]


def test_what_cannot_be_compared() -> None:
    with pytest.raises(
        EvaluationError, match=r"^one coder only \(A\); agreement needs the codings of two or more$"
    ):
        ratings(A=column("Z1"))
    with pytest.raises(EvaluationError, match=r"one coder only \(none\)"):
        Ratings.of({}, [], BOOK)
    with pytest.raises(EvaluationError, match="documents 1, A 2, B 2"):
        Ratings.of({"A": column("Z1", "0"), "B": column("0", "0")}, ["d"], BOOK)
    with pytest.raises(EvaluationError, match="no unit of A, B was coded by another coder") as caught:
        ratings(A=column("Z1", None), B=column(None, "Z1"))
    assert "units: A 1, B 1" in str(caught.value)
    with pytest.raises(EvaluationError, match="no unit of C was coded by another coder"):
        ratings(A=column("Z1", None), B=column("Z1", None), C=column(None, "Z1"))
    with pytest.raises(EvaluationError, match="no unit of A, B was"):
        ratings(A=column(None), B=column(None))


# ----------------------------------------------------------------------------------------------- table


def test_a_row_for_every_level_letter_and_code() -> None:
    found = agreement(ratings(**noisy()), BOOK, draws=5)
    assert [row.label for row in found.rows] == [
        *(level.name for level in levels(BOOK)),
        *BOOK.letters,
        *BOOK.codes,
    ]
    kinds = [row.kind for row in found.rows]
    assert kinds == ["set"] * 6 + ["letter"] * 10 + ["measure"] * 20 + ["stance"] * 10
    assert all(list(row.measures) == list(MEASURES) for row in found.rows)


def test_counts_of_what_was_compared() -> None:
    codings = {
        "A": column("Z1", None, "0", "P!"),
        "B": column("Z1", "C1", "0", None),
        "C": column("0", None, None, "0"),
    }
    found = agreement(Ratings.of(codings, ["d", "e", "d", "f"], BOOK), BOOK, draws=5)
    assert found.coders == {"A": 3, "B": 3, "C": 2}
    assert (found.units, found.complete, found.documents) == (3, 1, 2)
    # Of the compared units alone: B's C1 is not.
    assert row_of(found, "Z").prevalence == {"A": 1 / 3, "B": 1 / 2, "C": 0}
    assert row_of(found, "C").prevalence == {"A": 0, "B": 0, "C": 0}
    assert row_of(found, "codes").prevalence == {"A": 2 / 3, "B": 1 / 2, "C": 0}


def test_points_lie_in_their_intervals_and_more_documents_narrow_them() -> None:
    few, many = (agreement(ratings(**noisy(units)), BOOK, draws=300) for units in (100, 3000))
    for label in ("codes", "letters", "Z", "J"):
        for measure in MEASURES:
            wide, narrow = (row_of(found, label).measures[measure] for found in (few, many))
            assert wide.low <= wide.point <= wide.high
            assert narrow.low < narrow.point < narrow.high
            assert narrow.high - narrow.low < wide.high - wide.low


def test_units_of_one_document_are_no_independent_evidence() -> None:
    codings = noisy(40)
    again = {coder: column * 10 for coder, column in codings.items()}
    alone, together = (
        agreement(Ratings.of(made, documents, BOOK), BOOK)
        for made, documents in ((codings, range(40)), (again, list(range(40)) * 10))
    )
    for measure in ("agreement", "cohen", "fleiss", "f1"):
        wide, same = (row_of(found, "codes").measures[measure] for found in (alone, together))
        assert (same.low, same.high) == pytest.approx((wide.low, wide.high)), measure


def test_one_seed_one_table() -> None:
    made = ratings(**noisy())
    first, second, other = (agreement(made, BOOK, draws=20, seed=seed) for seed in (3, 3, 4))
    assert repr(first) == repr(second)
    assert repr(first.rows) != repr(other.rows)


def test_why_a_figure_is_undefined() -> None:
    found = agreement(
        ratings(
            A=column("Z1", "Z1", "P!", None),
            B=column("Z1", "Z1,P-", None, "Z1"),
            C=column(None, None, "0", "Z1"),
        ),
        BOOK,
        draws=5,
    )
    notes = {row.label: row.note for row in found.rows}
    assert notes["C"] == "never given"
    assert notes["P"] == "no unit was coded by all"
    assert math.isnan(row_of(found, "P").measures["fleiss"].point)
    assert agreement_note("Z1", "Z1") == "always given"
    assert agreement_note("Z1", "0") == ""


def agreement_note(one: str, other: str) -> str:
    found = agreement(ratings(A=column("Z1", one), B=column("Z1", other)), BOOK, draws=5)
    return row_of(found, "Z1").note


def test_bad_draws_and_level() -> None:
    made = ratings(**noisy(10))
    with pytest.raises(EvaluationError, match="draws is 0"):
        agreement(made, BOOK, draws=0)
    with pytest.raises(EvaluationError, match="level is 95"):
        agreement(made, BOOK, level=95)


# -------------------------------------------------------------------------------------------- disputes


def test_a_dispute_names_the_codes_that_not_all_gave() -> None:
    made = ratings(A=column("Z1,J!-", "0", "P!"), B=column("Z1,J!", "0", None), C=column("Z1,C2", "0", None))
    [only] = disputes(made, BOOK.codes)
    assert (only.unit, only.labels) == (0, ("C2", "J!", "J-"))
    # Six codings are compared; C2 and J- were given once, J! twice; each splits two of three pairs.
    assert only.score == pytest.approx(2 / 3 * (math.log2(6) + math.log2(3) + math.log2(6)))


def test_many_and_rare_codes_come_first() -> None:
    agreed = ["G2"] * 40
    made = ratings(A=column("G2", "F0", "G2,S!", *agreed, "0"), B=column("0", "0", "0", *agreed, "0"))
    assert [dispute.unit for dispute in disputes(made, BOOK.codes)] == [2, 1, 0]


def test_an_even_split_comes_before_a_single_dissent() -> None:
    # P! and M! are equally rare; P! is one coder's of four twice, M! two coders' of four once.
    made = ratings(
        A=column("P!", "P!", "M!"), B=column("0", "0", "M!"), C=column("0", "0", "0"), D=column("0", "0", "0")
    )
    assert [dispute.unit for dispute in disputes(made, BOOK.codes)] == [2, 0, 1]


def test_equal_scores_keep_the_order_of_the_units() -> None:
    made = ratings(A=column(*["Z1", "Z1,D2"] * 30, "0"), B=column(*["0"] * 61))
    assert [dispute.unit for dispute in disputes(made, BOOK.codes)] == [*range(1, 60, 2), *range(0, 60, 2)]


def test_full_agreement_leaves_nothing_to_settle() -> None:
    made = ratings(A=column("Z1", "0"), B=column("Z1", "0"))
    assert disputes(made, BOOK.codes) == []
