"""Moving an application, with the refusal people read when it can't."""

from __future__ import annotations

from partners.enums import ApplicationAction, ApplicationStatus
from partners.models import Application
from partners.rules import application_lifecycle as lifecycle
from prm.events.refusals import DomainError


class ApplicationNotPossible(DomainError):
    """The application is no longer where the action needs it: somebody was faster, or the page was old."""


def move(application: Application, action: ApplicationAction) -> ApplicationStatus:
    """Take the action and return the status before it, or raise `ApplicationNotPossible`."""
    before = ApplicationStatus(application.status)
    try:
        application.move(action)
    except lifecycle.NotAllowed as error:
        raise ApplicationNotPossible(application=application, action=action) from error
    return before
