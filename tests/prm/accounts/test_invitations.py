import re
import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from partners.services.partners import place_of
from prm.accounts import members
from prm.accounts.models import Invitation, Membership, User
from prm.accounts.roles import Role
from prm.events.models import Event
from prm.notifications.models import OutgoingMail
from prm.tenancy.context import as_system
from tests import build

FORM = {"name": "Ada Okafor", "password": "a phrase to remember"}


def invited(email="ada@example.com", role=Role.CHANNEL_MANAGER, *, place=None, at=None, **facts):
    """An open invitation and the path its mail leads to."""
    by = facts.pop("by", None) or build.member(Role.ADMIN)
    invitation = members.invite(email, "Ada Okafor", role, place=place or {}, by=by, at=at or timezone.now())
    return invitation, link_to(email)


def link_to(email):
    letter = OutgoingMail.objects.filter(to=email).order_by("-written_at").first()
    return re.search(r"(/[a-z0-9-]+/invitations/\S+)", letter.text)[1]


def test_the_secret_is_long_and_only_its_digest_is_kept(vendor):
    invitation, link = invited()
    secret = link.rstrip("/").rpartition("/")[2]

    assert len(secret) == 43
    assert invitation.secret_digest == members.digest(secret)
    assert not any(secret in str(event.payload) for event in Event.objects.all())


def test_the_mail_says_who_invites_where_and_as_what(vendor, settings):
    settings.SITE_URL = "https://portal.example"
    _, link = invited(by=build.member(Role.ADMIN, name="Ines & <b>Co</b>"))
    letter = OutgoingMail.objects.get()

    assert f"https://portal.example{link}" in letter.text
    assert "Ines & <b>Co</b> invites you" in letter.text
    assert "Ines &amp; &lt;b&gt;Co&lt;/b&gt;" in letter.html
    assert "Channel manager" in letter.text


def test_a_new_person_chooses_name_and_password_and_is_in(client, vendor):
    _, link = invited()

    page = client.get(link)
    answer = client.post(link, FORM)

    assert page.status_code == 200
    assert (answer.status_code, answer["Location"]) == (302, f"/{vendor.slug}/")
    assert client.get(f"/{vendor.slug}/").status_code == 200
    member = Membership.objects.get(user__email="ada@example.com")
    assert (member.role, member.user.name, member.partner_id) == (Role.CHANNEL_MANAGER, "Ada Okafor", None)
    assert member.user.check_password("a phrase to remember")


def test_a_colleague_of_a_partner_lands_at_the_same_partner(client, vendor):
    boss = build.member(Role.PARTNER_ADMIN)
    client.force_login(boss.user)
    ask = {"name": "Ada Okafor", "email": "Ada@Example.com", "role": "partner_sales"}

    assert client.post(f"/{vendor.slug}/people/invitations/new/", ask).status_code == 302
    Client().post(link_to("ada@example.com"), FORM)

    member = Membership.objects.get(user__email="ada@example.com")
    assert (member.partner_id, member.partner_path, member.firm) == (boss.partner_id, boss.partner_path, boss.firm)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("password", "short"),
        ("password", "ada@example.com"),
        ("name", ""),
        ("name", "Ada\x00"),
        ("name", "Ada \u202eeurt"),
        ("name", "x" * 121),
    ],
)
def test_what_cannot_be_accepted_is_said_beside_the_field(client, vendor, field, value):
    _, link = invited()

    answer = client.post(link, {**FORM, field: value})

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not User.objects.filter(email="ada@example.com").exists()


def test_a_used_link_says_so_and_offers_to_sign_in(client, vendor):
    _, link = invited()
    Client().post(link, FORM)

    answer = client.post(link, {**FORM, "name": "Somebody else"})

    assert answer.status_code == 410
    assert "was used already" in answer.content.decode()
    assert f"/{vendor.slug}/accounts/login/" in answer.content.decode()
    assert User.objects.get(email="ada@example.com").name == "Ada Okafor"


