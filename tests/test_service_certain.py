"""``min_probability``: codes that are less certain are left out, and all counts follow."""

from __future__ import annotations

import pytest

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.model.results import Profile, TaggedDocument
from wuxing_nlp.model.tagger import Tagger
from wuxing_nlp.service.pool.certain import at_least

TEXT = """个别窗口怕担责任，能推就推。下一步，持续深化“放管服”改革，让群众少跑腿。
有的单位文山会海反弹，热衷于发通知、开会议。坚持党的全面领导，坚决做到“两个维护”。第三中学操场于八月底完工。"""


@pytest.fixture(scope="module")
def document(tagger: Tagger) -> TaggedDocument:
    return tagger.tag(TEXT, evidence=True, probabilities=True)


def probabilities(document: TaggedDocument) -> list[float]:
    return sorted(tag.probability for unit in document.units for tag in unit.tags)


def test_zero_changes_nothing(document: TaggedDocument) -> None:
    assert at_least(document, 0, load_codebook()) is document


def test_a_code_at_the_limit_stays(document: TaggedDocument) -> None:
    least = probabilities(document)[0]
    assert at_least(document, least, load_codebook()) == document


def test_less_certain_codes_are_left_out(document: TaggedDocument) -> None:
    found = probabilities(document)
    limit = found[len(found) // 2]
    assert found[0] < limit
    kept = at_least(document, limit, load_codebook())
    assert probabilities(kept) == [each for each in found if each >= limit]
    for unit, old in zip(kept.units, document.units, strict=True):
        assert unit.codes == tuple(tag.code for tag in unit.tags)
        assert unit.labels == {code[0] for code in unit.codes}
        assert (unit.text, unit.start, unit.end, unit.kind) == (old.text, old.start, old.end, old.kind)
        assert unit.probabilities == old.probabilities


def test_a_unit_that_loses_its_last_code_is_abstained(document: TaggedDocument) -> None:
    none = at_least(document, 1, load_codebook())
    assert max(probabilities(document)) < 1
    assert probabilities(none) == []
    for unit, old in zip(none.units, document.units, strict=True):
        assert unit.status == ("abstained" if old.codes else old.status)
    assert {old.status for old in document.units} >= {"labelled"}


def test_the_profile_is_counted_anew(document: TaggedDocument) -> None:
    none = at_least(document, 1, load_codebook())
    assert none.profile == Profile.of(none.units, load_codebook())
    assert sum(none.profile.codes.values()) == 0 < sum(document.profile.codes.values())
    assert none.profile.units == document.profile.units
    assert (none.script, none.model, none.prefer) == (document.script, document.model, document.prefer)
