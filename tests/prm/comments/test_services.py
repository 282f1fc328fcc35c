"""Writing on records, mending and taking back; who may be mentioned."""

from datetime import timedelta

import pytest

from deals.services import decisions
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.comments import people, services
from prm.comments.models import TIME_TO_MEND, Comment
from prm.comments.services import CommentStands, NotForThem
from prm.events.models import Event
from prm.tenancy.context import acting_as
from tests import build
from tests.build import MONDAY


@pytest.fixture
def firm(vendor):
    return build.partner("Firm")


@pytest.fixture
def seller(firm):
    return build.member(Role.PARTNER_SALES, of=firm, name="Tomás Ferreira")


@pytest.fixture
def manager(firm):
    manager = build.member(Role.CHANNEL_MANAGER, name="Ingrid Solberg")
    firm.channel_manager_id = manager.user_id
    firm.save()
    return manager


@pytest.fixture
def deal(seller, manager):
    return build.submitted(by=seller)


def names(members):
    return {member.user.name for member in members}


def test_a_partner_mentions_colleagues_and_whom_of_the_vendor_it_knows(deal, firm, seller):
    build.member(Role.PARTNER_ADMIN, of=firm, name="Oskar Nyström")
    services.write(deal, "Inside", by=build.member(Role.FINANCE, name="Fiona Finance"), at=MONDAY, is_internal=True)
    decisions.open_review(deal, by=build.member(Role.ADMIN, name="Ada Admin"), at=MONDAY)
    build.member(Role.PARTNER_SALES, of=firm, sees=Membership.Sees.OWN, name="Only Own")
    build.member(Role.PARTNER_SALES, name="Another Firm")

    with acting_as(seller.actor):
        found = names(people.mentionable(deal, seller))

    assert found == {"Oskar Nyström", "Ingrid Solberg", "Ada Admin"}


def test_the_vendor_mentions_all_who_see_the_record(deal, firm, seller, manager):
    build.member(Role.EXECUTIVE, name="Eve Executive")
    build.member(Role.PARTNER_SALES, name="Another Firm")

    assert names(people.mentionable(deal, manager)) == {"Eve Executive", "Tomás Ferreira"}


def test_a_comment_keeps_who_is_mentioned_typed_or_ticked(deal, seller, manager):
    finance = build.member(Role.FINANCE, name="Fiona Finance")

    comment = services.write(deal, "@Tomás ferreira?", by=manager, at=MONDAY, mention={finance.user_id})

    assert comment.mentioned == {str(seller.user_id), str(finance.user_id)}
    event = Event.objects.get(name="prm.comment.added")
    assert event.payload["mentions"] == sorted(comment.mentioned)
    assert "text" not in event.payload


def test_nobody_of_the_partner_is_mentioned_in_an_internal_note(deal, seller, manager):
    with pytest.raises(NotForThem) as refusal:
        services.write(deal, "@Tomás Ferreira asks too much", by=manager, at=MONDAY, is_internal=True)

    assert refusal.value.facts["names"] == ["Tomás Ferreira"]
    assert not Comment.objects.exists()


def test_an_id_that_was_not_offered_mentions_nobody(deal, seller):
    stranger = build.member(Role.PARTNER_SALES, name="Another Firm")

    with acting_as(seller.actor):
        comment = services.write(deal, "Hello", by=seller, at=MONDAY, mention={stranger.user_id})

    assert comment.mentions == []


def test_two_of_one_name_are_both_meant(deal, firm, seller, manager):
    build.member(Role.PARTNER_SALES, of=firm, name="Tomás Ferreira")

    assert len(services.write(deal, "@Tomás Ferreira", by=manager, at=MONDAY).mentions) == 2


def test_a_partner_reads_no_internal_note(deal, seller, manager):
    services.write(deal, "Secret", by=manager, at=MONDAY, is_internal=True)
    services.write(deal, "Open", by=manager, at=MONDAY)

    with acting_as(seller.actor):
        assert [comment.text for comment in Comment.objects.all()] == ["Open"]


def test_only_the_vendor_writes_internal_notes(deal, seller):
    with pytest.raises(ValueError, match="internal"):
        services.write(deal, "Hush", by=seller, at=MONDAY, is_internal=True)


def test_who_wrote_a_comment_mends_it_for_a_while(deal, seller, manager):
    comment = services.write(deal, "Helo", by=seller, at=MONDAY)

    changed = services.change(comment, "Hello", on=deal, by=seller, at=MONDAY + TIME_TO_MEND)

    assert (changed.text, changed.changed_at) == ("Hello", MONDAY + TIME_TO_MEND)
    with pytest.raises(CommentStands):
        services.change(comment, "Hi", on=deal, by=seller, at=MONDAY + TIME_TO_MEND + timedelta(seconds=1))
    with pytest.raises(CommentStands):
        services.change(comment, "Hi", on=deal, by=manager, at=MONDAY)


def test_what_is_taken_back_leaves_no_words(deal, seller):
    comment = services.write(deal, "Oops", by=seller, at=MONDAY)

    services.remove(comment, on=deal, by=seller, at=MONDAY)

    comment.refresh_from_db()
    assert (comment.text, comment.removed_at) == ("", MONDAY)
    with pytest.raises(CommentStands):
        services.remove(comment, on=deal, by=seller, at=MONDAY)
    assert Event.objects.filter(name="prm.comment.removed").count() == 1
