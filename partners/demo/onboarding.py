"""Companies fill in their profile and bank details; the newest are still working through their checklist."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from partners.demo import custom, firms, people
from partners.demo.firms import Firm
from partners.demo.papers import paper
from partners.enums import TaskKind
from partners.models import ChecklistTask, Partner
from partners.queries import profiles as profile_queries
from partners.services import bank_accounts, onboarding, profiles
from partners.services.bank_accounts import Details
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.demo.clock import Story
from prm.demo.filling import chapter
from prm.demo.scenes import Scene
from prm.files import services as files

# Examples that banks publish: their check digits are right, the accounts are nobody's.
ACCOUNTS = {
    "AT": "AT611904300234573201",
    "BG": "BG80BNBG96611020345678",
    "CH": "CH9300762011623852957",
    "DE": "DE89370400440532013000",
    "DK": "DK5000400440116243",
    "FR": "FR1420041010050500013M02606",
    "GB": "GB29NWBK60161331926819",
    "GR": "GR1601101250000000012300695",
    "HR": "HR1210010051863000160",
    "IT": "IT60X0542811101000000123456",
    "NL": "NL91ABNA0417164300",
    "SE": "SE4550000000058398257466",
    "TR": "TR330006100519786457841326",
    "UA": "UA213223130000026007233566001",
}
STREETS = ("Hafenstraße 12", "Main Street 48", "Industrieweg 7", "Station Road 3", "Ringstraße 101")
SAYS = {
    "en": "We plan, install and look after connected equipment for customers of every size in our region.",
    "de": "Wir planen, installieren und betreuen vernetzte Anlagen für Kunden jeder Größe in unserer Region.",
}
RETURNED = {
    "en": "The extract is from last year. Upload one that is not older than six months.",
    "de": "Der Auszug ist vom letzten Jahr. Laden Sie einen hoch, der nicht älter als sechs Monate ist.",
}


@chapter
def stories(scene: Scene) -> Iterable[Story]:
    for firm in firms.of(scene.vendor.slug):
        if firm.joined < firms.ONBOARDING:
            yield starting(scene, firm)
        else:
            yield settling(scene, firm)


def settling(scene: Scene, firm: Firm) -> Story:
    """A firm that came earlier says what it does and where it is paid."""
    at = scene.after(scene.at(scene.ago(firm.joined), 14), 5)
    yield at
    partner, admin = _both(scene, firm)
    _introduce(scene, partner, admin, at)
    account = bank_accounts.enter(partner, _details(firm), by=admin, at=at)
    at = scene.after(at, 2)
    yield at
    bank_accounts.accept(account, by=_finance(scene), at=at)


def starting(scene: Scene, firm: Firm) -> Story:
    """A firm that has just come hands in what it was asked for; one paper comes back."""
    at = scene.at(scene.ago(firm.joined), 13, 30)
    yield at
    partner, admin = _both(scene, firm)
    onboarding.open_checklist(partner, by=scene.member(firm.manager), at=at)
    at = scene.after(at, 2)
    yield at
    _introduce(scene, partner, admin, at)
    yield from _handing_in(scene, firm, at)


def _handing_in(scene: Scene, firm: Firm, at: datetime) -> Story:
    partner, admin = _both(scene, firm)
    task = ChecklistTask.objects.filter(partner=partner, kind=TaskKind.REGISTER_EXTRACT).first()
    if task is None:
        return
    at = scene.after(at, 1)
    yield at
    extract = paper("Register", "Handelsregister", [firm.name, firm.city], _color(scene))
    files.add(extract, on=task, by=admin, at=at)
    task = onboarding.submit(task, by=admin, at=at)
    bank_accounts.enter(partner, _details(firm), by=admin, at=at)
    at = scene.after(at, 1)
    yield at
    note = RETURNED.get(admin.user.language, RETURNED["en"])
    onboarding.give_back(task, note=note, by=scene.member(firm.manager), at=at)


def _introduce(scene: Scene, partner: Partner, admin: Membership, at: datetime) -> None:
    """Fill in the profile, some of them without all of it."""
    dice, profile = scene.dice, profile_queries.of(partner)
    before = profile_queries.facts_of(partner, profile)
    said = SAYS.get(admin.user.language, SAYS["en"])
    facts = before | {
        "address": before["address"] or dice.choice(STREETS),
        "phone": f"+{dice.randint(30, 99)} {dice.randint(10, 99)} 5550 {dice.randint(100, 999)}",
        "description": said if dice.random() < 0.7 else "",
        "regions": [partner.country],
        "industries": dice.sample(["manufacturing", "building", "energy", "public", "retail"], 2),
    }
    seen = profile_queries.seen_of(partner, profile)
    profiles.edit(partner, facts, custom=custom.introduced(partner), seen=seen, by=admin, at=at)


def _details(firm: Firm) -> Details:
    return Details(holder=firm.name[:120], account=ACCOUNTS.get(firm.country, "0123456789"))


def _both(scene: Scene, firm: Firm) -> tuple[Partner, Membership]:
    """Return a firm and its administrator."""
    admin = next(p for p in people.of_partner(scene.vendor.slug, firm.name) if p.role == Role.PARTNER_ADMIN)
    return Partner.objects.get(name=firm.name), scene.member(admin.email)


def _finance(scene: Scene) -> Membership:
    return scene.member(next(p.email for p in people.at_vendor(scene.vendor.slug) if p.role == Role.FINANCE))


def _color(scene: Scene) -> str:
    """Return a colour that reminds of the vendor."""
    return {"halyard": "#0e6c86"}.get(scene.vendor.slug, "#a8431b")
