"""What an event is called in a line of the audit log."""

from __future__ import annotations

from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from prm.events.models import Event


def sentence(event: Event) -> str:
    """Return the event in words: `<app>/events/<subject>_<verb>.txt`, else what its name says.

    The template gets the `event` and its payload's values under their own names.
    """
    app, subject, verb = event.name.split(".")
    try:
        template = get_template(f"{app}/events/{subject}_{verb}.txt")
    except TemplateDoesNotExist:
        return f"{subject} {verb}".replace("_", " ").capitalize()
    return template.render({**event.payload, "event": event}).strip()


def subject_name(subject_type: str) -> str:
    """Return the kind of record without its app: `deals.registration` is a registration."""
    return subject_type.rpartition(".")[2].replace("_", " ")
