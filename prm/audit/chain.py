"""The chain over a tenant's events: what is sealed, and what a walk along it finds.

A seal's digest covers its position, the digest before it and every column of its event, so that a change,
a gap or another order shows at the place where it was made. Whoever rewrites the chain up to its end, or
cuts the end off, is found by comparing with a head that was noted elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

START = "0" * 64  # what the first seal has before it


class Happened(Protocol):
    """The columns of an event."""

    id: UUID
    tenant_id: UUID
    name: str
    subject_type: str
    subject_id: UUID
    payload: Any
    by_id: UUID | None
    by_firm: str
    at: datetime
    recorded_at: datetime
    partner_path: str


class Trouble(StrEnum):
    """What can be wrong at a position."""

    CHANGED = "changed"  # the event, its place or the seal before it is not what was sealed
    GAP = "gap"  # there is no seal at this position, and perhaps none at those that follow
    EVENT_GONE = "event_gone"  # the sealed event is not there any more
    UNSEALED = "unsealed"  # an event waits too long for its seal: it was added past the portal, or the job stands still
    CUT_OFF = "cut_off"  # the chain ends before the head that was noted elsewhere
    REWRITTEN = "rewritten"  # the chain is whole in itself, but not the one whose head was noted elsewhere


@dataclass(frozen=True)
class Finding:
    """Something wrong, and where."""

    trouble: Trouble
    position: int | None
    event_id: UUID | None = None


@dataclass(frozen=True)
class Link:
    """A seal as it is stored, with its event if that is still there."""

    position: int
    digest: str
    event_id: UUID
    event: Happened | None


@dataclass(frozen=True)
class Noted:
    """The head of the chain as somebody wrote it down: `1204:9f2c…`."""

    position: int
    digest: str

    @classmethod
    def read(cls, text: str) -> Noted:
        """Return the head a person typed; raises `ValueError` if it is none."""
        position, _, digest = text.strip().lower().partition(":")
        if not digest or set(digest) - set("0123456789abcdef"):
            raise ValueError(text)
        return cls(int(position), digest)

    def agrees_with(self, digest: str) -> bool:
        """A person may have noted only the beginning of a digest."""
        return digest.startswith(self.digest)


def canonical(event: Happened) -> dict[str, Any]:
    """Return an event as JSON values, the same on every machine and for ever."""
    return {
        "id": str(event.id),
        "tenant": str(event.tenant_id),
        "name": event.name,
        "subject_type": event.subject_type,
        "subject": str(event.subject_id),
        "payload": event.payload,
        "by": str(event.by_id) if event.by_id else None,
        "by_firm": event.by_firm,
        "at": _moment(event.at),
        "recorded_at": _moment(event.recorded_at),
        "partner_path": event.partner_path,
    }


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def digest(event: Happened, position: int, previous: str) -> str:
    """Return the digest that seals an event in its place."""
    sealed = {"position": position, "previous": previous, "event": canonical(event)}
    text = json.dumps(sealed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def walk(links: Iterable[Link], *, position: int = 0, previous: str = START) -> Iterator[Finding]:
    """Find what is wrong in seals that follow `position`, whose digest is `previous`.

    Each seal is compared with the stored digest before it, so that one change is one finding.
    """
    for link in links:
        if link.position != position + 1:
            yield Finding(Trouble.GAP, position + 1)
        if link.event is None:
            yield Finding(Trouble.EVENT_GONE, link.position, link.event_id)
        elif link.digest != digest(link.event, link.position, previous):
            yield Finding(Trouble.CHANGED, link.position, link.event_id)
        position, previous = link.position, link.digest
