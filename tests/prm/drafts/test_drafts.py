"""Drafts thrown away: out of sight, whole when they are put back, gone after a month."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from deals.enums import ActivityKind
from deals.models import PreSalesActivity, Registration, RegistrationLine
from deals.services import drafts as deals
from mdf.models import Claim, ClaimLine, ClaimProof, FundRequest, FundRequestLine
from mdf.services import claims
from mdf.services.claims import ClaimRuns
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.drafts import services
from prm.drafts.kinds import KINDS, Kind
from prm.drafts.purging import purge_drafts
from prm.drafts.services import KEPT, DraftSent, NotFound
from prm.events.models import Event
from prm.files.models import File
from prm.tenancy.context import Actor, Scope, acting_as, as_system, current_tenant_id
from prm.tenancy.fields import uuid7
from prm.tenancy.middleware import URLCONF
from quotes.models import PriceStep, Quote, QuoteLine, QuoteRevision, ResalePrice
from tests import build
from tests.build import MONDAY
from tests.mdf import build as mdf
from tests.mdf import claim_build
from tests.quotes import build as quoting
from tests.races import at_once

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NAMES = ["deals.registration", "mdf.fundrequest", "mdf.claim", "quotes.quote"]
WHOLE = {
    "deals.registration": [Registration, RegistrationLine, PreSalesActivity, File],
    "mdf.fundrequest": [FundRequest, FundRequestLine, File],
    "mdf.claim": [Claim, ClaimLine, ClaimProof, File],
    "quotes.quote": [Quote, QuoteRevision, QuoteLine, PriceStep, ResalePrice],
}


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def begun(name: str, by: Membership) -> tuple[Kind, Any]:
    """A draft of a kind, with something of all that can be in it."""
    if name == "deals.registration":
        met = deals.Activity(ActivityKind.MEETING, MONDAY.date(), "With the CFO")
        row = deals.save(uuid7(), replace(build.content("edge"), activities=[met]), by=by, at=MONDAY)
        build.file(row, by)
    elif name == "mdf.fundrequest":
        row = mdf.draft(mdf.allocation(to=mdf.firm_of(by)), by=by)
        build.file(row, by)
    elif name == "mdf.claim":
        row = claim_build.draft(mdf.approved(mdf.allocation(to=mdf.firm_of(by)), by=by))
        claim_build.proof(row, by=by)
    else:
        row = quoting.quote(quoting.some(quoting.priced(), resale=150), by=by).quote
    return KINDS[name], row


def kept(name: str) -> list[list[dict[str, Any]]]:
    """Everything that there is of a kind, to the last column."""
    return [list(model.objects.order_by("pk").values()) for model in WHOLE[name]]


def admin() -> Membership:
    return build.member(Role.PARTNER_ADMIN)


@pytest.mark.parametrize("name", NAMES)
def test_a_draft_put_back_is_as_if_it_had_never_been_thrown_away(vendor, name):
    by = admin()
    kind, row = begun(name, by)
    before = kept(name)
    assert all(before)

    services.throw_away(kind, row.pk, by=by, at=MONDAY)

    assert not kind.model.objects.exists()
    assert [draft.pk for _kind, draft in services.thrown_away(by)] == [row.pk]

    services.put_back(kind, row.pk, by=by, at=MONDAY)

    assert kept(name) == before
    assert services.thrown_away(by) == []
    names = Event.objects.filter(subject_id=row.pk, by=by.user).values_list("name", flat=True)
    assert {"prm.draft.discarded", "prm.draft.restored"} <= set(names)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("scope", [Scope.VENDOR, Scope.PARTNER, Scope.SYSTEM])
def test_nobody_finds_it_not_even_around_the_first_wall(vendor, name, scope):
    by = admin()
    kind, row = begun(name, by)
    whose = Actor(current_tenant_id(), scope, by.partner_path if scope == Scope.PARTNER else "", by.user_id)
    with acting_as(whose):
        assert kind.model.across_tenants.filter(pk=row.pk).exists()

    services.throw_away(kind, row.pk, by=by, at=MONDAY)

    with acting_as(whose):
        assert not kind.model.across_tenants.filter(pk=row.pk).exists()
        assert not kind.model.objects.filter(pk=row.pk).exists()
        if kind.model is Quote:
            assert not QuoteRevision.across_tenants.filter(quote_id=row.pk).exists()


@pytest.mark.parametrize("name", NAMES)
def test_only_whoever_worked_on_it_can_throw_it_away_or_put_it_back(vendor, name):
    distributor = build.partner(type="distributor")
    by = build.member(Role.PARTNER_ADMIN, of=build.partner(distributor=distributor))
    kind, row = begun(name, by)
    others = [
        admin(),
        build.member(Role.PARTNER_ADMIN, of=distributor),
        build.member(Role.PARTNER_SALES, of=mdf.firm_of(by), sees=Membership.Sees.OWN),
        build.member(Role.ADMIN),
    ]

    for other in others:
        with pytest.raises(NotFound):
            services.throw_away(kind, row.pk, by=other, at=MONDAY)
    services.throw_away(kind, row.pk, by=by, at=MONDAY)
    for other in others:
        assert services.thrown_away(other) == []
        with pytest.raises(NotFound):
            services.put_back(kind, row.pk, by=other, at=MONDAY)

    assert not kind.model.objects.exists()


@pytest.mark.parametrize("name", NAMES)
def test_after_a_month_it_is_deleted_with_its_files_and_nothing_else_is(vendor, name):
    by = admin()
    kind, row = begun(name, by)
    claim_request = row.request_id if name == "mdf.claim" else None
    _, other = begun(name, admin())
    services.throw_away(kind, row.pk, by=by, at=MONDAY)
    files = list(File.objects.filter(subject_id=row.pk))

    assert not services.purge(row, at=MONDAY + KEPT)
    assert not services.purge(other, at=MONDAY + KEPT * 2)
    assert [draft.pk for draft in services.overdue(MONDAY + KEPT * 2)] == [row.pk]
    assert services.purge(row, at=MONDAY + KEPT + timedelta(seconds=1))

    assert not services.purge(row, at=MONDAY + KEPT * 2)
    with pytest.raises(NotFound):
        services.put_back(kind, row.pk, by=by, at=MONDAY)
    assert [found.pk for found in kind.model.objects.all()] == [other.pk]
    for file in files:
        file.refresh_from_db()
        assert file.removed_at == MONDAY
    if claim_request:
        assert FundRequest.objects.filter(pk=claim_request).exists()


def test_the_clock_purges(committed, settings, tmp_path):
    vendor = build.vendor()
    with as_system(vendor.pk):
        by = build.seller()
        (old, young) = (begun("deals.registration", by)[1] for _ in range(2))
        services.throw_away(KINDS["deals.registration"], old.pk, by=by, at=MONDAY - timedelta(days=3650))
        services.throw_away(KINDS["deals.registration"], young.pk, by=by, at=timezone.now())

    purge_drafts()

    with as_system(vendor.pk):
        assert [draft.pk for _kind, draft in services.thrown_away(by)] == [young.pk]


@pytest.mark.parametrize("name", NAMES)
def test_what_was_sent_is_not_thrown_away(vendor, name):
    by = admin()
    sent = {
        "deals.registration": lambda: build.submitted(by=by),
        "mdf.fundrequest": lambda: mdf.submitted(mdf.allocation(to=mdf.firm_of(by)), by=by),
        "mdf.claim": lambda: claim_build.submitted(mdf.approved(mdf.allocation(to=mdf.firm_of(by)), by=by)),
        "quotes.quote": lambda: quoting.issued(by=by).quote,
    }[name]()

    with pytest.raises(DraftSent):
        services.throw_away(KINDS[name], sent.pk, by=by, at=MONDAY)

    model = QuoteRevision if name == "quotes.quote" else KINDS[name].model
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        model.objects.update(thrown_away_at=MONDAY)


def test_a_number_is_not_given_out_again(vendor):
    by = admin()
    kind, row = begun("quotes.quote", by)
    services.throw_away(kind, row.pk, by=by, at=MONDAY)

    _, second = begun("quotes.quote", by)
    services.put_back(kind, row.pk, by=by, at=MONDAY)

    assert second.number != row.number
    assert {found.number for found in Quote.objects.all()} == {row.number, second.number}


def test_a_claim_whose_place_was_taken_is_not_put_back(vendor):
    by = admin()
    kind, row = begun("mdf.claim", by)
    services.throw_away(kind, row.pk, by=by, at=MONDAY)
    second = claims.start(row.request, by=by, at=claim_build.AFTER)
    assert second.pk != row.pk

    with pytest.raises(ClaimRuns) as refusal:
        services.put_back(kind, row.pk, by=by, at=MONDAY)

    assert "begun meanwhile" in refusal.value.sentence
    services.throw_away(kind, second.pk, by=by, at=MONDAY)
    services.put_back(kind, row.pk, by=by, at=MONDAY)
    assert [claim.pk for claim in Claim.objects.all()] == [row.pk]


def test_several_at_once_throw_it_away_once_and_put_it_back_once(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        by = admin()
        kind, row = begun("quotes.quote", by)
        row.refresh_from_db()

    def told(what: Any) -> Any:
        with as_system(vendor.pk):
            return what(kind, row.pk, by=by, at=MONDAY)

    for what, name in ((services.throw_away, "discarded"), (services.put_back, "restored")):
        results = at_once([lambda what=what: told(what)] * 6)

        assert all(getattr(result, "pk", None) == row.pk for result in results), results
        with as_system(vendor.pk):
            assert Event.objects.filter(name=f"prm.draft.{name}").count() == 1
            assert Quote.objects.exists() == QuoteRevision.objects.exists() == (name == "restored")


@pytest.fixture
def page(vendor):
    member = admin()
    client = Client()
    client.force_login(member.user, backend=BACKEND)
    return SimpleNamespace(client=client, member=member, portal=f"/{vendor.slug}")


@pytest.mark.parametrize("name", NAMES)
def test_throwing_away_offers_to_undo_it_where_one_is_and_later_on_a_page_of_its_own(page, name):
    kind, row = begun(name, page.member)
    address = f"{page.portal}/drafts/{name}/{row.pk}"

    beside = page.client.post(f"{address}/discard/", follow=True)

    assert beside.status_code == 200
    assert f'action="{address}/return/"' in beside.content.decode()
    assert page.client.get(f"{page.portal}/drafts/thrown-away/").content.decode().count("/return/") == 1

    form = page.client.post(f"{address}/return/", follow=True)

    assert form.status_code == 200
    assert "Draft put back" in form.content.decode()
    assert kind.model.objects.filter(pk=row.pk).exists()
    assert "/return/" not in page.client.get(f"{page.portal}/drafts/thrown-away/").content.decode()


def test_the_form_says_that_a_draft_was_sent_meanwhile(page):
    row = build.submitted(by=page.member)

    answer = page.client.post(f"{page.portal}/drafts/deals.registration/{row.pk}/discard/", follow=True)

    assert "was sent meanwhile" in answer.content.decode()
    assert page.client.post(f"{page.portal}/drafts/deals.nothing/{row.pk}/discard/").status_code == 404


@pytest.mark.parametrize("name", NAMES)
def test_a_page_that_was_open_elsewhere_says_that_the_draft_was_thrown_away(vendor, name):
    by, client = admin(), Client()
    kind, draft = begun(name, by)
    services.throw_away(kind, draft.pk, by=by, at=timezone.now())
    client.force_login(by.user, backend=BACKEND)
    form = reverse(kind.form, urlconf=URLCONF, args=[draft.pk])
    address = f"/{vendor.slug}{form}"
    saving = address.removesuffix("form/") + "draft/"

    page = client.post(address, {"version": "1"})
    saved = client.post(saving, {"version": "1"}, headers={"X-Autosave": "1"})

    assert (page.status_code, saved.status_code) == (409, 409)
    for answer in (page, saved):
        assert f"/drafts/{kind.name}/{draft.pk}/return/" in answer.content.decode()
    assert "This draft was thrown away" in page.content.decode()
    assert "html" not in saved.content.decode()
    client.force_login(admin().user, backend=BACKEND)
    assert client.get(address).status_code == 404
