"""The multi-label estimator: rounding, determinism, agreement of parents and children."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.base import clone
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.errors import TrainingError
from wuxing_nlp.model.classifier import CODE_PART, FEWEST_POSITIVES, PolicyClassifier, fit_machine
from wuxing_nlp.model.outputs import NEVER, Floats, Outputs, Predictions, codes_of
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.model.rows import Rows
from wuxing_nlp.model.tuning import best_threshold

BOOK = load_codebook()
OUTPUTS = Outputs.of(BOOK)
# Codes that the made-up units below carry; the last code of each is learnt with its letter.
PATTERNS = ["", "D2", "D3", "Z1", "J!", "J-", "J!-", "P-", "D2, P!"]


def made_up(copies: int = 24, seed: int = 0, noise: float = 0.1) -> tuple[csr_matrix, np.ndarray, list[str]]:
    """Units of which every pattern has its own feature, among noise; six documents."""
    generator = np.random.default_rng(seed)
    codes = [BOOK.base(BOOK.parse(pattern)) for pattern in PATTERNS] * copies
    x = generator.normal(0, noise, (len(codes), len(PATTERNS) + 5)).astype(np.float32)
    for at in range(len(codes)):
        x[at, at % len(PATTERNS)] += 1
    return csr_matrix(x), OUTPUTS.truth(codes), [f"d{at % 6}" for at in range(len(codes))]


class OneDomain(PolicyClassifier):
    """Its machines are the same, whatever is tuned on."""

    def machine(
        self, at: int, x: csr_matrix, y: np.ndarray, weights: Floats, tuned: np.ndarray
    ) -> tuple[Floats, float]:
        return super().machine(at, x, y, weights, np.ones_like(tuned))


def fitted(
    x: csr_matrix,
    y: np.ndarray,
    groups: list[str],
    *,
    weights: Floats | None = None,
    tuned: np.ndarray | None = None,
    seed: int = 0,
    of: type[PolicyClassifier] = PolicyClassifier,
) -> PolicyClassifier:
    n = y.shape[0]
    return of(OUTPUTS, c=1.0, inner_folds=2, seed=seed).fit(
        x,
        y,
        groups=groups,
        weights=np.ones(n) if weights is None else weights,
        tuned=np.ones(n, dtype=bool) if tuned is None else tuned,
    )


@pytest.fixture(scope="module")
def example() -> tuple[csr_matrix, np.ndarray, PolicyClassifier]:
    x, y, groups = made_up()
    return x, y, fitted(x, y, groups)


def test_the_classifier_learns_what_can_be_learnt(
    example: tuple[csr_matrix, np.ndarray, PolicyClassifier],
) -> None:
    x, y, classifier = example
    assert (classifier.predict(x) == y[:, 10:40]).mean(axis=0).min() > 0.97


def test_probabilities_have_a_column_a_code_and_lie_between_0_and_1(
    example: tuple[csr_matrix, np.ndarray, PolicyClassifier],
) -> None:
    x, _, classifier = example
    likely = classifier.predict_proba(x)
    assert likely.shape == (x.shape[0], 30)
    assert ((likely >= 0) & (likely <= 1)).all()
    assert (likely <= classifier.predictions(x).letters[:, OUTPUTS.parents]).all()


def test_every_letter_that_is_found_has_a_code(
    example: tuple[csr_matrix, np.ndarray, PolicyClassifier],
) -> None:
    x, _, classifier = example
    predicted = classifier.predictions(x)
    found = predicted.letters >= classifier.calibration_.rule(Preference.BALANCED).letter_thresholds
    for row, codes in zip(found, codes_of(OUTPUTS, classifier.predict(x)), strict=True):
        assert BOOK.letters_of(codes) == {OUTPUTS.letters[at] for at in np.flatnonzero(row)}


def test_two_fits_with_one_seed_are_equal() -> None:
    x, y, groups = made_up()
    one, other = fitted(x, y, groups, seed=3), fitted(x, y, groups, seed=3)
    for first, second in ((one.machines_, other.machines_), (one.calibration_, other.calibration_)):
        for field in dataclasses.fields(first):
            assert np.array_equal(getattr(first, field.name), getattr(second, field.name)), field.name
    assert np.array_equal(one.trained_, other.trained_)


def test_a_row_does_not_depend_on_the_batch(
    example: tuple[csr_matrix, np.ndarray, PolicyClassifier],
) -> None:
    x, _, classifier = example
    whole = classifier.predict_proba(x)
    alone = np.vstack([classifier.predict_proba(x[at]) for at in range(20)])
    assert np.array_equal(whole[:20], alone)


def test_the_machines_are_scikit_learns() -> None:
    x, y, groups = made_up()
    weights = np.linspace(0.5, 1.5, len(groups))
    machines = fitted(x, y, groups, weights=weights).machines_
    for name, part in (("D", 1.0), ("D2", CODE_PART), ("J-", CODE_PART)):
        at = OUTPUTS.names.index(name)
        svm = LinearSVC(C=1.0, random_state=0)
        svm.fit(x, y[:, at], sample_weight=weights)
        margins = machines.margins(Rows.of_matrix(x))[:, at]
        assert margins == pytest.approx(part * svm.decision_function(x), abs=0.05)


def test_a_machine_is_told_which_features_tell_and_gives_coefficients_of_them_as_they_are() -> None:
    """The first feature stands in units of one side alone, the second in all: without scales equal
    values would get equal coefficients."""
    y = np.arange(40) % 2 == 0
    x = csr_matrix(np.stack([y, np.where(y, 1.0, 0.0) + 1e-9], axis=1).astype(np.float32))
    coefficients, bias = fit_machine(x, y, np.ones(40), np.ones(40, dtype=bool), c=0.01, seed=0)
    assert coefficients[0] > 2 * coefficients[1] > 0
    assert ((x @ coefficients + bias > 0) == y).all()


def test_a_machine_is_for_the_domain_that_is_asked_for() -> None:
    """The second feature speaks for the label in one domain and against it in the other."""
    x = np.random.default_rng(0).choice([0.0, 1.0], (200, 3)).astype(np.float32)
    target = np.arange(200) % 2 == 0
    y = x[:, 0] + np.where(target, x[:, 1], 1 - x[:, 1]) > 1
    here, there = (fit_machine(csr_matrix(x), y, np.ones(200), of, c=1.0, seed=0) for of in (target, ~target))
    assert here[0][1] > 0.3
    assert there[0][1] < -0.3
    assert min(here[0][0], there[0][0]) > 0.3


def test_every_machine_is_told_the_domain_of_its_units() -> None:
    """Those of letters of all units that teach, those of stances of the problems; in inner folds too."""
    x, y, groups = made_up()
    tuned = np.random.default_rng(0).random(len(groups)) < 0.5
    told: list[tuple[int, csr_matrix, np.ndarray]] = []

    class Recording(PolicyClassifier):
        def machine(
            self, at: int, x: csr_matrix, y: np.ndarray, weights: Floats, tuned: np.ndarray
        ) -> tuple[Floats, float]:
            told.append((at, x, tuned))
            return super().machine(at, x, y, weights, tuned)

    fitted(x, y, groups, tuned=tuned, of=Recording)
    stance, problems = OUTPUTS.names.index("-"), OUTPUTS.problems(y)
    assert len(told) == 3 * len(OUTPUTS)
    domains = {tuple(row): of for row, of in zip(x.toarray().tolist(), tuned, strict=True)}
    for at, units, of in told:
        assert of.tolist() == [domains[tuple(row)] for row in units.toarray().tolist()]
        assert at != stance or len(of) < len(groups)
    assert [len(of) for at, _, of in told if at == stance][-1] == problems.sum()


def test_a_stance_is_learnt_on_problems_only() -> None:
    x, y, groups = made_up()
    problems = OUTPUTS.problems(y)
    at = OUTPUTS.names.index("-")
    svm = LinearSVC(C=1.0, random_state=0).fit(x[problems], y[problems, at])
    margins = fitted(x, y, groups).machines_.margins(Rows.of_matrix(x))[:, at]
    assert margins == pytest.approx(CODE_PART * svm.decision_function(x), abs=0.05)


def test_letters_are_calibrated_on_the_tuned_units() -> None:
    x, y, groups = made_up()
    tuned = np.zeros(len(groups), dtype=bool)
    # Of the tuned units nearly all carry D2 (pattern 1): D is likelier for it, and Z less.
    tuned[1 :: len(PATTERNS)] = True
    tuned[:9] = True
    everywhere, here = fitted(x, y, groups), fitted(x, y, groups, tuned=tuned, of=OneDomain)
    gain = here.predictions(x).letters.mean(axis=0) - everywhere.predictions(x).letters.mean(axis=0)
    assert gain[OUTPUTS.letters.index("D")] > 0.05 > gain[OUTPUTS.letters.index("Z")]
    assert np.array_equal(here.calibration_.shares, everywhere.calibration_.shares)


@pytest.mark.parametrize("positives", [0, 1, FEWEST_POSITIVES - 1])
def test_an_untrained_label_is_said_to_be_so_and_never_given(positives: int) -> None:
    x, y, groups = made_up()
    for at in np.flatnonzero(y[:, OUTPUTS.names.index("P")])[positives:]:
        y[at, [OUTPUTS.names.index(name) for name in ("P", "P!", "P-")]] = False
    classifier = fitted(x, y, groups)
    untrained = {name for name, known in zip(OUTPUTS.names, classifier.trained_, strict=True) if not known}
    assert {"P", "P!", "P-"} <= untrained
    assert untrained.isdisjoint({"D", "D2", "J", "J!", "Z", "Z1", "!", "-"})
    given_codes = frozenset[str]().union(*codes_of(OUTPUTS, classifier.predict(x)))
    assert given_codes.isdisjoint({"P!", "P-"})
    assert {"D2", "Z1", "J!"} <= given_codes
    likely = classifier.predict_proba(x)
    assert np.isfinite(likely).all()
    assert likely[:, OUTPUTS.codes.index("P-")].max() < 0.2
    assert (classifier.calibration_.letter_thresholds[:, OUTPUTS.letters.index("P")] == NEVER).all()


def test_an_untrained_code_leaves_its_letters_other_codes_alone() -> None:
    """C0 with a few units must not be given to every unit of C."""
    x, y, groups = made_up()
    d0, d = OUTPUTS.names.index("D0"), OUTPUTS.names.index("D")
    y[np.flatnonzero(y[:, d])[:5], d0] = True
    classifier = fitted(x, y, groups)
    assert not classifier.trained_[d0]
    assert classifier.calibration_.share_thresholds[OUTPUTS.codes.index("D0")] == NEVER
    assert not classifier.predict(x)[:, OUTPUTS.codes.index("D0")].any()
    assert classifier.predict_proba(x)[:, OUTPUTS.codes.index("D0")].max() > 0


def test_a_corpus_without_any_problem_can_be_learnt_from() -> None:
    x, y, groups = made_up()
    types = ~OUTPUTS.problems(y)
    x, y = x[types], y[types]
    classifier = fitted(x, y, [group for group, kept in zip(groups, types, strict=True) if kept])
    assert np.isfinite(classifier.predict_proba(x)).all()
    assert classifier.predict(x)[:, OUTPUTS.codes.index("D2")].any()


@pytest.fixture(scope="module")
def blurred() -> tuple[np.ndarray, PolicyClassifier, Predictions]:
    """Units that cannot all be told apart: their truth, the classifier, and its answers to each from
    the inner fold that had not seen it, on which thresholds and doubts are learnt."""
    x, y, groups = made_up(copies=60, noise=0.2)
    classifier = fitted(x, y, groups)
    margins, weights = np.empty(y.shape), np.ones(len(groups))
    for rest, held in GroupKFold(classifier.inner_folds).split(x, groups=groups):
        margins[held] = classifier._machines(
            x[rest], y[rest], weights[rest], np.ones(len(rest), dtype=bool)
        ).margins(Rows.of_matrix(x[held]))
    return y, classifier, Predictions.of(OUTPUTS, classifier.calibration_, margins)


def test_each_preference_has_the_thresholds_of_its_beta(
    blurred: tuple[np.ndarray, PolicyClassifier, Predictions],
) -> None:
    y, classifier, held_out = blurred
    known = classifier.trained_[:10]
    for preference, beta in zip(Preference, (1.0, 0.5, 2.0), strict=True):
        found = classifier.calibration_.rule(preference).letter_thresholds
        expected = [best_threshold(held_out.letters[:, at], y[:, at], beta) for at in range(10)]
        assert found[known].tolist() == np.array(expected)[known].tolist()
        assert (found[~known] == NEVER).all()
    balanced, precision, recall = classifier.calibration_.letter_thresholds[:, known]
    assert (precision > balanced).any()
    assert (balanced > recall).any()


def test_a_doubt_keeps_its_promise_under_each_preference(
    blurred: tuple[np.ndarray, PolicyClassifier, Predictions],
) -> None:
    """Nine in ten of the units called free of labels are. The balanced doubt would not do for all: it
    breaks the promise under precision, and under recall it doubts what needs no doubt."""
    y, classifier, held_out = blurred
    labelled = np.asarray(y[:, :10].any(axis=1))

    def truly_none(preference: Preference, doubt: float) -> float:
        none = held_out.nearness(classifier.calibration_.rule(preference)) < doubt
        return float(1 - labelled[none].mean())

    for preference in Preference:
        assert truly_none(preference, classifier.calibration_.rule(preference).doubt) >= 0.9
    balanced, precision, recall = classifier.calibration_.doubts.tolist()
    assert precision < balanced < recall
    assert truly_none(Preference.PRECISION, balanced) < 0.9


def test_a_prediction_is_balanced(example: tuple[csr_matrix, np.ndarray, PolicyClassifier]) -> None:
    x, _, classifier = example
    rule = classifier.calibration_.rule(Preference.BALANCED)
    assert np.array_equal(classifier.predict(x), classifier.predictions(x).decide(rule))


def test_too_few_documents_are_refused() -> None:
    x, y, groups = made_up(2)
    with pytest.raises(TrainingError, match="1 documents are too few: at least 2 are needed"):
        fitted(x, y, ["one"] * len(groups))


def test_a_corpus_without_enough_of_any_label_is_refused() -> None:
    x, y, groups = made_up(2)
    with pytest.raises(TrainingError, match=f"no label has {FEWEST_POSITIVES} positive units"):
        fitted(x, y & (np.arange(len(groups)) < 9)[:, None], groups)


def test_it_is_an_estimator_as_scikit_learn_knows_them() -> None:
    estimator = PolicyClassifier(OUTPUTS, c=0.7, inner_folds=4, seed=5)
    assert clone(estimator).get_params() == estimator.get_params()
    assert estimator.get_params()["c"] == 0.7
    assert estimator.set_params(c=0.1).c == 0.1
