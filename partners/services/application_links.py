"""The secret addresses by which somebody without a login reaches an application."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from partners.enums import LinkPurpose
from partners.models import Application, ApplicationLink
from prm.accounts.members import digest
from prm.events.service import service


@service
def issue(application: Application, purpose: LinkPurpose, *, at: datetime, days: int) -> str:
    """Return a new secret for an application; those given out before go on working."""
    secret = secrets.token_urlsafe(32)
    link = ApplicationLink(
        application=application, purpose=purpose, secret_digest=digest(secret), expires_at=at + timedelta(days=days)
    )
    link.save(force_insert=True)
    return secret


@service
def revoke(application: Application, purpose: LinkPurpose) -> None:
    """Let all secrets of a kind open nothing from now on."""
    ApplicationLink.objects.filter(application=application, purpose=purpose).delete()


def opened_by(secret: str, purpose: LinkPurpose, *, at: datetime) -> Application | None:
    """Return the application a secret opens now, at the current vendor; nothing for any other secret."""
    links = ApplicationLink.objects.filter(secret_digest=digest(secret), purpose=purpose, expires_at__gt=at)
    link = links.select_related("application__policy", "application__owner").first()
    return link.application if link else None
