from prm.accounts import vendors
from prm.accounts.models import Membership, VendorProfile
from prm.accounts.roles import Role
from prm.events import outbox
from tests import build
from tests.build import MONDAY


def allow(is_allowed: bool, by: Membership) -> None:
    profile = VendorProfile.objects.get()
    settings = {name: getattr(profile, name) for name in vendors.SETTINGS}
    settings["lets_distributors_see_below"] = is_allowed
    vendors.change_settings(settings, seen=vendors.fingerprint(profile), by=by, at=MONDAY)


def test_distributors_see_below_only_while_the_vendor_allows_it(vendor):
    admin = build.member(Role.ADMIN)
    person = build.member(Role.PARTNER_ADMIN, of=build.partner(type="distributor"))
    assert person.reaches_below

    allow(False, by=admin)
    person.refresh_from_db()
    assert not person.reaches_below

    allow(True, by=admin)
    outbox.deliver_due(vendor.pk)
    person.refresh_from_db()
    assert person.reaches_below
