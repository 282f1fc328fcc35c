"""What the demo's vendors ask of requests and claims beyond what every portal asks, and what partners answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mdf.rules.catalogue import AREA, CLAIM
from prm.custom_fields.definitions import Definition, FieldType
from prm.demo import asking
from prm.demo.clock import Story
from prm.demo.filling import chapter
from prm.demo.scenes import Scene
from prm.demo.vendors import VENDORS

ASKED = 125  # days since more is asked
PLACES = ("onsite", "online", "both")
WORDS = {
    "en": {
        "place": "Where it takes place",
        "places": ("On site", "Online", "Both"),
        "room": "Town and venue",
        "host": "Held together with",
        "meetings": "Meetings booked",
        "orders": "Orders that followed",
        "check": "Called the organizer",
        "rooms": ("Gothenburg, Svenska Mässan", "Piraeus, Harbour House", "Hamburg, Speicher 9"),
    },
    "de": {
        "place": "Wo es stattfindet",
        "places": ("Vor Ort", "Online", "Beides"),
        "room": "Ort und Haus",
        "host": "Gemeinsam mit",
        "meetings": "Vereinbarte Termine",
        "orders": "Aufträge, die folgten",
        "check": "Beim Veranstalter angerufen",
        "rooms": ("Linz, Design Center", "Zürich, Kongresshaus", "Leipzig, Neue Messe"),
    },
}


@chapter
def stories(scene: Scene) -> Iterable[Story]:
    yield asking_more(scene)


def asking_more(scene: Scene) -> Story:
    """The administrator adds the fields; whoever asks and claims from then on fills them in."""
    at, words = scene.at(scene.ago(ASKED), 10, 30), words_of(scene)
    yield at
    places = asking.options(*zip(PLACES, words["places"], strict=True))
    there = {"field": "custom.place", "is": "one_of", "value": ["onsite", "both"]}
    requests = (
        Definition("place", words["place"], FieldType.CHOICE, options=places),
        Definition("room", words["room"], FieldType.TEXT, shown_when=there),
        Definition("host", words["host"], FieldType.TEXT),
    )
    claims = (
        Definition("meetings", words["meetings"], FieldType.WHOLE),
        Definition("orders", words["orders"], FieldType.MONEY),
        Definition("check", words["check"], FieldType.BOOLEAN, is_internal=True),
    )
    asking.define(AREA, requests, at=at)
    asking.define(CLAIM, claims, at=at)


def planned(scene: Scene, leads: int) -> dict[str, Any]:
    """Return what somebody who asks for money answers, another thing each time."""
    place, rooms = PLACES[leads % len(PLACES)], words_of(scene)["rooms"]
    found: dict[str, Any] = {"place": place} | ({} if place == "online" else {"room": rooms[leads % len(rooms)]})
    return asking.answers(AREA, found)


def gained(leads: int, currency: str) -> dict[str, Any]:
    """Return what somebody who claims answers."""
    orders = {"amount": str(leads * 850), "currency": currency}
    return asking.answers(CLAIM, {"meetings": str(2 + leads // 3), "orders": orders})


def words_of(scene: Scene) -> dict[str, Any]:
    """Return the words in the vendor's language."""
    return WORDS[str(VENDORS[scene.vendor.slug][1]["language"])]
