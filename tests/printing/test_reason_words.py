"""Every code of a split has its words, and reserved members are called what they are."""

import pytest

from quotum.adapters.files.plan_steps import BASES
from quotum.adapters.printing import reason_words
from quotum.adapters.printing.member_names import MemberNames
from quotum.adapters.printing.reason_words import BASIS_WORDS, WHY_WORDS, is_reserved
from quotum.engine.decomposition.bounds import NEW_BUSINESS
from quotum.engine.decomposition.ledger import WHY
from quotum.engine.tables.ownership import VACANT
from small_plans import small_plan


def test_every_code_has_its_words():
    assert set(WHY_WORDS) == set(WHY)
    assert set(BASES) <= set(BASIS_WORDS)
    assert (reason_words.VACANT, reason_words.NEW_BUSINESS) == (VACANT, NEW_BUSINESS)


@pytest.mark.parametrize(
    ("dimension", "key", "name"),
    [
        ("unit", "North", "The North"),
        ("person", "Bo", "薄"),
        ("person", "vacant:North", "Vacant in The North"),
        ("person", "vacant:Nowhere", "Vacant in Nowhere"),
        ("customer", "new_business:Bo", "New business of 薄"),
        ("customer", "new_business:North", "New business of The North"),
        ("product", "other", "Everything else"),
        ("customer", "unheard", "unheard"),
        ("window", "2027-01-01/2027-07-01", "from 2027-01-01 until before 2027-07-01"),
        ("person", None, ""),
    ],
)
def test_members_are_called_by_their_names(dimension, key, name):
    names = MemberNames(small_plan())
    names.learn(dimension, [key])
    assert names.of(dimension, key) == name


def test_reserved_members_are_known_by_their_keys():
    assert [is_reserved(key) for key in ("vacant:x", "new_business:x", "other", "others", "vacancy")] == [
        True, True, True, False, False,
    ]  # fmt: skip
