"""What an event is called in a line of the audit log or of a timeline."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from prm.accounts.roles import Role
from prm.events.models import Event

Reader = Callable[[dict[str, Any]], dict[str, Any]]
READERS: dict[str, list[Reader]] = {}
SUBJECTS: dict[str, str | Promise] = {
    "calendar": _("calendar"),
    "calendar_day": _("day of a calendar"),
    "calendar_days": _("days of a calendar"),
    "file": _("file"),
    "invitation": _("invitation"),
    "member": _("person"),
    "member_role": _("role of a person"),
    "membership": _("person"),
    "profile": _("settings"),
    "vendorprofile": _("settings"),
}


def reads(app: str) -> Callable[[Reader], Reader]:
    """Let a function make the payloads of an app's events readable: days, money and names in the reader's language."""

    def register(function: Reader) -> Reader:
        READERS.setdefault(app, []).append(function)
        return function

    return register


def sentence(event: Event, *, for_vendor: bool = True, **more: Any) -> str:
    """Return the event in words, those of `<app>/events/<subject>_<verb>.txt`; without that, what its name says.

    The template gets `who`, `firm`, `for_vendor`, and as `facts` the payload with what the app's reader adds.
    """
    app, subject, verb = event.name.split(".")
    try:
        template = get_template(f"{app}/events/{subject}_{verb}.txt")
    except TemplateDoesNotExist:
        return f"{subject} {verb}".replace("_", " ").capitalize()
    read = {key: value for reader in READERS.get(app, []) for key, value in reader(event.payload).items()}
    return template.render(
        {
            "event": event,
            "who": event.by.name if event.by else "",
            "firm": event.by_firm,
            "facts": {**event.payload, **read, **more},
            "for_vendor": for_vendor,
        }
    ).strip()


def subject_name(subject_type: str) -> str:
    """Return what kind of record it is: `deals.registration` is a registration."""
    name = subject_type.rpartition(".")[2]
    return str(SUBJECTS.get(name) or name.replace("_", " "))


@reads("prm")
def _readable(payload: dict[str, Any]) -> dict[str, Any]:
    return {f"{key}_name": Role(payload[key]).label for key in ("role", "before", "after") if key in payload}
