"""Writing a quote in the browser: what the server answers while it is typed, and what nobody else gets to see."""

from __future__ import annotations

import re
from decimal import Decimal as D

import pytest
from django.test import Client
from django.urls import get_script_prefix, set_script_prefix
from django.utils import timezone

from partners.enums import PartnerType
from quotes.enums import Approval, Status
from quotes.models import QuoteLine, QuoteRevision, ResalePrice
from quotes.queries import pricing
from quotes.services import quotes
from tests import build
from tests.architecture.test_routes import BACKEND
from tests.quotes import build as quoting

SECRET = "4711.13"


@pytest.fixture(autouse=True)
def prefix_stays():
    before = get_script_prefix()
    yield
    set_script_prefix(before)


@pytest.fixture
def edge(vendor):
    quoting.terms()
    product = quoting.product("Edge 400", sku="HE-400")
    quoting.price_list({product: (100, {10: 90})})
    return product


@pytest.fixture
def seller(vendor):
    return build.seller()


@pytest.fixture
def draft(edge, seller):
    revision = quotes.start(currency="EUR", by=seller, at=timezone.now(), customer={"customer_name": "Nordhavn"})
    content = quotes.Content(lines=[quoting.line(edge, 2, resale=SECRET)])
    return quotes.save(revision, content, by=seller, at=timezone.now())


def browser(member):
    client = Client()
    client.force_login(member.user, backend=BACKEND)
    return client


def path(vendor, revision, part=""):
    return f"/{vendor.slug}/quotes/{revision.quote_id}/{part}"


def posted(revision, *rows, **facts):
    """What the page posts: the offer, and rows as dicts."""
    found = {
        "customer_name": "Nordhavn",
        "language": "en",
        "valid_until": revision.valid_until.isoformat(),
        "version": str(revision.version),
        "lines-TOTAL_FORMS": str(len(rows)),
        "lines-INITIAL_FORMS": "0",
        **facts,
    }
    for number, row in enumerate(rows):
        found |= {f"lines-{number}-{name}": str(value) for name, value in row.items()}
    return found


def row(product, quantity=1, **facts):
    return {"key": str(build.uuid7()), "product": str(product.pk), "quantity": quantity, **facts}


def test_totals_come_from_the_server_while_the_quote_is_typed_and_nothing_is_kept(vendor, draft, seller, edge):
    page = browser(seller).post(path(vendor, draft, "totals/"), posted(draft, row(edge, 12, special="5")))

    assert "€1,026.00" in page.content.decode()  # 12 at 90, less 5 %
    assert QuoteLine.objects.get().quantity == 2


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"quantity": 0}, "At least one."),
        ({"quantity": -3}, "At least one."),
        ({"quantity": 10**9}, "Ensure this value is less than or equal to 999999."),
        ({"quantity": "two"}, "Write a whole number."),
        ({"special": "120"}, "A percentage is between 0 and 100."),
        ({"special": "70"}, "Special discounts go up to 60%."),
        ({"special": "22"}, "Special discounts above 10% need a reason."),
        ({"product": "", "product_text": "Nonsense", "quantity": 1}, "No product is called that."),
        ({"resale": "-5"}, "The amount is zero or more."),
    ],
)
def test_what_is_wrong_with_a_line_is_said_in_the_line(vendor, draft, seller, edge, typed, said):
    page = browser(seller).post(path(vendor, draft, "totals/"), posted(draft, row(edge) | typed))

    errors = re.search(r'id="errors-0".*?</span>\s*</span>', page.content.decode(), re.DOTALL)
    assert said in errors.group()


@pytest.mark.parametrize(
    ("column", "said"), [("is_active", "Edge 400 is no longer sold."), ("is_available", "cannot be ordered now")]
)
def test_a_product_that_is_no_longer_sold_is_refused_in_its_line(vendor, draft, seller, edge, column, said):
    setattr(edge, column, False)
    edge.save()

    page = browser(seller).post(path(vendor, draft, "totals/"), posted(draft, row(edge)))

    assert said in page.content.decode()


def test_a_product_is_found_by_its_sku_without_scripts(vendor, draft, seller, edge):
    typed = {"key": str(build.uuid7()), "product": "", "product_text": "HE-400", "quantity": 3}

    browser(seller).post(path(vendor, draft, "form/"), posted(draft, typed, do="recalculate"))

    assert QuoteLine.objects.get().quantity == 3


def test_rows_are_added_moved_and_taken_away_by_the_server(vendor, draft, seller, edge):
    mesh = quoting.product("Mesh", family="mesh")
    client, rows = browser(seller), [row(edge), row(mesh)]

    added = client.post(path(vendor, draft, "rows/"), posted(draft, *rows, do="add")).content.decode()
    moved = client.post(path(vendor, draft, "rows/"), posted(draft, *rows, do="up-1")).content.decode()
    removed = client.post(path(vendor, draft, "rows/"), posted(draft, *rows, do="remove-0")).content.decode()

    assert added.count('class="quote-line"') == 3
    assert re.findall(r'name="lines-\d-product" value="(.*?)"', moved) == [str(mesh.pk), str(edge.pk)]
    assert re.findall(r'name="lines-\d-product" value="(.*?)"', removed) == [str(mesh.pk)]


