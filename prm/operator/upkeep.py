"""Forgetting what is no longer needed, once a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from prm.events.schedule import every, for_each_vendor
from prm.files import showing
from prm.files.models import File
from prm.notifications.models import Notification
from prm.policies.replays import services as replays
from prm.tenancy.models import Vendor
from prm.ui.models import Submission

SUBMISSIONS = timedelta(days=30)
NOTIFICATIONS = timedelta(days=365)
REMOVED_FILES = timedelta(days=30)
REPLAYS = timedelta(days=30)
FILES_AT_ONCE = 500


@every(days=1)
def forget() -> None:
    """Forget old things of every vendor."""
    for_each_vendor(lambda vendor: forget_old(vendor, timezone.now()))


def forget_old(vendor: Vendor, now: datetime) -> None:
    """Delete submissions, replays and the content of removed files after a month, read notifications after a year."""
    Submission.objects.filter(at__lt=now - SUBMISSIONS).delete()
    Notification.objects.filter(read_at__lt=now - NOTIFICATIONS, is_for_digest=False).delete()
    replays.forget(now - REPLAYS)
    gone = File.objects.filter(removed_at__lt=now - REMOVED_FILES, content_gone_at__isnull=True)
    for file in gone.order_by("removed_at")[:FILES_AT_ONCE]:
        # Deleting what is gone already is no error, so a rollback after this only repeats it.
        default_storage.delete(file.key)
        showing.forget(file)
        File.objects.filter(pk=file.pk).update(content_gone_at=now)
