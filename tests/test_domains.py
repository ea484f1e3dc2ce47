"""Domain adaptation: a machine for one domain, taught by units of two."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.linear_model import Ridge

from wuxing_nlp.model.calibration import Floats
from wuxing_nlp.model.domains import COPY, learnt_for

N = 400


def ridge(x: csr_matrix, y: Floats) -> tuple[Floats, float]:
    found = Ridge(alpha=1.0).fit(x.toarray(), y)
    return found.coef_, float(found.intercept_)


@pytest.fixture(scope="module")
def units() -> tuple[csr_matrix, np.ndarray]:
    """The first feature means the same in both domains, the second the opposite, the third nothing."""
    x = np.random.default_rng(0).choice([0.0, 1.0], (N, 3)).astype(np.float32)
    return csr_matrix(x), np.arange(N) % 4 == 0


def outcome(x: csr_matrix, target: np.ndarray) -> Floats:
    dense = x.toarray()
    found: Floats = dense[:, 0] + np.where(target, 1.0, -1.0) * dense[:, 1]
    return found


def test_what_domains_agree_on_is_shared_and_what_they_do_not_is_the_targets(
    units: tuple[csr_matrix, np.ndarray],
) -> None:
    x, target = units
    y = outcome(x, target)
    coefficients, _ = learnt_for(target, x, lambda features: ridge(features, y))
    other, _ = learnt_for(~target, x, lambda features: ridge(features, y))
    together, _ = ridge(x, y)
    assert coefficients == pytest.approx([1, 1, 0], abs=0.25)
    assert other == pytest.approx([1, -1, 0], abs=0.25)
    assert together[1] < -0.3


def test_the_learner_sees_every_feature_and_its_copy_in_the_units_domain(
    units: tuple[csr_matrix, np.ndarray],
) -> None:
    x, target = units
    seen: list[csr_matrix] = []

    def learn(features: csr_matrix) -> tuple[Floats, float]:
        seen.append(features)
        return np.arange(9.0), 0.5

    coefficients, bias = learnt_for(target, x, learn)
    shared, own, others = (seen[0][:, at : at + 3].toarray() for at in (0, 3, 6))
    assert own == pytest.approx(COPY * shared * target[:, None])
    assert others == pytest.approx(COPY * shared * ~target[:, None])
    assert np.array_equal(shared > 0, x.toarray() > 0)
    # A unit is as long as it was.
    assert (seen[0].toarray() ** 2).sum(axis=1) == pytest.approx((x.toarray() ** 2).sum(axis=1))
    assert seen[0].dtype == x.dtype
    assert bias == 0.5
    # A target unit's margin is the same by the nine coefficients as by the three.
    assert seen[0][target] @ np.arange(9.0) == pytest.approx(x[target] @ coefficients)


@pytest.mark.parametrize("everywhere", [True, False])
def test_where_all_units_are_of_one_domain_nothing_is_copied(
    units: tuple[csr_matrix, np.ndarray], everywhere: bool
) -> None:
    x, target = units
    y = outcome(x, target)
    coefficients, bias = learnt_for(np.full(N, everywhere), x, lambda features: ridge(features, y))
    plain, plain_bias = ridge(x, y)
    assert np.array_equal(coefficients, plain)
    assert bias == plain_bias
