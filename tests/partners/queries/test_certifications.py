from datetime import date

from partners.queries.certifications import certified_people
from prm.accounts.models import Membership
from tests import build
from tests.partners import build as made

TODAY = date(2026, 6, 1)


def test_people_are_counted_once_by_role_certification_and_day(vendor):
    firm = build.partner()
    technical, sales = made.certification(), made.certification(role="sales")
    ada, ben, gone = build.seller(of=firm), build.seller(of=firm), build.seller(of=firm)
    made.certificate(ada, technical)
    made.certificate(ada, sales)
    made.certificate(ben, technical, issued_on=date(2025, 3, 1), status="expired")
    made.certificate(gone, technical)
    made.certificate(ben, sales, status="submitted")
    made.certificate(build.seller(), technical)
    Membership.objects.filter(pk=gone.pk).update(status="suspended")

    assert certified_people(firm, TODAY) == 1
    assert certified_people(firm, date(2026, 1, 15)) == 2
    assert certified_people(firm, date(2027, 1, 15)) == 0
    assert certified_people(firm, TODAY, role="sales") == 1
    assert certified_people(firm, date(2026, 1, 15), certification=technical) == 2
