from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from prm.events.models import Event
from prm.files import services
from prm.files.models import File
from prm.notifications.models import Notification
from prm.operator.upkeep import forget, forget_old
from prm.tenancy.context import as_system
from prm.ui.models import Submission
from tests import build


def later(**interval):
    return timezone.now() + timedelta(**interval)


def test_a_submission_is_forgotten_after_a_month(vendor):
    Submission.objects.create(user=build.manager().user, form="x")

    forget_old(vendor, later(days=29))
    assert Submission.objects.count() == 1
    forget_old(vendor, later(days=31))
    assert Submission.objects.count() == 0


@pytest.mark.parametrize(("is_read", "left"), [(True, 0), (False, 1)])
def test_a_notification_is_forgotten_a_year_after_it_was_read(vendor, is_read, left):
    member, partner = build.manager(), build.partner()
    now = timezone.now()
    Notification.objects.create(
        user=member.user,
        event=Event.objects.get(subject_id=partner.pk),
        kind="x.y",
        path="",
        at=now,
        read_at=now if is_read else None,
    )

    forget_old(vendor, later(days=364))
    assert Notification.objects.count() == 1
    forget_old(vendor, later(days=366))
    assert Notification.objects.count() == left


def test_the_content_of_a_removed_file_is_forgotten_after_a_month_but_not_that_it_was_there(vendor, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    member, partner = build.manager(), build.partner()
    files = [
        services.add(SimpleUploadedFile("a.txt", b"x"), on=partner, by=member, at=timezone.now()) for _ in range(2)
    ]
    services.remove(files[0], on=partner, by=member, at=timezone.now())

    forget_old(vendor, later(days=29))
    assert default_storage.exists(files[0].key)
    for _ in range(2):
        forget_old(vendor, later(days=31))

    assert not default_storage.exists(files[0].key)
    assert default_storage.exists(files[1].key)
    assert File.objects.get(pk=files[0].pk).content_gone_at


def test_the_job_goes_through_every_vendor(committed):
    vendors = [build.vendor(), build.vendor()]
    for vendor in vendors:
        with as_system(vendor.pk):
            submission = Submission.objects.create(user=build.manager().user, form="x")
            Submission.objects.filter(pk=submission.pk).update(at=later(days=-40))

    forget()

    for vendor in vendors:
        with as_system(vendor.pk):
            assert Submission.objects.count() == 0
