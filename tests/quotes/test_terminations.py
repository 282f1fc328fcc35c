"""What becomes of quotes when the work with their partner ends."""

from django.utils import timezone

from partners.models import Partner
from partners.services import partners
from prm.accounts.roles import Role
from prm.events.models import Event
from prm.events.outbox import deliver_due
from prm.notifications.models import Notification
from prm.tenancy.context import as_system
from quotes.enums import Approval, Status
from quotes.models import QuoteRevision
from quotes.queries.terminations import endings_of
from quotes.services import terminations
from tests import build
from tests.build import MONDAY
from tests.quotes import build as quoted


def end(vendor, firm):
    """End the work with a partner and let everybody who listens do so."""
    partners.terminate(firm, reason="Insolvent", by=build.member(Role.ADMIN), at=MONDAY)
    deliver_due(vendor.pk, now=timezone.now)


def test_a_termination_withdraws_what_was_handed_in_and_leaves_drafts_and_orders(vendor):
    build.manager()
    seller = build.seller()
    issued, requested = quoted.issued(by=seller), quoted.requested(by=seller)
    draft, order, other = quoted.drafted(by=seller), quoted.ordered(by=seller), quoted.issued()
    firm = Partner.objects.get(pk=seller.partner_id)
    assert [ending.count for ending in endings_of(firm)] == [2]

    end(vendor, firm)

    status = dict(QuoteRevision.objects.values_list("pk", "status"))
    assert (status[issued.pk], status[requested.pk]) == (Status.WITHDRAWN, Status.WITHDRAWN)
    assert (status[draft.pk], status[other.pk]) == (Status.DRAFT, Status.ISSUED)
    assert QuoteRevision.objects.get(quote=order.quote).status == Status.ACCEPTED
    assert QuoteRevision.objects.get(pk=requested.pk).approval == Approval.RECALLED
    with as_system(vendor.pk):
        assert {row.facts["withdrawn"] for row in Notification.objects.filter(kind="quotes.quotes_ended")} == {2}


def test_ending_a_quote_again_changes_nothing(vendor):
    revision = quoted.issued()

    assert terminations.end(revision, by=None, at=MONDAY)
    assert not terminations.end(revision, by=None, at=MONDAY)

    event = Event.objects.get(subject_id=revision.quote_id, name="quotes.quote.withdrawn")
    assert event.payload["is_terminated"]
