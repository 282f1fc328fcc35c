from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from deals.rules import direct
from deals.rules.conflicts import Standing
from deals.rules.direct import Logged, Weight
from deals.rules.terms import Terms

SENT = datetime(2026, 11, 23, 10, tzinfo=UTC)
TODAY = SENT.date()
EDGE, MESH = UUID(int=1), UUID(int=2)
families = st.frozensets(st.sampled_from([EDGE, MESH]))
moments = st.integers(-400 * 24, 400 * 24).map(lambda hours: SENT + timedelta(hours=hours))
logged = st.builds(
    Logged,
    standing=st.sampled_from([Standing.DIRECT_OPPORTUNITY, Standing.DIRECT_TOUCH]),
    record_id=st.integers(1, 9).map(lambda n: UUID(int=n)),
    customer_id=st.just(UUID(int=1)),
    on=moments.map(datetime.date),
    logged_at=moments,
    families=families,
    closed_at=st.none() | moments,
)


def weight(**facts):
    row = Logged(
        **{
            "standing": Standing.DIRECT_OPPORTUNITY,
            "record_id": UUID(int=1),
            "customer_id": UUID(int=1),
            "on": TODAY,
            "logged_at": SENT - timedelta(days=1),
            **facts,
        }
    )
    (found,) = direct.weigh([row], sent_at=SENT, today=TODAY, families=frozenset({EDGE}), terms=Terms())
    return found.weight


@given(st.lists(logged, max_size=5), families)
def test_nothing_counts_that_was_logged_when_the_registration_had_been_sent(rows, asked):
    found = direct.weigh(rows, sent_at=SENT, today=TODAY, families=asked, terms=Terms())

    assert all(each.logged.logged_at < SENT for each in found if each.counts)
    assert len(found) == len(rows)
    assert [each.counts for each in found] == sorted((each.counts for each in found), reverse=True)


def test_a_day_that_the_crm_claims_makes_nothing_count_that_came_later():
    assert weight(on=date(2026, 1, 1), logged_at=SENT) == Weight.LOGGED_LATER
    assert weight(on=date(2026, 1, 1), logged_at=SENT - timedelta(microseconds=1)) == Weight.COUNTS


def test_touches_and_opportunities_have_look_backs_of_their_own():
    assert weight(on=TODAY - timedelta(days=366)) == Weight.COUNTS
    assert weight(on=TODAY - timedelta(days=367)) == Weight.TOO_OLD
    assert weight(standing=Standing.DIRECT_TOUCH, on=TODAY - timedelta(days=180)) == Weight.COUNTS
    assert weight(standing=Standing.DIRECT_TOUCH, on=TODAY - timedelta(days=181)) == Weight.TOO_OLD


def test_what_is_about_other_products_or_was_over_does_not_count():
    assert weight(families=frozenset({MESH})) == Weight.OTHER_PRODUCTS
    assert weight(families=frozenset({MESH, EDGE})) == Weight.COUNTS
    assert weight(closed_at=SENT - timedelta(hours=1)) == Weight.OVER
    assert weight(closed_at=SENT + timedelta(hours=1)) == Weight.COUNTS