def test_a_row_that_was_taken_away_is_put_back_where_it_was_as_it_was(vendor, draft, seller, edge):
    mesh = quoting.product("Mesh", family="mesh")
    client, rows = browser(seller), [row(edge, 7, product_text="Edge 400", special="8", resale=SECRET), row(mesh)]
    removed = client.post(path(vendor, draft, "rows/"), posted(draft, *rows, do="remove-0")).content.decode()
    carried = dict(re.findall(r'name="(removed-.*?)" value="(.*?)"', removed))

    back = client.post(path(vendor, draft, "rows/"), posted(draft, row(mesh), do="back-0") | carried).content.decode()

    assert "Put Edge 400 back" in removed
    assert re.findall(r'name="lines-\d-product" value="(.*?)"', back) == [str(edge.pk), str(mesh.pk)]
    assert f'value="{rows[0]["key"]}"' in back
    assert f'value="{SECRET}"' in back.replace(",", "")
    assert "removed-" not in back


def test_without_scripts_a_row_is_put_back_too_and_nothing_of_the_partners_own_price_is_kept(
    vendor, draft, seller, edge
):
    client = browser(seller)
    typed = row(edge, 7, product_text="Edge 400", resale=SECRET)
    gone = client.post(path(vendor, draft, "form/"), posted(draft, typed, do="remove-0"))
    draft.refresh_from_db()
    kept = {name: values[0] for name, values in draft.typed.items() if name.startswith("removed-")}
    client.post(path(vendor, draft, "form/"), posted(draft, do="back-0") | kept)

    assert gone.status_code == 302
    assert SECRET not in str(draft.typed)
    assert QuoteLine.objects.get().quantity == 7


def test_a_draft_is_kept_as_typed_but_for_the_partners_own_price(vendor, draft, seller, edge):
    answer = browser(seller).post(
        path(vendor, draft, "draft/"), posted(draft, row(edge, "many", resale=SECRET), row(edge, 4, resale=SECRET))
    )

    draft.refresh_from_db()
    assert answer.status_code == 200
    assert draft.typed["lines-0-quantity"] == ["many"]
    assert SECRET not in str(draft.typed)
    assert QuoteLine.objects.get().quantity == 4
    assert ResalePrice.objects.get().unit_amount == D(SECRET)


def test_an_old_page_is_told_and_nothing_is_overwritten(vendor, draft, seller, edge):
    old = posted(draft, row(edge, 9))
    quotes.save(draft, quotes.Content(), by=seller, at=draft.saved_at)

    answer = browser(seller).post(path(vendor, draft, "draft/"), old)

    assert answer.status_code == 409
    assert "Somebody saved this quote" in answer.content.decode()
    assert QuoteLine.objects.get().quantity == 2


def test_a_quote_within_the_ladder_is_finished_at_once(vendor, draft, seller, edge):
    answer = browser(seller).post(path(vendor, draft, "form/"), posted(draft, row(edge, 3, special="8"), do="send"))

    draft.refresh_from_db()
    assert answer.status_code == 302
    assert (draft.status, draft.approval) == (Status.APPROVED, Approval.NOT_REQUIRED)


def test_a_larger_discount_says_who_has_to_approve_it_and_asks_them(vendor, draft, seller, edge):
    rows = posted(draft, row(edge, 3, special="22", reason="Two rivals."), do="send")
    client = browser(seller)

    assert "Channel manager" in client.post(path(vendor, draft, "totals/"), rows).content.decode()
    client.post(path(vendor, draft, "form/"), rows)

    draft.refresh_from_db()
    assert (draft.status, draft.approval) == (Status.PENDING_APPROVAL, Approval.PENDING)
    assert draft.approval_steps.get().role == "channel_manager"


def test_a_draft_that_needs_an_approval_does_not_say_that_none_is_required(vendor, seller, edge):
    draft = quoting.drafted(quoting.line(edge, 1, 22, "Two rivals."), by=seller, at=timezone.now())

    page = browser(seller).get(path(vendor, draft)).content.decode()

    assert "To be asked for" in page
    assert "Not required" not in page


def test_a_quote_with_a_mistake_is_kept_and_not_sent(vendor, draft, seller, edge):
    answer = browser(seller).post(path(vendor, draft, "form/"), posted(draft, row(edge, special="30"), do="send"))

    draft.refresh_from_db()
    assert answer.status_code == 422
    assert "Some products need mending" in answer.content.decode()
    assert draft.status == Status.DRAFT


