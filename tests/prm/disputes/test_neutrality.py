"""Who is neutral, without a database."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from prm.approvals.absences import Absence
from prm.disputes.neutrality import Partiality, partiality

DAY = date(2026, 11, 23)
PEOPLE = ["ada", "ben", "eve", "ida"]


def judge(person, *absences, days=(DAY,), deciders=("ada",), raised_by="tom"):
    return partiality(person, deciders=set(deciders), raised_by=raised_by, absences=absences, days=days)


def test_who_decided_who_appealed_and_who_stands_in_are_not():
    away = Absence("ada", "ben", DAY, DAY)

    assert judge("ada") == Partiality.DECIDED
    assert judge("tom") == Partiality.RAISED
    assert judge("ben", away) == Partiality.STANDS_IN
    assert judge("ben", away, days=(DAY + timedelta(days=1),)) is None
    assert judge("ida", away, Absence("ben", "ida", DAY, DAY)) == Partiality.STANDS_IN  # it is handed on
    assert judge("eve", away) is None


@given(st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)), max_size=6), st.sampled_from(PEOPLE))
def test_more_absences_never_make_anybody_neutral_who_decided(pairs, person):
    absences = [Absence(away, stand_in, DAY, DAY) for away, stand_in in pairs if away != stand_in]

    assert judge("ada", *absences) == Partiality.DECIDED
    if not any(stand_in == person for _away, stand_in in pairs):
        assert judge(person, *absences) == (Partiality.DECIDED if person == "ada" else None)