def test_who_opens_a_used_link_and_is_in_goes_on_to_the_portal(client, vendor):
    _, link = invited()
    client.post(link, FORM)

    page = client.get(link)

    assert page.status_code == 410
    assert "You are signed in and can go on." in page.content.decode()
    assert f'href="/{vendor.slug}/"' in page.content.decode()


def test_an_invitation_withdrawn_or_sent_again_while_its_page_is_open_joins_nobody(client, vendor):
    gone, withdrawn = invited("gone@example.com")
    again, replaced = invited("again@example.com")
    assert [client.get(link).status_code for link in (withdrawn, replaced)] == [200, 200]
    boss = build.member(Role.ADMIN)
    members.revoke(gone, by=boss, at=timezone.now())
    members.resend(again, by=boss, at=timezone.now())

    pages = [client.post(link, FORM) for link in (withdrawn, replaced)]

    assert [page.status_code for page in pages] == [410, 404]
    assert "was withdrawn" in pages[0].content.decode()
    assert "a newer mail replaced it" in pages[1].content.decode()
    assert not User.objects.filter(email__in=["gone@example.com", "again@example.com"]).exists()


@pytest.mark.parametrize(
    ("status", "words", "leads_on"),
    [
        (Membership.Status.ACTIVE, "You work here as Finance", True),
        (Membership.Status.SUSPENDED, "Your access is suspended", False),
    ],
)
def test_who_became_a_member_in_another_way_keeps_the_role_and_is_told(client, vendor, status, words, leads_on):
    person = build.user("Ada Okafor")
    invitation, link = invited(person.email)
    build.member(Role.FINANCE, user=person)
    Membership.objects.filter(user=person).update(status=status)
    client.force_login(person)

    for page in (client.get(link), client.post(link)):
        assert page.status_code == 409
        assert words in page.content.decode()
        assert ("Open the portal" in page.content.decode()) is leads_on
    assert Membership.objects.get(user=person).role == Role.FINANCE
    invitation.refresh_from_db()
    assert invitation.status == Invitation.Status.OPEN


def test_an_expired_a_withdrawn_and_an_unknown_link_say_so(client, vendor):
    _, expired = invited("old@example.com", at=timezone.now() - timedelta(days=14, seconds=1))
    gone, withdrawn = invited("gone@example.com")
    members.revoke(gone, by=build.member(Role.ADMIN), at=timezone.now())

    pages = [client.post(link, FORM) for link in (expired, withdrawn, f"/{vendor.slug}/invitations/wrong/")]

    assert [page.status_code for page in pages] == [410, 410, 404]
    for page, words in zip(pages, ("has expired", "was withdrawn", "opens nothing"), strict=True):
        assert words in page.content.decode()
    assert not Membership.objects.filter(user__email__in=["old@example.com", "gone@example.com"]).exists()


def test_a_link_of_another_vendor_opens_nothing(client, vendor):
    _, link = invited()
    other = build.vendor()

    assert client.get(link.replace(vendor.slug, other.slug, 1)).status_code == 404


def test_a_new_link_replaces_the_old_one(client, vendor):
    invitation, old = invited()
    members.resend(invitation, by=build.member(Role.ADMIN), at=timezone.now())

    assert client.get(old).status_code == 404
    assert client.get(link_to("ada@example.com")).status_code == 200


def test_somebody_with_a_login_signs_in_and_joins(client, vendor):
    person = build.user("Ada Okafor")
    _, link = invited(person.email)
    assert f"?next={link}" in client.get(link).content.decode()
    assert client.post(link, FORM).status_code == 200  # no second login is made, no password changed

    client.post(f"/{vendor.slug}/accounts/login/", {"login": person.email, "password": build.PASSWORD, "next": link})
    answer = client.post(link)

    assert answer["Location"] == f"/{vendor.slug}/"
    assert Membership.objects.get(user=person).role == Role.CHANNEL_MANAGER


