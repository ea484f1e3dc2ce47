"""Agreement on single labels: beside scikit-learn and krippendorff, and draws by hand."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import krippendorff
import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score, f1_score

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.evaluation.agreement import Ratings
from wuxing_nlp.evaluation.agreement.labels import label_statistics
from wuxing_nlp.evaluation.agreement.measures import Sample, mean_over_pairs
from wuxing_nlp.evaluation.bootstrap import resampled

BOOK = load_codebook()
LABELS = ("Z1", "C3", "P!", "J-", "Z", "P", "J")


def measured(ratings: Ratings, labels: Sequence[str], draws: int = 1) -> dict[str, Sample]:
    """Measure to its figures, a label each, of the units that are compared."""
    statistics = label_statistics(ratings.compared(), labels)
    return {
        measure: mean_over_pairs(resampled(several, draws=draws)) for measure, several in statistics.items()
    }


def points(codings: Mapping[str, Sequence[str | None]], labels: Sequence[str]) -> dict[str, list[float]]:
    """The same without draws, of codings that are written as strings; None where there is none."""
    sets = {
        coder: [None if cell is None else frozenset(BOOK.parse(cell)) for cell in column]
        for coder, column in codings.items()
    }
    ratings = Ratings.of(sets, range(len(next(iter(sets.values())))), BOOK)
    return {measure: point.tolist() for measure, (point, _) in measured(ratings, labels).items()}


def invented(
    coders: int, units: int = 400, *, missing: float = 0.0, seed: int = 4
) -> dict[str, list[str | None]]:
    """Codings with errors: every coder flips a tenth of the codes of a common truth."""
    generator = np.random.default_rng(seed)
    truth = generator.random((units, 4)) < [0.4, 0.1, 0.25, 0.05]
    columns: dict[str, list[str | None]] = {}
    for coder in range(coders):
        given = truth ^ (generator.random(truth.shape) < 0.1)
        coded = generator.random(units) >= missing
        columns[f"coder {coder}"] = [
            ",".join(label for label, has in zip(LABELS, row, strict=False) if has) or "0"
            if is_coded
            else None
            for row, is_coded in zip(given, coded, strict=True)
        ]
    return columns


def flags(column: Sequence[str | None], label: str) -> NDArray[np.float64]:
    """1 where the label was given, 0 where not, nan where the unit was not coded."""
    return np.array(
        [
            math.nan
            if cell is None
            else float(label in BOOK.parse(cell) or label in BOOK.letters_of(BOOK.parse(cell)))
            for cell in column
        ]
    )


# --------------------------------------------------------------------------------------- other software


@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_cohens_kappa_is_that_of_scikit_learn(missing: float) -> None:
    codings = invented(2, missing=missing)
    one, other = codings.values()
    both = [at for at in range(len(one)) if one[at] is not None and other[at] is not None]
    for label, kappa, score in zip(
        LABELS, *(points(codings, LABELS)[m] for m in ("cohen", "f1")), strict=True
    ):
        first, second = (flags(column, label)[both] for column in (one, other))
        assert kappa == pytest.approx(cohen_kappa_score(first, second))
        assert score == pytest.approx(f1_score(first, second))


def test_with_more_coders_kappa_and_agreement_are_means_over_pairs() -> None:
    codings = invented(4)
    names = list(codings)
    pairs = [(a, b) for at, a in enumerate(names) for b in names[at + 1 :]]
    found = points(codings, LABELS)
    for measure in ("cohen", "agreement"):
        each = [points({a: codings[a], b: codings[b]}, LABELS)[measure] for a, b in pairs]
        assert found[measure] == pytest.approx(np.mean(each, axis=0))


def test_a_pair_without_a_unit_in_common_is_left_out() -> None:
    codings: dict[str, list[str | None]] = {
        "A": ["Z1", "0", "Z1", None, None],
        "B": ["Z1", "0", "0", "Z1", "0"],
        "C": [None, None, None, "Z1", "Z1"],
    }
    first = points({name: codings[name][:3] for name in "AB"}, ["Z1"])["cohen"][0]
    second = points({name: codings[name][3:] for name in "BC"}, ["Z1"])["cohen"][0]
    assert points(codings, ["Z1"])["cohen"] == pytest.approx([(first + second) / 2])


@pytest.mark.parametrize("coders", [2, 3, 5])
@pytest.mark.parametrize("missing", [0.0, 0.4])
def test_alpha_is_that_of_krippendorff(coders: int, missing: float) -> None:
    codings = invented(coders, missing=missing)
    for label, alpha in zip(LABELS, points(codings, LABELS)["alpha"], strict=True):
        data = np.array([flags(column, label) for column in codings.values()])
        wanted = krippendorff.alpha(data, value_domain=[0, 1], level_of_measurement="nominal")
        assert alpha == pytest.approx(wanted)


def test_fleiss_is_of_the_units_that_all_coded() -> None:
    codings = invented(3, missing=0.2)
    complete = [at for at in range(400) if all(column[at] is not None for column in codings.values())]
    assert 100 < len(complete) < 300
    whole = {coder: [column[at] for at in complete] for coder, column in codings.items()}
    assert points(codings, LABELS)["fleiss"] == pytest.approx(points(whole, LABELS)["fleiss"])


# ------------------------------------------------------------------------------------------ properties


def test_the_order_of_coders_and_units_does_not_matter() -> None:
    codings = invented(3, missing=0.2)
    turned = {coder: column[::-1] for coder, column in reversed(codings.items())}
    for measure, values in points(codings, LABELS).items():
        assert points(turned, LABELS)[measure] == pytest.approx(values)


def test_full_agreement_is_one() -> None:
    column = invented(1)["coder 0"]
    found = points({"A": column, "B": column, "C": column}, LABELS[:4])
    assert all(values == pytest.approx([1] * 4) for values in found.values())


def test_a_label_that_nobody_or_everybody_gave_has_no_agreement_beyond_chance() -> None:
    found = points({"A": ["Z1"] * 5, "B": ["Z1"] * 5}, ["Z1", "C3"])
    assert found["agreement"] == [1, 1]
    for measure in ("cohen", "fleiss", "alpha"):
        assert all(map(math.isnan, found[measure])), measure
    assert found["f1"][0] == 1
    assert math.isnan(found["f1"][1])
    # Chance agreement of AC1 is 0 there, not 1.
    assert found["ac1"] == [1, 1]


def test_no_unit_of_all_coders_leaves_fleiss_undefined() -> None:
    found = points({"A": ["Z1", "0", None], "B": ["Z1", None, "0"], "C": [None, "Z1", "0"]}, ["Z1"])
    assert math.isnan(found["fleiss"][0])
    assert not math.isnan(found["alpha"][0])


def test_draws_are_those_of_resampled_documents() -> None:
    """The weighted sums give what copying whole documents by hand gives, for every measure."""
    codings = invented(3, units=60, missing=0.2)
    sets = {
        coder: [None if cell is None else frozenset(BOOK.parse(cell)) for cell in column]
        for coder, column in codings.items()
    }
    documents = [at // 6 for at in range(60)]
    drawn = measured(Ratings.of(sets, documents, BOOK), LABELS, draws=12)
    times = np.random.default_rng(0).multinomial(10, [1 / 10] * 10, size=12)
    for draw in range(12):
        copied = [at for at in range(60) for _ in range(times[draw][documents[at]])]
        again = points({coder: [column[at] for at in copied] for coder, column in codings.items()}, LABELS)
        for measure, (_, sample) in drawn.items():
            assert sample[draw] == pytest.approx(again[measure], nan_ok=True), measure
