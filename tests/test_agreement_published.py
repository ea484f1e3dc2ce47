"""Agreement in published examples, through the whole table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.evaluation.agreement import AgreementRow, Ratings, agreement

BOOK = load_codebook()

# 30 patients, and in which of five categories each of six psychiatrists put them (Fleiss 1971, table 1).
DIAGNOSES = """
444444 222555 233335 555555 222444 113333 333355 113334 114444 555555
144444 124444 222333 144444 224445 333335 111455 111112 224444 133555
555555 244444 224555 114444 144445 222224 111155 224444 133333 555555
"""

# Four observers, twelve units, values 1 to 5, a dot for a missing one (Krippendorff 2011, example C).
OBSERVERS = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")


def rows(codings: Mapping[str, Sequence[str | None]]) -> dict[str, AgreementRow]:
    """The table's rows by their labels; None for a unit that the coder did not code."""
    sets = {
        coder: [None if cell is None else frozenset(BOOK.parse(cell)) for cell in column]
        for coder, column in codings.items()
    }
    units = len(next(iter(sets.values())))
    return {row.label: row for row in agreement(Ratings.of(sets, range(units), BOOK), BOOK, draws=1).rows}


def values(written: Sequence[str]) -> dict[str, list[str | None]]:
    """One of five values a unit as one of the five types; a row of signs a coder."""
    types = {sign: f"{letter}0" for sign, letter in zip("12345", "ZCDFG", strict=True)}
    return {f"coder {at}": [types.get(sign) for sign in row] for at, row in enumerate(written)}


def test_fleiss_kappa() -> None:
    """Kappa is 0.430 over all categories, and for each of them what it is with the others as one."""
    patients = DIAGNOSES.split()
    found = rows(values(["".join(patient[at] for patient in patients) for at in range(6)]))
    assert found["types"].measures["fleiss"].point == pytest.approx(0.430, abs=5e-4)
    each = [found[letter].measures["fleiss"].point for letter in "ZCDFG"]
    assert each == pytest.approx([0.245, 0.245, 0.520, 0.471, 0.566], abs=5e-4)


def test_alpha_of_nominal_data_with_missing_values() -> None:
    """0.743 in Krippendorff (2011): sets of one label each are as far from each other as values."""
    found = rows(values(OBSERVERS))["types"].measures
    assert found["alpha"].point == pytest.approx(0.743, abs=5e-4)


def test_alpha_of_binary_data() -> None:
    """0.095 in Krippendorff (2011), example A: ten units, two observers."""
    observers = ("0100000010", "1110010000")
    found = rows({row: ["P!" if sign == "1" else "0" for sign in row] for row in observers})
    for label in ("P!", "P", "problems", "codes"):
        assert found[label].measures["alpha"].point == pytest.approx(0.095, abs=5e-4), label


def test_ac1_where_kappa_is_paradoxical() -> None:
    """118 times both raters say yes, 5 and 2 times one of them, never neither: kappa −0.0234 and AC1
    0.9408 (Gwet 2002, "Kappa statistic is not satisfactory")."""
    codings = {"A": ["Z1"] * 123 + ["0"] * 2, "B": ["Z1"] * 118 + ["0"] * 5 + ["Z1"] * 2}
    for label in ("Z1", "Z", "letters"):
        found = rows(codings)[label].measures
        assert found["agreement"].point == pytest.approx(0.944), label
        assert found["cohen"].point == pytest.approx(-0.0234, abs=5e-5), label
        assert found["ac1"].point == pytest.approx(0.9408, abs=5e-5), label


def test_kappa_and_positive_agreement_by_hand() -> None:
    """Of 200 units 88 are given by both, 10 and 14 by one: chance is 0.49·0.51 + 0.51·0.49."""
    codings = {"A": ["Z1"] * 98 + ["0"] * 102, "B": ["Z1"] * 88 + ["0"] * 10 + ["Z1"] * 14 + ["0"] * 88}
    found = rows(codings)["Z1"].measures
    assert found["cohen"].point == pytest.approx((0.88 - 0.4998) / (1 - 0.4998))
    assert found["f1"].point == pytest.approx(2 * 88 / (98 + 102))
