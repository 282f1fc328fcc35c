"""Notifications in words: rendered in the reader's language when they are read or mailed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone, translation

from prm.accounts.models import User, VendorProfile
from prm.notifications import facts, kinds
from prm.notifications.lines import one_line, several_lines

BREAK = "\u2028"
LANGUAGES = frozenset(code for code, _ in settings.LANGUAGES)


@dataclass(frozen=True)
class Words:
    """A notification as one person reads it."""

    subject: str
    text: str

    @property
    def paragraphs(self) -> list[str]:
        return [paragraph.strip() for paragraph in self.text.split("\n\n") if paragraph.strip()]


def of(code: str, stored: Mapping[str, Any]) -> Words:
    """Return the words of a kind for these facts, in the active language; for a kind that is no more, its name."""
    if code not in kinds.KINDS:
        return Words(code.rpartition(".")[2].replace("_", " ").capitalize(), "")
    values = {name: _on_one_line(value) for name, value in facts.unpack(stored).items()}
    # Plain text: what a person called themselves must not turn into entities.
    rendered = get_template(kinds.KINDS[code].template).template.render(Context(values, autoescape=False))
    subject, _, text = rendered.strip().partition("\n")
    return Words(one_line(subject), several_lines(text.replace(BREAK, "\n")).strip())


def _on_one_line(value: Any) -> Any:
    """Keep a fact's own lines apart from the template's, whose first line is the subject."""
    return BREAK.join(value.splitlines()) if isinstance(value, str) else value


@contextmanager
def in_the_way_of(user: User, profile: VendorProfile) -> Iterator[None]:
    """Speak a person's language in their time zone, else the vendor's."""
    language = user.language if user.language in LANGUAGES else profile.language
    with ExitStack() as stack:
        stack.enter_context(translation.override(language if language in LANGUAGES else settings.LANGUAGE_CODE))
        stack.enter_context(timezone.override(ZoneInfo(user.time_zone or profile.time_zone or "UTC")))
        yield
