"""Every partner signs an agreement; later a new version goes out, which some have not answered yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from partners.demo import firms, people
from partners.demo.firms import Firm
from partners.models import Agreement, AgreementText, Partner
from partners.rules.agreements import Wording
from partners.services import agreement_texts, agreements
from partners.services.agreement_texts import Content
from partners.services.agreements import Signature
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.demo.clock import Story
from prm.demo.filling import chapter
from prm.demo.scenes import Scene

PUBLISHED = 40  # days since the second version
PERIOD = 45  # days to accept it
LONGER_NOTICE = {"30 days": "60 days", "30 Tagen": "60 Tagen"}
# Days since they answered the second version, where that was lately; nothing means not yet.
LATELY: dict[str, int | None] = {
    "Northlight Consulting AB": 4,
    "Kestrel IT GmbH": 9,
    "Sable & Finch Ltd": None,
    "Lumen Conseil SARL": None,
    "Wärmehaus Brunner GmbH": 5,
    "Pedretti Elettro Sagl": None,
    "Nordisk Varme ApS": None,
}
DECLINED = {"Θάλασσα Δίκτυα Α.Ε.": "Sixty days of notice are too long for our contracts with customers."}
TITLES = {"en": "Managing director", "de": "Geschäftsführung"}


@chapter
def stories(scene: Scene) -> Iterable[Story]:
    for firm in firms.of(scene.vendor.slug):
        yield signing(scene, firm)
    yield publishing(scene)
    for firm in firms.of(scene.vendor.slug):
        if firm.joined > PUBLISHED and firm.name not in firms.SUSPENDED:
            yield answering(scene, firm)


def signing(scene: Scene, firm: Firm) -> Story:
    """A firm is offered the agreement when it joins, and signs it some days later."""
    at = scene.at(scene.ago(firm.joined), 13)
    yield at
    offered = agreements.offer(_partner(firm), by=scene.member(firm.manager), at=at)
    at = scene.after(at, scene.dice.randint(1, 4))
    yield at
    for agreement in offered:
        _accept(scene, firm, agreement, at)


def publishing(scene: Scene) -> Story:
    """The vendor lengthens the notice and asks everybody to accept that."""
    at = scene.at(scene.ago(PUBLISHED), 9)
    yield at
    text, by = AgreementText.objects.order_by("saved_at")[0], _admin(scene)
    wordings = {language: _longer(wording) for language, wording in text.by_language.items()}
    text = agreement_texts.change(text, Content(text.name, wordings), seen=text.revision, by=by, at=at)
    version = agreement_texts.publish(text, effective_on=at.date(), by=by, at=at)
    agreement_texts.offer_to_all(version, accept_by=at.date() + timedelta(days=PERIOD), by=by, at=at)


def answering(scene: Scene, firm: Firm) -> Story:
    """Most accept the new version, one declines, some have not answered."""
    days = LATELY.get(firm.name, scene.dice.randint(16, PUBLISHED - 2))
    if days is None:
        return
    at = scene.in_office_hours(scene.ago(days))
    yield at
    for agreement in Agreement.objects.open().filter(partner=_partner(firm)).select_related("version"):
        if firm.name in DECLINED:
            agreements.decline(agreement, note=DECLINED[firm.name], by=_signer(scene, firm), at=at)
        else:
            _accept(scene, firm, agreement, at)


def _accept(scene: Scene, firm: Firm, agreement: Agreement, at: datetime) -> None:
    signer = _signer(scene, firm)
    language = signer.user.language or "en"
    signature = Signature(
        name=signer.user.name,
        title=TITLES.get(language, TITLES["en"]),
        language=language,
        sha256=agreement.sha256,
        is_ticked=True,
        ip_address=f"198.51.100.{scene.dice.randint(2, 250)}",
        user_agent="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    )
    agreements.accept(agreement, signature, by=signer, at=at)


def _longer(wording: Wording) -> Wording:
    text = wording.text
    for before, after in LONGER_NOTICE.items():
        text = text.replace(before, after)
    return replace(wording, text=text)


def _partner(firm: Firm) -> Partner:
    return Partner.objects.get(name=firm.name)


def _signer(scene: Scene, firm: Firm) -> Membership:
    admin = next(p for p in people.of_partner(scene.vendor.slug, firm.name) if p.role == Role.PARTNER_ADMIN)
    return scene.member(admin.email)


def _admin(scene: Scene) -> Membership:
    return scene.member(next(p.email for p in people.at_vendor(scene.vendor.slug) if p.role == Role.ADMIN))
