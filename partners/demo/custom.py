"""What the demo's vendors ask of applicants and of partners beyond what every portal asks, and who fills it in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from partners.models import Partner
from partners.rules.catalogue import APPLICATION, PARTNER
from prm.accounts.models import Membership
from prm.custom_fields.definitions import Definition, FieldType
from prm.demo import asking
from prm.demo.clock import Story
from prm.demo.filling import chapter
from prm.demo.scenes import Scene
from prm.demo.vendors import VENDORS

ASKED = 140  # days since more is asked
SOURCES = ("fair", "colleague", "search", "other")
FOCUSES = ("industry", "health", "public", "retail")
WORDS = {
    "en": {
        "heard": "How did you hear of us?",
        "sources": ("At a fair", "From a colleague", "By searching", "Otherwise"),
        "which": "Which fair?",
        "business": "Business",
        "focus": "Industry focus",
        "focuses": ("Industry", "Health", "Public sector", "Retail"),
        "wards": "Hospitals supplied",
        "credit": "Credit limit",
        "known": "For our accounting",
        "fair": "Hannover Messe",
    },
    "de": {
        "heard": "Wie haben Sie von uns erfahren?",
        "sources": ("Auf einer Messe", "Von Kollegen", "Durch Suchen", "Anders"),
        "which": "Auf welcher Messe?",
        "business": "Geschäft",
        "focus": "Branchenschwerpunkt",
        "focuses": ("Industrie", "Gesundheit", "Öffentliche Hand", "Handel"),
        "wards": "Belieferte Krankenhäuser",
        "credit": "Kreditlimit",
        "known": "Für unsere Buchhaltung",
        "fair": "ISH Frankfurt",
    },
}


@chapter
def stories(scene: Scene) -> Iterable[Story]:
    yield asking_more(scene)


def asking_more(scene: Scene) -> Story:
    """The administrator adds the fields, and in the days after, channel managers fill in what they know of partners."""
    at, words = scene.at(scene.ago(ASKED), 10), words_of(scene)
    yield at
    asking.define(APPLICATION, _of_applications(words), at=at)
    asking.define(PARTNER, _of_partners(words), at=at)
    at = scene.at(scene.workday(scene.ago(ASKED - 5)), 14)
    yield at
    currency = str(VENDORS[scene.vendor.slug][1]["currency"])
    for number, partner in enumerate(Partner.objects.order_by("name")):
        by = Membership.objects.filter(user=partner.channel_manager_id, partner_id__isnull=True).first()
        if by is not None:
            asking.fill(PARTNER, partner, _known(number, currency), by=by, at=at)


def heard(scene: Scene, number: int) -> dict[str, Any]:
    """Return what an applicant answers, another thing each time."""
    source = SOURCES[number % len(SOURCES)]
    found: dict[str, Any] = {"heard": source}
    found |= {"fair": words_of(scene)["fair"]} if source == "fair" else {}
    return asking.answers(APPLICATION, found)


def introduced(partner: Partner) -> dict[str, Any]:
    """Return what a partner says of itself when it joins."""
    return asking.answers(PARTNER, {} if partner.custom else {"focus": FOCUSES[len(partner.name) % len(FOCUSES)]})


def words_of(scene: Scene) -> dict[str, Any]:
    """Return the words in the vendor's language."""
    return WORDS[str(VENDORS[scene.vendor.slug][1]["language"])]


def _of_applications(words: dict[str, Any]) -> tuple[Definition, ...]:
    sources = asking.options(*zip(SOURCES, words["sources"], strict=True))
    fair = {"field": "custom.heard", "is": "is", "value": "fair"}
    return (
        Definition("heard", words["heard"], FieldType.CHOICE, options=sources),
        Definition("fair", words["which"], FieldType.TEXT, shown_when=fair),
    )


def _of_partners(words: dict[str, Any]) -> tuple[Definition, ...]:
    focuses = asking.options(*zip(FOCUSES, words["focuses"], strict=True))
    health = {"field": "custom.focus", "is": "is", "value": "health"}
    return (
        Definition("focus", words["focus"], FieldType.CHOICE, options=focuses, section=words["business"]),
        Definition("wards", words["wards"], FieldType.WHOLE, section=words["business"], shown_when=health),
        Definition("credit", words["credit"], FieldType.MONEY, section=words["known"], is_internal=True),
    )


def _known(number: int, currency: str) -> dict[str, Any]:
    """Return what is known of a partner, another thing each time."""
    focus = FOCUSES[number % len(FOCUSES)]
    found: dict[str, Any] = {"focus": focus, "credit": {"amount": str(20_000 + 5_000 * number), "currency": currency}}
    return found | ({"wards": str(3 + number)} if focus == "health" else {})