def test_a_wrong_login_is_told_so_and_joins_nothing(client, vendor):
    _, link = invited("ada@example.com")
    other = build.user("Somebody Else")
    client.force_login(other)

    page, answer = client.get(link), client.post(link)

    assert f"It is for ada@example.com, and you are signed in as {other.email}" in page.content.decode()
    assert answer.status_code == 422
    assert not Membership.objects.filter(user=other).exists()


def test_a_member_is_not_invited_again(client, vendor):
    boss = build.member(Role.PARTNER_ADMIN)
    colleague = build.member(Role.PARTNER_SALES, of=partner_of(boss), name="Lena O'Hara")
    client.force_login(boss.user)

    answer = client.post(
        f"/{vendor.slug}/people/invitations/new/",
        {"name": "L", "email": colleague.user.email, "role": "partner_sales"},
    )

    assert answer.status_code == 422
    assert answer.context["form"].errors["email"] == ["Lena O'Hara already works here."]
    assert not Invitation.objects.exists()


def partner_of(member):
    from partners.models import Partner

    return Partner.objects.get(pk=member.partner_id)


def test_whoever_is_bound_to_another_firm_is_refused_without_saying_which(client, vendor):
    boss = build.member(Role.PARTNER_ADMIN)
    taken = build.member(Role.PARTNER_SALES)
    asked, _ = invited("asked@example.com", Role.PARTNER_SALES, place=place_of(build.partner()))
    client.force_login(boss.user)

    answers = [
        client.post(f"/{vendor.slug}/people/invitations/new/", {"name": "L", "email": email, "role": "partner_sales"})
        for email in (taken.user.email, asked.email)
    ]

    for answer, email in zip(answers, (taken.user.email, asked.email), strict=True):
        assert answer.context["form"].errors["email"] == [
            f"{email} cannot be invited here. Ask the vendor's administrator."
        ]


def test_an_invited_address_is_not_invited_twice_until_the_link_has_expired(vendor):
    by = build.member(Role.ADMIN)
    first, _ = invited(at=timezone.now() - timedelta(days=13), by=by)

    with pytest.raises(members.AlreadyInvited):
        invited(by=by)
    Invitation.objects.filter(pk=first.pk).update(expires_at=timezone.now())
    invited(by=by)

    assert sorted(Invitation.objects.values_list("status", flat=True)) == ["open", "revoked"]


@pytest.mark.parametrize("role", ["admin", "finance", "nonsense", ""])
def test_a_partner_cannot_invite_into_a_vendors_role(client, vendor, role):
    client.force_login(build.member(Role.PARTNER_ADMIN).user)

    answer = client.post(
        f"/{vendor.slug}/people/invitations/new/", {"name": "A", "email": "a@example.com", "role": role}
    )

    assert answer.status_code == 422
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("role", [Role.CHANNEL_MANAGER, Role.FINANCE, Role.EXECUTIVE, Role.PARTNER_SALES])
def test_only_administrators_invite(client, vendor, role):
    client.force_login(build.member(role).user)

    for page in ("people/", "people/invitations/new/"):
        assert client.get(f"/{vendor.slug}/{page}").status_code == 403


def test_two_acceptances_of_one_link_make_one_member(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        _, link = invited()
    start, answers = threading.Barrier(2), []

    def accept(name):
        start.wait()
        answers.append(Client().post(link, {**FORM, "name": name}).status_code)
        connections.close_all()

    both = [threading.Thread(target=accept, args=(name,)) for name in ("Ada", "Eve")]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()

    assert sorted(answers) in ([302, 410], [302, 422])
    with as_system(vendor.pk):
        assert Membership.objects.filter(user__email="ada@example.com").count() == 1
        assert User.objects.filter(email="ada@example.com").count() == 1
