import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from deals.queries import terms
from prm.accounts.models import Invitation
from prm.clocks.hours import day_of
from prm.notifications.models import OutgoingMail
from prm.tenancy.context import as_system
from prm.tenancy.models import Vendor


def test_a_new_vendor_has_terms_and_its_administrator_an_invitation(db):
    call_command("open_vendor", "globex", "Globex", admin="ida@globex.example", time_zone="Europe/Berlin")

    with as_system(Vendor.objects.get(slug="globex").pk):
        assert terms.current(day_of(timezone.now(), "Europe/Berlin"))[1].protection_days == 90
        assert Invitation.objects.get().email == "ida@globex.example"
        assert OutgoingMail.objects.get().to == "ida@globex.example"


@pytest.mark.parametrize(
    "wrong",
    [{"slug": "operator"}, {"slug": "No Slug"}, {"admin": "nobody"}, {"currency": "DOGE"}, {"time_zone": "Mars/Base"}],
)
def test_a_portal_that_cannot_be_opened_leaves_nothing_behind(db, wrong):
    facts = {"slug": "globex", "name": "Globex", "admin": "ida@globex.example", **wrong}
    before = list(Vendor.objects.all())

    with pytest.raises(CommandError):
        call_command("open_vendor", facts.pop("slug"), facts.pop("name"), **facts)

    assert list(Vendor.objects.all()) == before
