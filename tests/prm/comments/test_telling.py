"""Who is told of what is written."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deals.services import drafts, registrations
from prm.accounts.roles import Role
from prm.comments import services
from prm.comments.navigation import mentions
from prm.events.models import Delivery
from prm.events.outbox import UNDO_TIME, deliver_due
from prm.notifications import services as notifications
from prm.notifications.models import Notification
from prm.tenancy.context import as_system
from prm.tenancy.middleware import URLCONF
from prm.ui.navigation import Visit
from tests import build
from tests.build import MONDAY


@pytest.fixture
def told(vendor):
    def tell():
        with as_system(vendor.pk):
            Notification.objects.all().delete()
        deliver_due(vendor.pk, now=lambda: timezone.now() + UNDO_TIME)
        with as_system(vendor.pk):
            rows = Notification.objects.filter(kind__startswith="prm.comment").select_related("user")
            return sorted((row.kind.removeprefix("prm.comment_"), row.user.name) for row in rows)

    return tell


@pytest.fixture
def people(vendor):
    firm = build.partner("Firm")
    return {
        "seller": build.member(Role.PARTNER_SALES, of=firm, name="Tomás Ferreira"),
        "colleague": build.member(Role.PARTNER_SALES, of=firm, name="Oskar Nyström"),
        "manager": build.member(Role.CHANNEL_MANAGER, name="Ingrid Solberg"),
        "finance": build.member(Role.FINANCE, name="Fiona Finance"),
    }


@pytest.fixture
def deal(people):
    return build.submitted(by=people["seller"])


def test_the_mentioned_are_told_so_and_the_others_that_somebody_wrote(deal, people, told):
    services.write(deal, "@Oskar Nyström, send it.", by=people["manager"], at=MONDAY)

    assert told() == [("added", "Tomás Ferreira"), ("mentioned", "Oskar Nyström")]


def test_a_note_tells_no_partner(deal, people, told):
    services.write(deal, "@Fiona Finance, look.", by=people["manager"], at=MONDAY, is_internal=True)

    assert told() == [("mentioned", "Fiona Finance")]


def test_what_is_taken_back_at_once_is_told_to_nobody(deal, people, told):
    comment = services.write(deal, "@Oskar Nyström?", by=people["manager"], at=MONDAY)
    services.remove(comment, on=deal, by=people["manager"], at=MONDAY)

    assert told() == []


def test_a_change_tells_only_who_was_not_mentioned_before(deal, people, told):
    comment = services.write(deal, "@Oskar Nyström?", by=people["manager"], at=MONDAY)
    assert ("mentioned", "Oskar Nyström") in told()

    services.change(comment, "@Oskar Nyström, @Tomás Ferreira?", on=deal, by=people["manager"], at=MONDAY)

    assert told() == [("mentioned", "Tomás Ferreira")]


def test_whoever_may_no_longer_see_the_record_is_told_nothing(deal, people, told):
    services.write(deal, "@Oskar Nyström?", by=people["manager"], at=MONDAY)
    people["colleague"].sees = "own"
    people["colleague"].save()

    assert told() == [("added", "Tomás Ferreira")]


def test_a_delivery_that_is_repeated_tells_once(deal, people, told, vendor):
    services.write(deal, "@Oskar Nyström?", by=people["manager"], at=MONDAY)
    told()
    with as_system(vendor.pk):
        Delivery.objects.filter(handler__contains="comments").update(status="pending")
    deliver_due(vendor.pk, now=lambda: timezone.now() + UNDO_TIME)

    with as_system(vendor.pk):
        assert Notification.objects.filter(kind="prm.comment_mentioned").count() == 1


def test_a_mention_stands_in_the_queue_until_it_is_opened(deal, people, told, settings):
    settings.ROOT_URLCONF = URLCONF
    services.write(deal, "@Fiona Finance <b>look</b>\nhere", by=people["manager"], at=MONDAY, is_internal=True)
    told()
    visit = Visit(people["finance"], people["finance"].profile, timezone.now())

    (row,) = mentions(visit)
    assert row["text"] == "@Fiona Finance <b>look</b> here"
    notifications.read_all(by=people["finance"], at=MONDAY + timedelta(days=1))
    assert mentions(visit) == []


def test_a_draft_that_is_gone_is_told_of_to_nobody(people, told):
    draft = drafts.save(build.uuid7(), build.content(), by=people["seller"], at=MONDAY)
    services.write(draft, "@Oskar Nyström?", by=people["seller"], at=MONDAY)
    registrations.withdraw(draft, by=people["seller"], at=MONDAY)

    assert ("mentioned", "Oskar Nyström") in told()
