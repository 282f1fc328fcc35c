import threading

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partners.models import Partner
from partners.services.partners import place_of
from prm.accounts import members
from prm.accounts.models import Invitation, Membership
from prm.accounts.roles import Role
from prm.events.models import Event
from prm.tenancy.context import acting_as, as_system
from tests import build

DOORS = ("role/", "suspension/", "restoration/")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def boss(vendor):
    return build.member(Role.ADMIN, name="The Boss")


@pytest.fixture
def inside(client, vendor, boss):
    client.force_login(boss.user)
    return client


def firm_of(member):
    return Partner.objects.get(pk=member.partner_id)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_a_vendors_administrator_sees_the_own_people_and_finds_those_of_partners(inside, vendor):
    build.member(Role.FINANCE, name="Own Person")
    build.member(Role.PARTNER_SALES, name="Partner Person")

    own = inside.get(f"/{vendor.slug}/people/").content.decode()
    theirs = inside.get(f"/{vendor.slug}/people/?of=partners").content.decode()

    assert "Own Person" in own
    assert "Partner Person" not in own
    assert "Partner Person" in theirs
    assert "Own Person" not in theirs


def test_people_are_searched_by_name_and_address(inside, vendor):
    build.member(Role.FINANCE, name="Greta Larsen")
    build.member(Role.FINANCE, name="Somebody Else")

    page = inside.get(f"/{vendor.slug}/people/?name=larsen").content.decode()

    assert "Greta Larsen" in page
    assert "Somebody Else" not in page


def test_a_partners_administrator_sees_the_own_firm_only(client, vendor):
    distributor = build.partner("D", type="distributor")
    admin = build.member(Role.PARTNER_ADMIN, of=distributor, name="Top Admin")
    build.member(Role.PARTNER_SALES, of=build.partner("Below", distributor=distributor), name="Below Person")
    build.member(Role.PARTNER_SALES, name="Beside Person")
    build.member(Role.FINANCE, name="Vendor Person")
    with acting_as(admin.actor):
        assert Membership.objects.count() == 2  # the walls show the people below; the page does not

    client.force_login(admin.user)
    page = client.get(f"/{vendor.slug}/people/?of=partners").content.decode()

    assert "Top Admin" in page
    for hidden in ("Below Person", "Beside Person", "Vendor Person"):
        assert hidden not in page


def test_markup_in_a_name_is_shown_as_text(inside, vendor):
    build.member(Role.FINANCE, name="<img src=x onerror=alert(1)>")

    page = inside.get(f"/{vendor.slug}/people/").content.decode()

    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_the_list_asks_the_same_number_of_questions_however_long_it_is(inside, vendor):
    questions = []
    for _ in range(2):
        for _ in range(10):
            build.member(Role.FINANCE)
        inside.get(f"/{vendor.slug}/people/")
        with CaptureQueriesContext(connection) as asked:
            inside.get(f"/{vendor.slug}/people/")
        questions.append(len(asked))

    assert questions[0] == questions[1]


def test_a_role_is_changed_and_counts_at_once(inside, vendor):
    person = build.member(Role.FINANCE)

    answer = inside.post(f"/{vendor.slug}/people/{person.pk}/role/", {"role": "executive"})

    assert answer.status_code == 302
    assert fresh(person).role == Role.EXECUTIVE
    assert Event.objects.get(name="prm.member_role.changed").payload == {
        "membership_id": str(person.pk),
        "before": "finance",
        "after": "executive",
    }


def test_a_role_of_the_other_side_is_refused(inside, vendor):
    person = build.member(Role.FINANCE)

    assert inside.post(f"/{vendor.slug}/people/{person.pk}/role/", {"role": "partner_admin"}).status_code == 422
    with pytest.raises(members.WrongRole):
        members.change_role(person, Role.PARTNER_ADMIN, by=build.member(Role.ADMIN), at=timezone.now())
    assert fresh(person).role == Role.FINANCE


def test_a_suspended_person_is_out_with_the_next_click_and_can_be_let_in_again(inside, vendor):
    person, theirs = build.member(Role.FINANCE), Client()
    theirs.force_login(person.user)
    assert theirs.get(f"/{vendor.slug}/").status_code == 200

    inside.post(f"/{vendor.slug}/people/{person.pk}/suspension/")
    assert theirs.get(f"/{vendor.slug}/").status_code == 404

    inside.post(f"/{vendor.slug}/people/{person.pk}/restoration/")
    assert theirs.get(f"/{vendor.slug}/").status_code == 200


def test_suspending_in_the_page_answers_with_the_row_and_a_way_back(inside, vendor):
    person = build.member(Role.FINANCE, name="Greta Larsen")
    row = f'<template><tr id="person-{person.pk}" hx-swap-oob="true">'

    answer = inside.post(f"/{vendor.slug}/people/{person.pk}/suspension/", headers=HTMX)
    undone = inside.post(f"/{vendor.slug}/people/{person.pk}/restoration/", headers=HTMX)

    page = answer.content.decode()
    assert row in page
    assert f'hx-post="/{vendor.slug}/people/{person.pk}/restoration/"' in page
    assert "Greta Larsen can no longer enter" in page
    assert row in undone.content.decode()
    assert "Greta Larsen can enter again" in undone.content.decode()


def test_nobody_changes_or_suspends_themselves(inside, vendor, boss):
    build.member(Role.ADMIN)

    refused = inside.post(f"/{vendor.slug}/people/{boss.pk}/role/", {"role": "finance"})
    inside.post(f"/{vendor.slug}/people/{boss.pk}/suspension/")

    assert refused.status_code == 422
    assert (fresh(boss).role, fresh(boss).status) == (Role.ADMIN, "active")


