from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.utils.translation import gettext_lazy
from hypothesis import given, settings
from hypothesis import strategies as st

from prm.documents.facts import NotAFact, frozen, thawed
from prm.money import Money

KEPT = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["", "Zürich", "北京"])
    | st.dates()
    | st.datetimes(timezones=st.just(UTC))
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.builds(Money, st.decimals(allow_nan=False, allow_infinity=False), st.sampled_from(["EUR", "JPY", "KWD"])),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.sampled_from(["a", "b"]), parts, max_size=2),
    max_leaves=6,
)


@settings(deadline=None)  # slow machines are not wrong
@given(KEPT)
def test_what_is_kept_comes_back_as_it_was(value):
    assert thawed(frozen(value)) == value


def test_other_values_become_their_text():
    made = frozen({"id": UUID(int=1), "label": gettext_lazy("Edge"), "pair": ("a", "b")})

    assert made == {"id": "00000000-0000-0000-0000-000000000001", "label": "Edge", "pair": ["a", "b"]}


def test_a_letter_and_its_accent_are_kept_as_one():
    assert frozen("Zu\u0308rich") == "Zürich"


@pytest.mark.parametrize("value", [1.5, object(), {1, 2}])
def test_what_cannot_be_kept_exactly_is_refused(value):
    with pytest.raises(NotAFact):
        frozen({"value": value})


def test_days_and_moments_are_told_apart():
    kept = thawed(frozen([date(2026, 1, 2), datetime(2026, 1, 2, tzinfo=UTC), Decimal("1.50")]))

    assert [type(value) for value in kept] == [date, datetime, Decimal]
