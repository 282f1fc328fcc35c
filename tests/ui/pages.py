"""Sample pages: every component once, and the three kinds of page."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from prm.money.amounts import Money
from prm.ui.states import STATES

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def euros(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def link(label: str, icon: str, **facts: Any) -> dict[str, Any]:
    return {"label": label, "url": f"#{label.lower()}", "icon": icon, **facts}


def shell() -> dict[str, Any]:
    """What a middleware would put around a page, and values for the components."""
    return {
        "brand": {"name": "Halyard", "sub": "Partner portal"},
        "links": {
            "home": "/",
            "search": "/search/",
            "help": "/help/",
            "appearance": "/appearance/",
            "sign_out": "/out/",
        },
        "navigation": [
            {"label": "", "items": [link("Home", "home", current=True), link("Deals", "deal", count=14, hot=True)]}
        ],
        "main_action": link("Register a deal", "plus"),
        "tabs": [link("Home", "home", current=True), link("Deals", "deal")],
        "palette": [{"label": "Actions", "items": [link("Start a claim", "claim", key="N"), link("Deals", "deal")]}],
        "person": {"name": "Maja Lindqvist", "note": "Northlight Consulting"},
        "portals": [{"label": "Halyard", "note": "Gold", "url": "#", "current": True}],
        "unread": 3,
        "states": STATES,
        "attention": [
            {
                "tone": "warn",
                "icon": "shield",
                "title": "Protection ends",
                "text": "On 3 December.",
                "url": "#",
                "action": "Extend",
            }
        ],
        "figures": [
            {"label": "Pipeline", "figure": "€1.28M", "note": "14 deals", "url": "#"},
            {"label": "Closed", "figure": "€1,138,300", "change": "Up 24%", "note": "on last year"},
        ],
        "checks": [
            {"tone": tone, "title": f"A {tone} check", "detail": "Its reason"} for tone in ("ok", "info", "bad", "warn")
        ],
        "steps": [
            {"title": "Agreement", "done": True, "url": "#"},
            {"title": "Bank", "current": True},
            {"title": "Deal"},
        ],
        "timeline": [
            {"at": NOW, "text": "Submitted", "icon": "send"},
            {
                "at": NOW,
                "who": "Jonas Weber",
                "text": "Booked late.",
                "files": [{"name": "Invoice.pdf", "size": 3_100_000}],
            },
            {"at": NOW, "who": "Tomás Ferreira", "text": "Only for us.", "internal": True},
        ],
        "pairs": [("Protected", "90 days"), ("Worth", euros("11550"))],
        "parts": [("Paid", euros("6200")), ("Approved", euros("3850"))],
        "whole": euros("30000"),
        "lines": [
            {"label": "List", "amount": euros("1000")},
            {"label": "Discount", "amount": euros("-200"), "tone": "ok", "note": "Gold"},
        ],
        "net": euros("800"),
        "views": [{"label": "Mine", "url": "#", "count": 8, "current": True}, {"label": "Done", "url": "#"}],
        "rows": [
            {"id": number, "title": title, "amount": number * 1000}
            for number, title in enumerate(["Kestrel", "Orbis", "Sable"], 1)
        ],
        "row": {"name": "Notes.pdf", "size": 412_000, "id": 7, "remove_url": "/remove/"},
        "soon": (NOW + timedelta(days=9)).date(),
    }


def sample(name: str) -> str:
    return (Path(__file__).parent / "samples" / f"{name}.html").read_text(encoding="utf-8")


GALLERY, ITEM, DIALOG, TASK = sample("gallery"), sample("item"), sample("dialog"), sample("task")
INBOX = sample("inbox").replace("ITEM", ITEM)
