from datetime import date, timedelta

import pytest
import time_machine

from deals.enums import ActivityKind, Review
from deals.models import PreSalesActivity, Registration
from deals.services import decisions, protection, queue
from prm.files.models import File
from prm.tenancy.context import as_system
from tests import build
from tests.build import MONDAY

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NOW = MONDAY + timedelta(hours=1)
HTMX = {"HX-Request": "true", "HX-Target": "item"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager(vendor):
    return build.manager()


@pytest.fixture
def inbox(vendor):
    return f"/{vendor.slug}/deals/to-decide/"


@pytest.fixture
def page(client, manager):
    client.force_login(manager.user, backend=BACKEND)
    return client


def of(manager):
    """A seller whose partner this person looks after."""
    return build.seller(of=build.partner(channel_manager=manager.user))


def names_in(response):
    return [row["registration"].customer_name for group in response.context["groups"] for row in group["rows"]]


def test_partners_may_not_decide(client, vendor, inbox):
    for member in (build.seller(), build.seller()):
        client.force_login(member.user, backend=BACKEND)

        assert client.get(inbox).status_code == 403


def test_somebody_of_no_vendor_finds_nothing(client, vendor, inbox):
    client.force_login(build.user(), backend=BACKEND)

    assert client.get(inbox).status_code == 404


def test_a_registration_of_another_vendor_is_not_found(page, inbox):
    other = build.vendor()
    with as_system(other.pk):
        theirs = build.submitted()

    assert page.get(f"{inbox}{theirs.pk}/").status_code == 404


def test_a_draft_stays_with_its_partner(page, inbox):
    assert page.get(f"{inbox}{build.draft().pk}/").status_code == 404


def test_mine_holds_only_what_my_partners_sent(page, manager, inbox):
    mine = build.submitted(by=of(manager))
    build.submitted()

    assert names_in(page.get(inbox, {"view": "mine"})) == [mine.customer_name]
    assert len(names_in(page.get(inbox, {"view": "team"}))) == 2


def test_whoever_has_nothing_of_their_own_to_decide_starts_with_the_team(page, inbox):
    theirs = build.submitted()

    assert names_in(page.get(inbox)) == [theirs.customer_name]


def test_each_tab_lists_its_own_kind(page, manager, inbox):
    seller = of(manager)
    asked, decided = build.submitted(by=seller), build.submitted(by=seller)
    decisions.ask(asked, question="Who is the buyer?", by=manager, at=NOW)
    decisions.approve(decided, by=manager, at=NOW)
    extended = build.approved(by=seller)
    protection.ask_extension(extended, progress="Pilot runs.", by=seller, at=NOW)

    assert names_in(page.get(inbox, {"view": "asked"})) == [asked.customer_name]
    assert names_in(page.get(inbox, {"view": "done"})) == [decided.customer_name]
    assert names_in(page.get(inbox, {"view": "extensions"})) == [extended.customer_name]


def test_rows_are_grouped_by_when_they_are_due_with_a_sum_for_each_currency(page, inbox):
    build.submitted(at=NOW - timedelta(days=10), value_amount=100)
    build.submitted(at=NOW - timedelta(days=10), value_amount=50, value_currency="USD")
    build.submitted(at=NOW, value_amount=70)

    groups = page.get(inbox, {"view": "team"}).context["groups"]

    assert [(str(group["label"]), [str(money) for money in group["sums"]]) for group in groups] == [
        ("Late", ["100.00 EUR", "50.00 USD"]),
        ("This week", ["70.00 EUR"]),
    ]


def test_filters_narrow_the_list_and_stand_in_the_address(page, inbox):
    wanted = build.submitted("mesh", customer_country="SE")
    build.submitted("edge", customer_country="DE")
    family = build.family("mesh")

    for query in (
        {"country": "SE"},
        {"family": str(family.pk)},
        {"partner": str(wanted.partner_id)},
        {"q": wanted.customer_name},
        {"q": wanted.number},
    ):
        response = page.get(inbox, {"view": "team", **query})

        assert names_in(response) == [wanted.customer_name], query


def test_registrations_with_a_rival_can_be_told_from_those_without(page, inbox):
    build.submitted(customer_name="Alone")
    build.submitted(customer_name="One", customer_website="globex.example")
    build.submitted(customer_name="Two", customer_website="globex.example", at=NOW)

    assert names_in(page.get(inbox, {"view": "team", "rival": "no"})) == ["Alone"]
    assert names_in(page.get(inbox, {"view": "team", "rival": "yes"})) == ["One", "Two"]


def test_a_nonsense_filter_is_ignored(page, inbox):
    build.submitted()

    response = page.get(inbox, {"view": "x", "partner": "x", "family": "x", "rival": "x", "after": "x", "q": "\x00"})

    assert len(names_in(response)) == 1


def test_a_long_list_has_pages(page, inbox):
    seller = build.seller()
    for minute in range(27):
        build.submitted(by=seller, at=NOW + timedelta(minutes=minute))

    first = page.get(inbox, {"view": "team"})
    second = page.get(inbox + first.context["listing"].next_url)

    assert (len(names_in(first)), len(names_in(second))) == (25, 2)
    assert not set(names_in(first)) & set(names_in(second))


def test_the_list_opens_its_first_registration_beside_it(page, inbox):
    first = build.submitted()
    build.submitted(at=NOW)

    response = page.get(inbox, {"view": "team"})

    assert response.context["registration"] == first
    assert 'data-open="list"' in response.text


def test_an_item_is_a_page_of_its_own_and_a_part_for_htmx(page, inbox):
    registration = build.submitted()

    whole = page.get(f"{inbox}{registration.pk}/")
    part = page.get(f"{inbox}{registration.pk}/", headers=HTMX)

    assert 'data-open="item"' in whole.text
    assert "<html" in whole.text
    assert part.text.lstrip().startswith("<article")
    assert "HX-Request" in part["Vary"]


def test_looking_changes_nothing(page, inbox):
    registration = build.submitted()

    page.get(f"{inbox}{registration.pk}/")

    registration.refresh_from_db()
    assert registration.review == Review.SUBMITTED


def test_starting_the_review_shows_the_partner_that_somebody_is_looking(page, inbox):
    registration = build.submitted()

    response = page.post(f"{inbox}{registration.pk}/?view=team")

    registration.refresh_from_db()
    assert registration.review == Review.IN_REVIEW
    assert response.status_code == 302
    assert response["Location"] == f"{inbox}{registration.pk}/?view=team"


def test_the_rival_stands_beside_the_registration_with_what_they_share_marked(page, inbox):
    first = build.approved("edge", customer_website="globex.example", customer_tax_id="DE129273398")
    late = build.submitted("edge", "mesh", customer_website="www.globex.example", at=NOW)

    text = page.get(f"{inbox}{late.pk}/", headers=HTMX).text

    assert first.partner.name in text
    assert "<mark>www.globex.example</mark>" in text
    assert "<mark>globex.example</mark>" in text
    assert "<mark>Edge</mark>" in text
    assert "<mark>Mesh</mark>" not in text
    assert "Same website." in text
    assert "Same tax number." not in text
    assert "10:00:00" in text  # when the rival arrived, to the second
    assert "Protected until 21 Feb 2027" in text
    assert "disabled" in text


def test_a_free_customer_can_be_approved_until_the_last_day_of_the_terms(page, inbox):
    text = page.get(f"{inbox}{build.submitted().pk}/", headers=HTMX).text

    assert "Nobody else" in text
    assert "Approve until 21 Feb 2027" in text
    assert "No pre-sales activity" in text
    assert "Closes while protected" in text


def test_the_trace_says_what_the_partner_did(page, inbox):
    registration = build.submitted()
    PreSalesActivity(
        registration=registration,
        partner_path=registration.partner_path,
        kind=ActivityKind.DEMO,
        held_on=date(2026, 11, 12),
    ).save()

    text = page.get(f"{inbox}{registration.pk}/", headers=HTMX).text

    assert "1 pre-sales activity" in text
    assert "The last on 12 November" in text


def test_names_are_text_and_never_markup(page, inbox):
    build.approved(customer_name="<b>Globex</b>", customer_website="globex.example")
    late = build.submitted(customer_name="<i>Globex</i> & Co", customer_website="globex.example", at=NOW)

    text = page.get(f"{inbox}{late.pk}/?view=team").text

    assert "<b>Globex</b>" not in text
    assert "<i>Globex</i>" not in text
    assert "&lt;i&gt;Globex&lt;/i&gt; &amp; Co" in text


def test_ticked_rows_are_approved_each_on_its_own(page, manager, inbox):
    good, taken = build.submitted(), build.submitted(customer_website="globex.example")
    holder = build.approved(customer_website="globex.example")
    stale = build.submitted()
    ticks = [
        f"{good.pk}.{good.version}",
        f"{taken.pk}.{taken.version}",
        f"{stale.pk}.{stale.version}",
        "nonsense",
        "x.1",
    ]
    decisions.open_review(stale, by=build.manager(), at=NOW)

    response = page.post(f"{inbox}?view=team", {"id": ticks})

    reviews = Registration.objects.in_bulk([good.pk, taken.pk, stale.pk])
    assert reviews[good.pk].review == Review.APPROVED
    assert reviews[good.pk].decided_by_id == manager.user_id
    assert reviews[taken.pk].review == Review.SUBMITTED
    assert reviews[stale.pk].review == Review.IN_REVIEW
    assert "1 registration approved" in response.text
    assert f"{holder.partner.name} is protected for this customer" in response.text
    assert f"{stale.number} changed while it was open here" in response.text


def test_at_most_fifty_are_approved_at_once(page, inbox, monkeypatch):
    monkeypatch.setattr("deals.views.inbox.BULK_AT_MOST", 1)
    rows = [build.submitted(), build.submitted()]

    response = page.post(f"{inbox}?view=team", {"id": [f"{row.pk}.{row.version}" for row in rows]})

    assert Registration.objects.filter(review=Review.APPROVED).count() == 1
    assert "1 more was left as it is" in response.text


def about_deals(queries):
    """Leave out what every request asks for: who is it, at which vendor, and the walls."""
    tables = ('"deals_', '"partners_', '"prm_file"', '"prm_event"', '"prm_reasoncode"', '"prm_policyversion"')
    return [query for query in queries if any(table in query["sql"] for table in tables)]


def test_the_number_of_queries_does_not_grow_with_the_list(page, inbox, django_assert_max_num_queries):
    seller = build.seller()
    for _ in range(2):
        build.submitted(by=seller, customer_website="globex.example")
    page.get(inbox, {"view": "team"})
    with django_assert_max_num_queries(100) as few:
        page.get(inbox, {"view": "team"})
    for _ in range(12):
        build.submitted(by=seller, customer_website="globex.example")

    with django_assert_max_num_queries(len(few)) as many:
        page.get(inbox, {"view": "team"})

    assert len(about_deals(many)) <= 10 + 15  # the list, and its first registration beside it


def test_an_item_costs_few_queries(page, inbox, django_assert_max_num_queries):
    for _ in range(4):
        build.submitted(customer_website="globex.example")
    registration = build.submitted(customer_website="globex.example")
    page.get(f"{inbox}{registration.pk}/?view=team", headers=HTMX)

    with django_assert_max_num_queries(100) as spent:
        page.get(f"{inbox}{registration.pk}/?view=team", headers=HTMX)

    assert len(about_deals(spent)) <= 15


def test_only_files_that_were_checked_are_offered(page, inbox):
    registration = build.submitted()
    for name, status in (("notes.pdf", File.Status.CLEAN), ("virus.pdf", File.Status.QUARANTINED)):
        File(
            subject_type="deals.registration",
            subject_id=registration.pk,
            partner_path=registration.partner_path,
            name=name,
            media_type="application/pdf",
            size=1000,
            sha256="0" * 64,
            key=name,
            status=status,
            added_by_id=registration.owner_id,
            added_at=NOW,
        ).save()

    text = page.get(f"{inbox}{registration.pk}/", headers=HTMX).text

    assert "notes.pdf" in text
    assert "virus.pdf" not in text


def test_whose_turn_it_is_is_marked_in_the_list_and_found_by_a_filter(page, inbox):
    same = {"customer_website": "globex.example", "customer_name": "Globex"}
    seller = build.seller()
    holder = build.approved(by=seller, **same)
    waiting, other = build.submitted(**same), build.submitted()
    assert "waits for it" not in page.get(f"{inbox}{waiting.pk}/?view=team").content.decode()

    released = protection.release(holder, by=seller, at=NOW)
    queue.reconsider(released, after=build.uuid7(), at=NOW)

    shown = page.get(f"{inbox}{waiting.pk}/?view=team&turn=yes").content.decode()
    assert "nobody else waits for it" in shown
    assert waiting.customer_name in shown
    assert f"to-decide/{other.pk}/" not in shown
    detail = page.get(inbox.replace("to-decide/", f"{waiting.pk}/")).content.decode()
    assert "it is the turn of this registration" in detail
