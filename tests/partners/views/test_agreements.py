import pytest

from partners.enums import AgreementStatus
from partners.models import Agreement, AgreementText, AgreementVersion
from partners.services import agreements
from prm.accounts.roles import Role
from prm.tenancy.context import as_system
from tests import build
from tests.build import MONDAY
from tests.partners import build as made
from tests.prm.ui.test_shell import sign_in


@pytest.fixture
def portal(vendor):
    return f"/{vendor.slug}/"


@pytest.fixture
def agreement(vendor):
    return made.offered()


@pytest.fixture
def partner_admin(agreement):
    return sign_in(made.administrator(agreement.partner))


def url_of(portal, agreement, action=""):
    return f"{portal}agreements/{agreement.pk}/{action}"


def typed(agreement, **facts):
    return {
        "sha256": agreement.sha256,
        "language": "en",
        "name": "Maja Lindqvist",
        "title": "Director",
        "is_accepted": "on",
        **facts,
    }


def test_an_administrator_reads_the_whole_text_and_accepts_it(portal, agreement, partner_admin):
    page = partner_admin.get(url_of(portal, agreement)).content.decode()
    assert "<h3>Scope</h3>" in page
    assert "<li>We deliver.</li>" in page

    answer = partner_admin.post(
        url_of(portal, agreement, "acceptance/"),
        typed(agreement),
        HTTP_USER_AGENT="Firefox",
        REMOTE_ADDR="198.51.100.9",
    )

    assert answer.status_code == 302
    agreement.refresh_from_db()
    assert agreement.status == AgreementStatus.ACCEPTED
    assert (agreement.ip_address, agreement.user_agent) == ("198.51.100.9", "Firefox")
    assert "Maja Lindqvist, Director, accepted this agreement" in partner_admin.get(answer.url).content.decode()


def test_a_text_is_read_in_each_of_its_languages(portal, agreement, partner_admin):
    page = partner_admin.get(url_of(portal, agreement), {"language": "de"}).content.decode()

    assert "Händlervertrag" in page
    assert '<div class="prose" lang="de">' in page


def test_without_the_tick_nothing_is_accepted_and_what_was_typed_stays(portal, agreement, partner_admin):
    answer = partner_admin.post(url_of(portal, agreement, "acceptance/"), typed(agreement, is_accepted=""))

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Tick that you accept the agreement." in page
    assert 'value="Director"' in page
    agreement.refresh_from_db()
    assert agreement.is_open


def test_accepting_an_outdated_page_shows_the_new_version_to_be_read_again(portal, agreement, partner_admin):
    new = made.offered(agreement.partner, made.published(agreement.text, words="You sell more."))

    answer = partner_admin.post(url_of(portal, agreement, "acceptance/"), typed(agreement))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The text changed after this page was opened" in page
    assert "You sell more." in page
    assert f'value="{new.sha256}"' in page
    assert "checked" not in page
    assert not Agreement.objects.filter(status=AgreementStatus.ACCEPTED).exists()


def test_only_administrators_of_the_partner_sign(portal, agreement):
    for role in (Role.PARTNER_SALES, Role.PARTNER_MARKETING):
        client = sign_in(build.member(role, of=agreement.partner))
        assert "only administrators sign" in client.get(url_of(portal, agreement)).content.decode()
        assert client.post(url_of(portal, agreement, "acceptance/"), typed(agreement)).status_code == 403
    assert sign_in(build.manager()).post(url_of(portal, agreement, "acceptance/"), typed(agreement)).status_code == 403


def test_declining_asks_for_the_reason_which_the_vendor_reads(portal, agreement, partner_admin):
    assert partner_admin.post(url_of(portal, agreement, "decline/"), {"note": ""}).status_code == 422

    partner_admin.post(url_of(portal, agreement, "decline/"), {"note": "Clause 7 is too short."})

    page = sign_in(build.manager()).get(url_of(portal, agreement)).content.decode()
    assert "Clause 7 is too short." in page


def test_a_firm_sees_its_own_agreements_and_a_distributor_not_those_below_it(portal, vendor):
    distributor = build.partner("Nordic Distribution", type="distributor")
    below = made.offered(build.partner("Below Ltd", distributor=distributor))
    client = sign_in(made.administrator(distributor))

    assert client.get(url_of(portal, below)).status_code == 404
    assert below.number not in client.get(f"{portal}agreements/").content.decode()


def test_the_vendor_sees_who_has_not_answered(portal, agreement):
    made.signed(version=agreement.version)
    client = sign_in(build.manager())

    listing = client.get(f"{portal}agreements/", {"status": "offered"}).context["listing"]
    assert [row.partner for row in listing.rows] == [agreement.partner]
    listing = client.get(f"{portal}agreements/", {"q": agreement.partner.name[:9]}).context["listing"]
    assert agreement in listing.rows


