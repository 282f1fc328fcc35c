"""News that follow events: what people are told of, where its link leads, and how it reaches them by mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from prm.events.facts import Fact
from prm.notifications.kinds import Audience, kind
from prm.notifications.models import Channel
from prm.policies.models import ReasonCode


@dataclass(frozen=True)
class News:
    """What people are told of; without a page of its own the link leads where the table's others do."""

    label: Any
    page: str = ""
    by_mail: Channel = Channel.AT_ONCE


def declare(table: Mapping[type[Fact], News], audience: Audience, *, page: str = "") -> dict[str, str]:
    """Let people be told of these facts; return the page of each kind of news."""
    return {
        kind(code_of(fact.name), news.label, audience, news.by_mail).code: news.page or page
        for fact, news in table.items()
    }


def code_of(event_name: str) -> str:
    """Return the kind of news an event is: `deals.registration_won` for `deals.registration.won`."""
    app, _dot, rest = event_name.partition(".")
    return f"{app}.{rest.replace('.', '_')}"


def reason_of(code: str, app: str) -> ReasonCode:
    """Return the vendor's reason, or the bare code once the vendor has none."""
    return ReasonCode.objects.filter(code=code, area__startswith=f"{app}.").first() or ReasonCode(code=code, label=code)