def test_a_draft_says_what_has_changed_since_and_takes_the_new_prices(vendor, draft, seller, edge):
    version = pricing.pinned(draft).version
    quoting.next_version(version, {edge: 120}, starts_on=quoting.TODAY)
    client = browser(seller)

    page = client.get(path(vendor, draft, "form/")).content.decode()
    assert "Edge 400 costs more now" in page
    client.post(path(vendor, draft, "prices/"))

    assert QuoteRevision.objects.get(pk=draft.pk).net_total == 240
    assert "costs more now" not in client.get(path(vendor, draft, "form/")).content.decode()


def test_why_a_price_is_what_it_is_is_explained_as_kept_and_as_typed(vendor, draft, seller, edge):
    line = pricing.lines_of(draft.pk)[0]
    client = browser(seller)

    kept = client.get(path(vendor, draft, f"lines/{line.pk}/")).content.decode()
    typed = row(edge, 12) | {"key": str(line.pk)}
    live = client.post(path(vendor, draft, f"lines/{line.pk}/"), posted(draft, typed)).content.decode()

    assert "List price" in kept
    assert "€200.00" in kept
    assert "from 10 units on" in live


def test_agents_quote_at_the_vendors_price(vendor, edge):
    agent = build.seller(of=build.partner(type=PartnerType.SALES_AGENT))
    revision = quotes.start(currency="EUR", by=agent, at=timezone.now(), customer={"customer_name": "Nordhavn"})
    revision = quotes.save(revision, quotes.Content(lines=[quoting.line(edge)]), by=agent, at=timezone.now())
    client = browser(agent)

    assert "Your price" not in client.get(path(vendor, revision, "form/")).content.decode()
    client.post(path(vendor, revision, "draft/"), posted(revision, row(edge, resale="200")))
    assert not ResalePrice.objects.exists()


@pytest.mark.parametrize("role", ["admin", "channel_manager", "finance", "executive"])
def test_the_vendor_sees_a_sent_quote_but_never_what_the_partner_asks(vendor, draft, seller, edge, role):
    quotes.send(draft, by=seller, at=timezone.now())
    line = pricing.lines_of(draft.pk)[0]
    client = browser(build.member(build.Role(role)))
    seen = [
        client.get(path(vendor, draft)),
        client.get(path(vendor, draft, f"lines/{line.pk}/")),
        client.get(f"/{vendor.slug}/quotes/?view=all"),
        client.get(f"/{vendor.slug}/quotes/export/?view=all"),
        client.get(f"/{vendor.slug}/search/?q=Nordhavn"),
        client.get(f"/{vendor.slug}/"),
    ]

    assert all(answer.status_code == 200 for answer in seen)
    text = " ".join(answer.content.decode() for answer in seen)
    assert "Nordhavn" in text
    assert "4711" not in text
    assert "4,711" not in text
    assert "4,711.13" in browser(seller).get(path(vendor, draft)).content.decode()


def test_a_distributor_above_sees_the_quote_without_the_partners_own_price(vendor, edge):
    top = build.partner(type="distributor")
    seller = build.seller(of=build.partner(distributor=top))
    revision = quotes.start(currency="EUR", by=seller, at=timezone.now(), customer={"customer_name": "Nordhavn"})
    content = quotes.Content(lines=[quoting.line(edge, 2, resale=SECRET)])
    revision = quotes.save(revision, content, by=seller, at=timezone.now())
    quotes.send(revision, by=seller, at=timezone.now())

    page = browser(build.member(build.Role.PARTNER_ADMIN, of=top)).get(path(vendor, revision)).content.decode()

    assert "Nordhavn" in page
    assert "4,711" not in page


def test_a_draft_that_was_not_sent_is_nobodys_but_the_firms(vendor, draft):
    client = browser(build.manager())

    assert client.get(path(vendor, draft)).status_code == 404
    assert draft.quote.number not in client.get(f"/{vendor.slug}/quotes/?view=all").content.decode()


def test_the_prices_of_a_list_for_others_are_found_nowhere(vendor, draft, seller, edge):
    quoting.price_list({edge: "77.77", quoting.product("Secret box"): 5}, name="Distributors", types=["distributor"])
    client = browser(seller)

    found = client.get(path(vendor, draft, "products/"), {"q": ""}).content.decode()
    page = client.get(path(vendor, draft, "form/")).content.decode()

    assert "Edge 400" in found
    assert "Secret box" not in found
    assert "77.77" not in page
    assert "Distributors" not in page


def test_german_readers_write_and_read_german_numbers(vendor, draft, seller, edge):
    seller.user.language = "de"
    seller.user.save()

    page = browser(seller).post(
        path(vendor, draft, "totals/"), posted(draft, row(edge, 12, special="7,5", resale="1.250,50"))
    )

    assert "999,00\xa0€" in page.content.decode()
