"""What a vendor asks besides of who applies and of its partners: by whom it is filled in, and who reads it."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from partners.models import Application, Partner
from partners.services import applications
from prm.accounts.roles import Role
from prm.custom_fields import services as custom_fields
from prm.custom_fields.kinds import KINDS
from prm.events.models import Event
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import when
from tests.deals.views.test_registering import signed_in
from tests.partners import applicants
from tests.partners.views.test_joining import FORM, begin
from tests.prm.custom_fields.asking import ask

APPLICATION, PARTNER = "partners.application", "partners.partner"
ALONE = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "custom-fields"}
PROFILE = {"address": "Quay 1", "city": "Kiel", "phone": "", "website": "", "description": ""}


def read(client, path):
    return client.get(f"{client.portal}/{path}").content.decode()


# -- applications ----------------------------------------------------------------------------------------
def test_an_applicant_answers_what_is_asked_besides_of_its_type(client, vendor):
    ask("Heard of us", "choice", "Fair", "Colleague", of=APPLICATION, is_required=True)
    ask("Warehouses", "whole", of=APPLICATION, is_required=True, shown_when=when("type", "is", "distributor"))
    ask("Topics", "choices", "Cloud", "Edge", of=APPLICATION)
    page = begin(client, vendor)

    nothing = client.post(page, {**FORM, "do": "send"})
    assert nothing.status_code == 422
    assert nothing.context["form"].custom.errors.keys() == {"heard_of_us"}
    whole = {**FORM, "do": "send", "custom-heard_of_us": "fair", "custom-topics": ["edge", "cloud"]}
    assert client.post(page, whole).status_code == 302
    client.post(applicants.link_in_mail_to("ida@globex.example"))
    application = Application.objects.get()
    assert application.custom == {"heard_of_us": "fair", "topics": ["cloud", "edge"]}

    manager = signed_in(build.manager())
    told = read(manager, f"applications/to-decide/{application.pk}/")
    assert all(word in told for word in ("Heard of us", "Fair", "Cloud, Edge", "Change details"))
    head, row = csv.reader(io.StringIO(read(manager, "applications/export/").removeprefix("\ufeff")))
    assert dict(zip(head, row, strict=True))["Heard of us"] == "Fair"


def test_a_draft_of_an_application_keeps_what_was_typed_into_every_control(client, vendor):
    ask("Topics", "choices", "Cloud", "Edge", of=APPLICATION)
    ask("Staff abroad", "whole", of=APPLICATION)
    page = begin(client, vendor)

    client.post(f"{page}draft/", {"custom-topics": ["cloud", "edge"], "custom-staff_abroad": "some\0"})

    form = client.get(page).content.decode()
    assert form.count(" checked") == 2
    assert 'value="some"' in form
    assert Application.objects.get().custom == {}


def test_fields_of_an_application_follow_what_is_typed(client, vendor):
    ask("Nordic plans", of=APPLICATION, shown_when=when("country", "one_of", ["DK", "SE"]))
    page = begin(client, vendor)

    assert client.post(page, {**FORM, "custom-state": ""}, **ALONE).status_code == 204
    answer = client.post(page, {**FORM, "country": "DK", "custom-state": ""}, **ALONE)
    assert 'name="custom-state" value="nordic_plans"' in answer.content.decode()
    assert Application.objects.get().typed == {}


def test_an_applicant_sees_nothing_that_only_the_vendor_knows(client, vendor):
    ask("Credit", of=APPLICATION, is_internal=True)
    page = begin(client, vendor)
    assert "Credit" not in client.get(page).content.decode()
    client.post(page, {**FORM, "do": "send", "custom-credit": "forged"})
    link = applicants.link_in_mail_to("ida@globex.example")
    client.post(link)
    application = Application.objects.get()
    assert application.custom == {}

    custom_fields.answer(
        KINDS[APPLICATION], application, {"credit": "Nightjar"}, seen={}, by=build.manager(), at=MONDAY
    )
    assert "Nightjar" not in client.get(link).content.decode()
    assert "Nightjar" in read(signed_in(build.manager()), f"applications/to-decide/{application.pk}/")


def test_a_question_reopens_one_field_of_an_application(client, vendor):
    ask("Heard of us", of=APPLICATION)
    ask("Staff abroad", "whole", of=APPLICATION)
    now = timezone.now()
    application = applicants.asked(fields=("custom.heard_of_us",), at=now)
    path = f"/{vendor.slug}/become-a-partner/status/{applicants.secret_of(application)}/answer/"

    form = client.get(path)
    assert form.status_code == 200, path
    assert "Heard of us" in form.content.decode()
    assert "Staff abroad" not in form.content.decode()
    said = {"answer": "At a fair.", "custom-heard_of_us": "A fair", "custom-staff_abroad": "7"}
    assert client.post(path, said).status_code == 302
    application.refresh_from_db()
    assert application.custom == {"heard_of_us": "A fair"}


def test_what_an_applicant_said_is_known_of_the_partner_where_both_are_asked_the_same(vendor):
    ask("Focus", "choice", "Health", "Retail", of=APPLICATION)
    ask("Focus", "choice", "Health", "Ports", of=PARTNER)
    ask("Credit", of=APPLICATION, is_internal=True)
    ask("Credit", of=PARTNER)
    ask("Heard of us", of=APPLICATION)
    known = {"focus": "health", "credit": "Nightjar", "heard_of_us": "A fair"}

    assert custom_fields.carried(APPLICATION, PARTNER, known) == {"focus": "health"}
    assert custom_fields.carried(APPLICATION, PARTNER, {"focus": "retail"}) == {}
    application = applicants.applied()
    custom_fields.answer(KINDS[APPLICATION], application, {"focus": "health"}, seen={}, by=build.manager(), at=MONDAY)
    application.refresh_from_db()
    assert applicants.joined(application).partner.custom == {"focus": "health"}


def test_what_a_stranger_never_sent_is_forgotten(client, vendor):
    ask("Heard of us", of=APPLICATION)
    application = applicants.sent()
    application.custom = {"heard_of_us": "A fair"}
    application.save()
    applications.expire(application, at=application.expires_at + timedelta(days=1))

    assert Application.objects.get().custom == {}


# -- partners --------------------------------------------------------------------------------------------
@pytest.fixture
def firm(vendor) -> Partner:
    return build.partner("Nordhavn")


@pytest.fixture
def owner(firm) -> Client:
    return signed_in(build.member(Role.PARTNER_ADMIN, of=firm))


def profile(owner, **said):
    path = f"{owner.portal}/company/profile/"
    seen = owner.get(path).context["form"].initial["seen"]
    return owner.post(path, {**PROFILE, "seen": seen, **said})


def test_a_partner_fills_what_the_vendor_asks_and_the_vendor_reads_it(owner, firm):
    ask("Industry focus", "choice", "Health", "Retail", of=PARTNER, is_required=True)
    ask("Credit", of=PARTNER, is_internal=True)

    nothing = profile(owner)
    assert nothing.status_code == 422
    assert nothing.context["custom"].errors.keys() == {"industry_focus"}
    assert profile(owner, **{"custom-industry_focus": "health", "custom-credit": "forged"}).status_code == 302
    firm.refresh_from_db()
    assert firm.custom == {"industry_focus": "health"}
    manager = signed_in(build.manager())
    assert all(word in read(manager, f"partners/{firm.pk}/") for word in ("Industry focus", "Health"))
    assert "Industry focus" in read(owner, "company/")
    assert Event.objects.filter(name="prm.custom_values.changed").get().payload["changes"] == [
        ["Industry focus", None, "health"]
    ]


def test_the_vendor_fills_the_fields_of_a_partner_and_keeps_its_own_to_itself(owner, firm):
    ask("Industry focus", of=PARTNER)
    ask("Credit", of=PARTNER, is_internal=True)
    manager = signed_in(build.manager())
    path = f"{manager.portal}/custom-fields/{PARTNER}/records/{firm.pk}/"
    said = {"custom-industry_focus": "Ports", "custom-credit": "Nightjar", "seen": manager.get(path).context["seen"]}

    assert manager.post(path, said).status_code == 302
    assert "Nightjar" in read(manager, f"partners/{firm.pk}/")
    head, *rows = csv.reader(io.StringIO(read(manager, f"partners/export/?q={firm.name}").removeprefix("\ufeff")))
    assert [(row["Industry focus"], row["Credit"]) for row in (dict(zip(head, row, strict=True)) for row in rows)] == [
        ("Ports", "Nightjar")
    ]
    for page in ("company/", "company/profile/"):
        assert "Ports" in read(owner, page), page
        assert "Nightjar" not in read(owner, page), page
    assert signed_in(build.member(Role.FINANCE)).get(path).status_code == 403


def test_a_profile_is_not_saved_over_what_the_vendor_filled_in_meanwhile(owner, firm):
    ask("Industry focus", of=PARTNER)
    seen = owner.get(f"{owner.portal}/company/profile/").context["form"].initial["seen"]
    custom_fields.answer(KINDS[PARTNER], firm, {"industry_focus": "Ports"}, seen={}, by=build.manager(), at=MONDAY)

    answer = profile(owner, seen=seen, **{"custom-industry_focus": "Health"})
    assert answer.status_code == 422
    firm.refresh_from_db()
    assert firm.custom == {"industry_focus": "Ports"}


def test_a_partner_reads_nothing_of_another_one(owner, firm):
    ask("Industry focus", of=PARTNER)
    other = build.partner("Rival", custom={"industry_focus": "Nightjar"})

    assert "Nightjar" not in read(owner, "company/")
    assert owner.get(f"{owner.portal}/partners/{other.pk}/").status_code in (403, 404)
    assert owner.get(f"{owner.portal}/custom-fields/{PARTNER}/records/{other.pk}/").status_code in (403, 404)


def test_fields_of_a_partner_follow_its_tier_and_what_is_typed(owner, firm):
    ask("Founded", "day", of=PARTNER)
    ask("Certificate", of=PARTNER, shown_when=when("custom.founded", "given"))
    said = {**PROFILE, "custom-founded": "2001-02-03", "custom-state": "founded"}

    answer = owner.post(f"{owner.portal}/company/profile/", said, **ALONE)
    assert 'name="custom-state" value="founded certificate"' in answer.content.decode()
