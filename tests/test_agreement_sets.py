"""Agreement on whole label sets: alpha of MASI beside brute force and krippendorff, and draws by hand."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import krippendorff
import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score, f1_score

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.evaluation.agreement import Ratings
from wuxing_nlp.evaluation.agreement.measures import Sample, mean_over_pairs
from wuxing_nlp.evaluation.agreement.sets import set_statistics
from wuxing_nlp.evaluation.bootstrap import resampled

BOOK = load_codebook()
LABELS = ("Z1", "C3", "P!", "J-")

Column = list[frozenset[str] | None]


def invented(coders: int, units: int = 150, *, missing: float = 0.0, seed: int = 8) -> dict[str, Column]:
    """Codings with errors: every coder flips a tenth of the codes of a common truth."""
    generator = np.random.default_rng(seed)
    truth = generator.random((units, len(LABELS))) < [0.4, 0.1, 0.25, 0.05]
    columns: dict[str, Column] = {}
    for coder in range(coders):
        given = truth ^ (generator.random(truth.shape) < 0.1)
        coded = generator.random(units) >= missing
        columns[f"coder {coder}"] = [
            frozenset(label for label, has in zip(LABELS, row, strict=True) if has) if is_coded else None
            for row, is_coded in zip(given, coded, strict=True)
        ]
    return columns


def measured(codings: dict[str, Column], documents: Sequence[int], draws: int = 1) -> dict[str, Sample]:
    ratings = Ratings.of(codings, documents, BOOK).compared()
    return {
        measure: mean_over_pairs(resampled(several, draws=draws))
        for measure, several in set_statistics(ratings, LABELS).items()
    }


def points(codings: dict[str, Column]) -> dict[str, float]:
    units = len(next(iter(codings.values())))
    return {measure: point.item() for measure, (point, _) in measured(codings, range(units)).items()}


def distance(one: frozenset[str], other: frozenset[str]) -> float:
    """The MASI distance as Passonneau (2006) writes it."""
    if one == other:
        return 0
    jaccard = len(one & other) / len(one | other)
    if one <= other or other <= one:
        return 1 - jaccard * 2 / 3
    return 1 - jaccard / 3 if one & other else 1


def brute_force(codings: dict[str, Column]) -> float:
    """Alpha as mean distance within units over mean distance of all codings, pair by pair."""
    units = [[codes for codes in unit if codes is not None] for unit in zip(*codings.values(), strict=True)]
    units = [unit for unit in units if len(unit) > 1]
    everything = [codes for unit in units for codes in unit]
    observed = sum(
        sum(distance(one, other) for one, other in permutations(unit, 2)) / (len(unit) - 1) for unit in units
    )
    expected = sum(distance(one, other) for one, other in permutations(everything, 2)) / (len(everything) - 1)
    return 1 - observed / expected


@pytest.mark.parametrize("coders", [2, 4])
@pytest.mark.parametrize("missing", [0.0, 0.4])
def test_alpha_of_masi_is_that_of_brute_force(coders: int, missing: float) -> None:
    codings = invented(coders, missing=missing)
    assert points(codings)["alpha"] == pytest.approx(brute_force(codings))


@pytest.mark.parametrize("missing", [0.0, 0.4])
def test_alpha_of_masi_is_that_of_krippendorff_with_the_same_distance(missing: float) -> None:
    codings = invented(3, missing=missing)
    sets = list(dict.fromkeys(codes for column in codings.values() for codes in column if codes is not None))
    table = np.array([[distance(one, other) for other in sets] for one in sets])
    data = np.array(
        [[np.nan if codes is None else sets.index(codes) for codes in column] for column in codings.values()]
    )

    def metric(v1: object, v2: object, i1: object, i2: object, n_v: object, dtype: object) -> object:
        return table[i1, i2]  # type: ignore[index]

    wanted = krippendorff.alpha(data, value_domain=range(len(sets)), level_of_measurement=metric)  # type: ignore[arg-type]
    assert points(codings)["alpha"] == pytest.approx(wanted)


def test_kappa_is_that_of_scikit_learn_with_sets_as_values() -> None:
    one, other = (["+".join(sorted(codes or ())) for codes in column] for column in invented(2).values())
    assert points(invented(2))["cohen"] == pytest.approx(cohen_kappa_score(one, other))


def test_f1_is_that_of_scikit_learn_over_all_labels() -> None:
    one, other = (
        [[label in (codes or ()) for label in LABELS] for codes in column] for column in invented(2).values()
    )
    assert points(invented(2))["f1"] == pytest.approx(f1_score(one, other, average="micro"))


def test_two_sets_agree_where_they_are_equal() -> None:
    codings: dict[str, Column] = {
        "A": [frozenset({"Z1"}), frozenset({"Z1", "C3"}), frozenset(), frozenset({"J-"})],
        "B": [frozenset({"Z1"}), frozenset({"Z1"}), frozenset(), frozenset({"P!"})],
    }
    found = points(codings)
    assert found["agreement"] == 0.5
    # Values {Z1} 3, {Z1, C3} 1, {} 2, {J-} 1, {P!} 1 of 8: chance 1/64·(9 + 1 + 4 + 1 + 1).
    assert found["fleiss"] == pytest.approx((0.5 - 16 / 64) / (1 - 16 / 64))
    # AC1: the sum of share·(1 − share), by the five values less one.
    assert found["ac1"] == pytest.approx((0.5 - (1 - 16 / 64) / 4) / (1 - (1 - 16 / 64) / 4))
    assert found["f1"] == pytest.approx(2 * 2 / (2 * 2 + 3))


def test_one_value_alone_leaves_all_but_raw_agreement_undefined() -> None:
    same: Column = [frozenset({"Z1"})] * 4
    found = points({"A": same, "B": same})
    assert found["agreement"] == found["f1"] == 1
    assert all(np.isnan(found[measure]) for measure in ("cohen", "fleiss", "ac1", "alpha"))


def test_draws_are_those_of_resampled_documents() -> None:
    codings = invented(3, units=60, missing=0.2)
    documents = [at // 6 for at in range(60)]
    drawn = measured(codings, documents, draws=12)
    times = np.random.default_rng(0).multinomial(10, [1 / 10] * 10, size=12)
    values = {codes for column in codings.values() for codes in column}
    for draw in range(12):
        copied = [at for at in range(60) for _ in range(times[draw][documents[at]])]
        some = {coder: [column[at] for at in copied] for coder, column in codings.items()}
        for measure, point in points(some).items():
            # The values that are possible stay those of all codings, on which AC1 depends.
            same = values == {codes for column in some.values() for codes in column}
            if measure != "ac1" or same:
                assert drawn[measure][1][draw].item() == pytest.approx(point), measure