def test_an_offer_is_withdrawn_and_made_again(portal, agreement):
    client = sign_in(build.manager())

    client.post(url_of(portal, agreement, "withdrawal/"))
    agreement.refresh_from_db()
    assert agreement.status == AgreementStatus.WITHDRAWN

    client.post(f"{portal}partners/{agreement.partner_id}/agreements/")
    assert Agreement.objects.open().filter(partner=agreement.partner, version=agreement.version).exists()


def test_an_answered_agreement_is_not_withdrawn(portal, vendor):
    signed = made.signed()
    client = sign_in(build.manager())

    page = client.post(url_of(portal, signed, "withdrawal/"), follow=True).content.decode()

    assert "is no longer open" in page
    signed.refresh_from_db()
    assert signed.status == AgreementStatus.ACCEPTED


@pytest.fixture
def admin(vendor):
    return sign_in(build.member(Role.ADMIN))


WRITTEN = {
    "name": "Reseller terms",
    "partner_types": ["reseller"],
    "is_active": "on",
    "title_en": "Terms",
    "text_en": "# Scope\r\nYou sell.",
    "title_de": "",
    "text_de": "",
}


def test_an_administrator_writes_publishes_and_sends_an_agreement(portal, admin):
    assert admin.post(f"{portal}agreement-texts/new/", WRITTEN).status_code == 302
    text = AgreementText.objects.get(name="Reseller terms")
    assert text.wordings == {"en": {"title": "Terms", "text": "# Scope\nYou sell."}}
    preview = admin.get(f"{portal}agreement-texts/{text.pk}/publication/").content.decode()
    assert "<h3>Scope</h3>" in preview

    answer = admin.post(
        f"{portal}agreement-texts/{text.pk}/publication/",
        {"seen": "1", "effective_on": "2030-01-01", "is_sent": "", "accept_by": ""},
    )

    assert answer.status_code == 302
    version = AgreementVersion.objects.get(text=text)
    assert version.sha256 == text.digest
    assert version.sha256 in admin.get(f"{portal}agreement-texts/{text.pk}/versions/1/").content.decode()


def test_mistakes_in_an_agreement_are_answered_where_they_belong(portal, admin):
    kept = made.text(name="Taken")

    half = admin.post(f"{portal}agreement-texts/new/", WRITTEN | {"title_de": "Titel"})
    taken = admin.post(f"{portal}agreement-texts/new/", WRITTEN | {"name": "Taken"})
    past = admin.post(
        f"{portal}agreement-texts/{kept.pk}/publication/", {"seen": "1", "effective_on": "2020-01-02", "accept_by": ""}
    )
    stale = admin.post(f"{portal}agreement-texts/{kept.pk}/", WRITTEN | {"name": "Taken", "seen": "0"})

    assert [answer.status_code for answer in (half, taken, past, stale)] == [422] * 4
    assert "A language with only one of them" in half.content.decode()
    assert taken.context["form"].errors.keys() == {"name"}
    assert past.context["form"].errors.keys() == {"effective_on"}
    assert "Somebody saved this agreement after you opened it" in stale.content.decode()
    assert "You sell." in stale.content.decode()


def test_markup_of_a_text_never_becomes_markup_of_the_page(portal, vendor):
    version = made.published(words="<img src=x onerror=alert(1)> & more")
    agreement = made.offered(version=version)

    page = sign_in(made.administrator(agreement.partner)).get(url_of(portal, agreement)).content.decode()

    assert "&lt;img src=x" in page
    assert "<img src=x" not in page


def test_another_vendors_agreement_does_not_exist(portal, admin):
    other = build.vendor()
    with as_system(other.pk):
        theirs = made.offered()

    assert admin.get(url_of(portal, theirs)).status_code == 404
    assert admin.post(url_of(portal, theirs, "withdrawal/")).status_code == 404
    assert admin.get(f"{portal}agreement-texts/{theirs.text_id}/").status_code == 404


def test_a_second_acceptance_of_an_open_page_changes_nothing(portal, agreement, partner_admin):
    agreements.accept(agreement, made.signature(agreement), by=made.administrator(agreement.partner), at=MONDAY)

    answer = partner_admin.post(url_of(portal, agreement, "acceptance/"), typed(agreement, name="Somebody else"))

    assert answer.status_code == 302
    agreement.refresh_from_db()
    assert agreement.signer_name == "Maja Lindqvist"
