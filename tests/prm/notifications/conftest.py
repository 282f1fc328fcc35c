import pytest

from prm.events.outbox import deliver_due, record
from prm.notifications.models import MailMessage
from prm.tenancy.context import as_system
from tests import build
from tests.prm.notifications.telling import KettleBoiled


@pytest.fixture
def mailbox(settings):
    """Keeps what is sent, as on an installation without a mail server; pytest-django would replace it."""
    settings.EMAIL_BACKEND = "prm.notifications.mailbox.MailboxBackend"
    return MailMessage.objects.order_by("at")


def boil(vendor, *people, kettle="kettle"):
    """Record the event of the tests and deliver everything that follows from it."""
    with as_system(vendor.pk):
        event = record(
            KettleBoiled(user_ids=[str(user.pk) for user in people], kettle=kettle), on=build.partner(), by=None
        )
    deliver_due(vendor.pk)
    return event