def test_the_last_administrator_of_a_partner_stays(inside, vendor):
    last = build.member(Role.PARTNER_ADMIN)

    refused = inside.post(f"/{vendor.slug}/people/{last.pk}/role/", {"role": "partner_sales"})
    said = inside.post(f"/{vendor.slug}/people/{last.pk}/suspension/", follow=True).content.decode()
    assert f"last administrator of {last.firm}" in refused.content.decode()
    assert f"last administrator of {last.firm}" in said
    assert (fresh(last).role, fresh(last).status) == (Role.PARTNER_ADMIN, "active")

    build.member(Role.PARTNER_ADMIN, of=firm_of(last))
    inside.post(f"/{vendor.slug}/people/{last.pk}/suspension/")
    assert fresh(last).status == "suspended"


def test_two_administrators_who_demote_each_other_leave_one(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        pair = [build.member(Role.ADMIN), build.member(Role.ADMIN)]
    start, refused = threading.Barrier(2), []

    def demote(by, whom):
        start.wait()
        try:
            with acting_as(by.actor):
                members.change_role(whom, Role.FINANCE, by=by, at=timezone.now())
        except members.LastAdministrator:
            refused.append(by)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=demote, args=sides) for sides in (pair, pair[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with as_system(vendor.pk):
        assert Membership.objects.filter(role=Role.ADMIN).count() == 1
    assert len(refused) == 1


def test_strangers_reach_nobody_by_id(vendor):
    distributor = build.partner("D", type="distributor")
    below = build.partner("Below", distributor=distributor)
    target = build.member(Role.PARTNER_SALES, of=below)
    build.member(Role.PARTNER_ADMIN, of=below)
    open_one = members.invite(
        "x@example.com", "X", Role.PARTNER_SALES, place=place_of(below), by=None, at=timezone.now()
    )
    strangers = {
        "distributor above": build.member(Role.PARTNER_ADMIN, of=distributor),
        "sibling": build.member(Role.PARTNER_ADMIN, of=build.partner("Sibling", distributor=distributor)),
        "another partner": build.member(Role.PARTNER_ADMIN),
    }
    with as_system(build.vendor().pk):
        strangers["another vendor"] = build.member(Role.ADMIN)
    before = (Event.objects.count(), open_one.secret_digest)

    for stranger in strangers.values():
        browser = Client()
        browser.force_login(stranger.user)
        for door in DOORS:
            assert (
                browser.post(f"/{vendor.slug}/people/{target.pk}/{door}", {"role": "partner_admin"}).status_code == 404
            )
        for door in ("sending/", "withdrawal/"):
            assert browser.post(f"/{vendor.slug}/people/invitations/{open_one.pk}/{door}").status_code == 404

    same = fresh(target)
    assert (same.role, same.status) == (Role.PARTNER_SALES, "active")
    assert fresh(open_one).status == Invitation.Status.OPEN
    assert (Event.objects.count(), fresh(open_one).secret_digest) == before


def test_another_vendors_people_are_not_found_from_within_ones_own_portal(inside, vendor):
    with as_system(build.vendor().pk):
        foreign = build.member(Role.FINANCE)

    for door in DOORS:
        assert inside.post(f"/{vendor.slug}/people/{foreign.pk}/{door}", {"role": "admin"}).status_code == 404


def test_an_invitation_is_sent_again_and_withdrawn_from_the_list(inside, vendor, boss):
    inside.post(
        f"/{vendor.slug}/people/invitations/new/", {"name": "Ada", "email": "ada@example.com", "role": "finance"}
    )
    invitation = Invitation.objects.get()
    assert "ada@example.com" in inside.get(f"/{vendor.slug}/people/").content.decode()

    inside.post(f"/{vendor.slug}/people/invitations/{invitation.pk}/sending/")
    assert fresh(invitation).secret_digest != invitation.secret_digest

    inside.post(f"/{vendor.slug}/people/invitations/{invitation.pk}/withdrawal/")
    said = inside.post(f"/{vendor.slug}/people/invitations/{invitation.pk}/sending/", follow=True)
    assert fresh(invitation).status == Invitation.Status.REVOKED
    assert "was withdrawn" in said.content.decode()


def test_inviting_in_the_page_answers_with_the_form_or_leads_to_the_list(inside, vendor):
    place = f"/{vendor.slug}/people/invitations/new/"
    ask = {"name": "Ada", "email": "ada@example.com", "role": "finance"}

    opened = inside.get(place, headers=HTMX).content.decode()
    refused = inside.post(place, {**ask, "email": "not an address"}, headers=HTMX)
    sent = inside.post(place, ask, headers=HTMX)

    assert "<html" not in opened
    assert (refused.status_code, "<html" in refused.content.decode()) == (422, False)
    assert sent["HX-Redirect"] == f"/{vendor.slug}/people/"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "Ada\x00"),
        ("name", "Ada\u202e"),
        ("name", "A" * 121),
        ("email", "ada\u200b@example.com"),
        ("email", "a" * 250 + "@example.com"),
    ],
)
def test_hidden_characters_and_overlong_words_are_refused_beside_the_field(inside, vendor, field, value):
    ask = {"name": "Ada", "email": "ada@example.com", "role": "finance", field: value}

    answer = inside.post(f"/{vendor.slug}/people/invitations/new/", ask)

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert not Invitation.objects.exists()


def test_only_a_vendors_administrator_reads_the_matrix(inside, client, vendor):
    page = inside.get(f"/{vendor.slug}/roles/").content.decode()
    assert "Invite colleagues and change their roles" in page

    other = Client()
    other.force_login(build.member(Role.PARTNER_ADMIN).user)
    assert other.get(f"/{vendor.slug}/roles/").status_code == 403
