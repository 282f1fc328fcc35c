"""Comments on pages: written, mended, taken back, and shown as they were typed."""

import pytest

from prm.accounts.roles import Role
from prm.comments import services
from prm.comments.models import Comment
from tests import build
from tests.mdf import build as mdf
from tests.mdf import claim_build
from tests.partners import applicants

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
EVIL = "<script>alert(1)</script> & {{ 7|add:7 }} @Ida <b>Holm</b>"


@pytest.fixture
def manager(vendor):
    return build.member(Role.CHANNEL_MANAGER, name="Ida <b>Holm</b>")


@pytest.fixture
def deal(manager):
    return build.submitted(by=build.seller())


@pytest.fixture
def visit(vendor, client, manager):
    client.force_login(manager.user, backend=BACKEND)

    def open_page(path, posted=None, by=None):
        if by:
            client.force_login(by.user, backend=BACKEND)
        url = f"/{vendor.slug}/{path}"
        return client.get(url) if posted is None else client.post(url, posted)

    return open_page


def test_what_is_typed_is_shown_as_typed_and_runs_nothing(visit, deal):
    answer = visit(f"comments/of/deals.registration/{deal.pk}/", {"text": EVIL})
    assert answer.headers["Location"].endswith(f"/deals/{deal.pk}/#timeline")

    page = visit(f"deals/{deal.pk}/").content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; {{ 7|add:7 }}" in page


def test_a_text_that_is_too_long_comes_back_whole(visit, deal):
    answer = visit(f"comments/of/deals.registration/{deal.pk}/", {"text": "é" * 4001})

    assert answer.status_code == 422
    assert "é" * 4001 in answer.content.decode()
    assert not Comment.objects.exists()


def test_who_cannot_be_mentioned_is_said_and_nothing_is_lost(visit, deal):
    name = deal.owner.name
    answer = visit(f"comments/of/deals.registration/{deal.pk}/", {"text": f"@{name} no", "is_internal": "on"})

    assert answer.status_code == 409
    assert f"{name} would not see an internal note" in answer.content.decode()


def test_a_comment_is_changed_and_taken_back_by_who_wrote_it(visit, deal, manager):
    visit(f"comments/of/deals.registration/{deal.pk}/", {"text": "Helo"})
    comment = Comment.objects.get()

    assert "Helo" in visit(f"comments/{comment.pk}/change/").content.decode()
    visit(f"comments/{comment.pk}/change/", {"text": "Hello"})
    assert "Hello" in visit(f"deals/{deal.pk}/").content.decode()
    visit(f"comments/{comment.pk}/removal/", {})

    page = visit(f"deals/{deal.pk}/").content.decode()
    assert "Hello" not in page
    assert "Taken back" in page


def test_nobody_elses_comment_is_there_to_be_changed(visit, deal):
    comment = services.write(deal, "Mine", by=build.manager(), at=build.MONDAY)

    assert visit(f"comments/{comment.pk}/change/").status_code == 404
    assert visit(f"comments/{comment.pk}/removal/", {}).status_code == 404


def test_a_kind_of_record_that_nobody_declared_is_not_found(visit, deal):
    assert visit(f"comments/of/prm.membership/{deal.pk}/", {"text": "x"}).status_code == 404


def test_requests_and_claims_are_written_on_too(visit, manager):
    request = mdf.approved(mdf.allocation(5_000))
    claim = claim_build.submitted(request)

    for kind, pk, page in (("mdf.fundrequest", request.pk, "funds/requests"), ("mdf.claim", claim.pk, "claims")):
        assert visit(f"comments/of/{kind}/{pk}/", {"text": f"About {kind}"}).status_code == 302
        assert f"About {kind}" in visit(f"{page}/{pk}/").content.decode()


def test_beside_a_decision_people_write_inside_at_first_and_come_back_to_it(vendor, visit, deal):
    inbox = f"/{vendor.slug}/deals/to-decide/{deal.pk}/"
    form = visit(f"deals/to-decide/{deal.pk}/").context["writing"]
    assert form["form"].initial["is_internal"] is True
    assert form["back"].startswith(inbox)

    said = {"text": "Ask their CFO.", "is_internal": "on"}
    answer = visit(f"comments/of/deals.registration/{deal.pk}/", said | {"back": form["back"]})
    elsewhere = visit(f"comments/of/deals.registration/{deal.pk}/", said | {"back": "//evil.example/"})

    assert answer.headers["Location"] == form["back"]
    assert elsewhere.headers["Location"].endswith(f"/deals/{deal.pk}/#timeline")
    assert "Ask their CFO." in visit(f"deals/to-decide/{deal.pk}/").content.decode()


def test_what_is_written_on_an_application_stays_inside(visit, manager):
    application = applicants.applied()

    visit(f"comments/of/partners.application/{application.pk}/", {"text": "We know them."})

    assert Comment.objects.get().is_internal
    assert "We know them." in visit(f"applications/to-decide/{application.pk}/").content.decode()
