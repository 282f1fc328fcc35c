"""Facts change after a registration was sent: at once, or once the vendor agrees."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from deals.enums import ActivityKind, AmendmentStatus, Deemed, Ground, Review
from deals.models import Amendment, Protection, Ruling
from deals.queries import amendments as queries
from deals.queries import cases as case_queries
from deals.rules.terms import Terms
from deals.services import amendments, cases, decisions, outcomes, protection, registrations
from deals.services.amendments import AmendmentOver, AmendmentWaits, FixedInCase, NothingAmended
from deals.services.decisions import Changed, Contested, InCase
from deals.services.drafts import Activity, Content, Line, Stale
from deals.services.moves import NotPossible
from prm.approvals import queries as approvals
from prm.events.models import Event
from prm.files.models import File
from prm.files.services import FileUnfit
from prm.tenancy.context import acting_as
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import eur, publish, rule, ruling, when

pytestmark = pytest.mark.usefixtures("vendor")
LATER = MONDAY + timedelta(days=3)
SALES = {"key": "sales", "name": "Sales", "asked": [{"role": "channel_manager"}], "looks_at": ["value"]}


@pytest.fixture
def seller():
    return build.seller()


@pytest.fixture
def manager():
    return build.manager()


def amend(registration, by, *families, at=LATER, **fields):
    lines = [Line(build.family(code)) for code in families] or None
    facts = {name: fields.pop(name) for name in ("note", "version", "uploads") if name in fields}
    with acting_as(by.actor):
        return amendments.propose(registration, Content(fields, lines), **facts, by=by, at=at)


def worth(amount, currency="EUR"):
    return {"value_amount": Decimal(amount), "value_currency": currency}


def held(registration):
    rows = Protection.objects.filter(registration=registration, is_in_force=True)
    return {(row.family.code, row.ends_on) for row in rows.select_related("family")}


def names_of(registration):
    return [
        event.name.removeprefix("deals.")
        for event in Event.objects.filter(subject_id=registration.pk).order_by("at", "id")
    ]


# -- while nobody has decided ----------------------------------------------------------------------------
def test_what_waits_is_changed_at_once_and_what_was_before_is_kept(seller):
    registration = build.submitted(by=seller)

    made = amend(registration, seller, "edge", "mesh", contact_name="Jan Holm", note="A new contact.")

    registration.refresh_from_db()
    assert (registration.contact_name, registration.review) == ("Jan Holm", Review.SUBMITTED)
    assert (made.status, made.before["contact_name"]) == (AmendmentStatus.APPLIED, "Ida Holm")
    said = Event.objects.get(name="deals.registration.amended").payload
    assert ["contact_name", "Ida Holm", "Jan Holm"] in said["changes"]
    assert said["note"] == "A new contact."


def test_the_rules_are_followed_again_and_steps_that_look_at_it_ask_anew(seller, manager):
    publish(rule("Large", when("value", "at_least", eur(90000)), decision="approve", steps=["sales"]), steps=[SALES])
    registration = build.submitted(by=seller)
    assert ruling(registration).effects.get("steps") is None

    amend(registration, seller, **worth(100000))

    assert Ruling.objects.filter(registration=registration).count() == 2
    assert approvals.current_of(registration) is not None
    decisions.approve(registration, by=manager, at=LATER)
    registration.refresh_from_db()
    assert registration.review == Review.APPROVED


def test_no_change_of_the_last_minute_lets_silence_approve_what_nobody_has_read(seller):
    publish(rule("Small", when("value", "at_most", eur(5000)), deemed="approved"))
    registration = build.submitted(by=seller, **worth(90000))
    promised = registration.decide_by

    amend(registration, seller, at=promised - timedelta(seconds=30), **worth(1000))

    registration.refresh_from_db()
    assert registration.deemed == Deemed.APPROVED
    assert registration.decide_by >= promised + timedelta(days=1)
    assert not decisions.deem(registration, at=promised + timedelta(seconds=1))


def test_an_answer_of_the_last_minute_lets_silence_approve_nothing_either(seller, manager):
    publish(rule("Small", when("value", "at_most", eur(5000)), deemed="approved"))
    registration = build.submitted(by=seller, **worth(90000))
    asked_at = registration.decide_by - timedelta(seconds=30)
    decisions.ask(registration, question="How much?", fields=("value",), by=manager, at=asked_at)

    with acting_as(seller.actor):
        answered_at = asked_at + timedelta(minutes=5)
        registrations.answer(registration, Content(worth(1000)), text="Less.", by=seller, at=answered_at)

    registration.refresh_from_db()
    assert registration.deemed == Deemed.APPROVED
    assert registration.decide_by >= answered_at + timedelta(days=1)


def test_an_agreement_to_another_value_is_void(seller, manager):
    publish(rule("All", decision="approve", steps=["sales"]), steps=[{**SALES, "need": 2}])
    registration = build.submitted(by=seller)
    decisions.approve(registration, by=manager, at=MONDAY)

    amend(registration, seller, **worth(100000))

    decisions.approve(registration, by=build.manager(), at=LATER)
    registration.refresh_from_db()
    assert registration.is_waiting


def test_whoever_decides_about_an_older_page_learns_that_it_changed(seller, manager):
    registration = build.submitted(by=seller)
    seen = registration.version
    amend(registration, seller, contact_name="Jan Holm")

    with pytest.raises(Changed):
        decisions.approve(registration, by=manager, at=LATER, version=seen)


def test_a_product_that_somebody_else_wants_opens_a_case_where_the_terms_do(seller):
    publish(terms=replace(Terms(), opens_cases=True))
    build.submitted("mesh", customer_website="globex.example")
    registration = build.submitted("edge", by=seller, customer_website="globex.example")

    amend(registration, seller, "edge", "mesh")

    assert case_queries.open_parties().filter(registration=registration).exists()


def test_products_stay_while_a_case_decides_who_gets_them(seller, manager):
    rival = build.submitted(customer_website="globex.example")
    registration = build.submitted(by=seller, customer_website="globex.example")
    cases.open_case(registration, [rival], by=manager, at=MONDAY)

    with pytest.raises(InCase):
        amend(registration, seller, "mesh")
    amend(registration, seller, contact_name="Jan Holm")
    registration.refresh_from_db()
    assert registration.contact_name == "Jan Holm"


@pytest.mark.parametrize(
    "raised",
    [
        {"value_amount": Decimal(9000000), "value_currency": "EUR"},
        {"type": "referral"},
        {"letter_on": MONDAY.date()},
        {"tender_published_on": MONDAY.date()},
        {"source": "vendor"},
    ],
)
def test_nobody_raises_its_own_rank_while_a_case_is_decided(seller, manager, raised):
    publish(rule("Brought up", when("source", "is", "vendor"), decision="person"))
    rival = build.submitted(customer_website="globex.example")
    registration = build.submitted(by=seller, customer_website="globex.example")
    cases.open_case(registration, [rival], by=manager, at=MONDAY)

    with pytest.raises(FixedInCase):
        amend(registration, seller, **raised)
    amend(registration, seller, reason_to_buy="Their rack is old.")


def test_what_was_done_with_the_customer_stays_while_a_case_is_decided(seller, manager):
    rival = build.submitted(customer_website="globex.example")
    registration = build.submitted(by=seller, customer_website="globex.example")
    cases.open_case(registration, [rival], by=manager, at=MONDAY)
    content = Content({}, None, [Activity(ActivityKind.MEETING, MONDAY.date())])

    with acting_as(seller.actor), pytest.raises(FixedInCase):
        amendments.propose(registration, content, by=seller, at=LATER)


@pytest.mark.parametrize("end", ["rejected", "withdrawn", "asked", "won"])
def test_nothing_is_changed_where_nobody_decides_any_more_or_the_answer_is_the_way(seller, manager, end):
    registration = build.submitted(by=seller)
    if end == "rejected":
        decisions.reject(registration, reason_code="other", note="No", by=manager, at=MONDAY)
    elif end == "withdrawn":
        registrations.withdraw(registration, by=seller, at=MONDAY)
    elif end == "asked":
        decisions.ask(registration, question="Who?", by=manager, at=MONDAY)
    elif end == "won":
        decisions.approve(registration, by=manager, at=MONDAY)
        outcomes.win(registration, registration.value, by=seller, at=MONDAY)

    with pytest.raises(NotPossible) if end != "draft" else pytest.raises(Exception):
        amend(registration, seller, contact_name="Jan Holm")
    assert not Amendment.objects.exists()


def test_what_changes_nothing_is_refused_and_what_was_typed_on_an_old_page_too(seller):
    registration = build.submitted(by=seller)

    with pytest.raises(NothingAmended):
        amend(registration, seller, "edge", contact_name="Ida Holm", **worth("46200.00"))
    with pytest.raises(Stale):
        amend(registration, seller, contact_name="Jan", version=registration.version - 1)


# -- after the approval --------------------------------------------------------------------------------
def test_a_contact_or_a_little_more_is_changed_at_once(seller):
    deal = build.approved(by=seller)

    amend(deal, seller, contact_name="Jan Holm", close_on=date(2027, 2, 20), **worth(50000))

    deal.refresh_from_db()
    assert (deal.contact_name, deal.value.amount, deal.close_on) == ("Jan Holm", 50000, date(2027, 2, 20))
    assert deal.amend_by is None


def test_a_larger_deal_waits_for_the_vendor_and_goes_on_as_it_is(seller, manager):
    deal = build.approved(by=seller)

    made = amend(deal, seller, "edge", "mesh", contact_name="Jan Holm", **worth(90000))

    deal.refresh_from_db()
    assert (made.status, made.grounds) == (AmendmentStatus.PENDING, [Ground.VALUE, Ground.PRODUCTS])
    assert (deal.contact_name, deal.value.amount) == ("Ida Holm", 46200)
    assert deal.amend_by == made.decide_by
    assert held(deal) == {("edge", deal.protected_until)}

    amendments.approve(made, version=deal.version, by=manager, at=LATER, note="Fine.")

    deal.refresh_from_db()
    assert (deal.contact_name, deal.value.amount, deal.amend_by) == ("Jan Holm", 90000, None)
    assert held(deal) == {("edge", deal.protected_until), ("mesh", deal.protected_until)}
    assert names_of(deal)[-2:] == ["amendment.proposed", "amendment.approved"]


def test_many_small_steps_do_not_add_up_to_a_large_one(seller, manager):
    deal = build.approved(by=seller)

    amend(deal, seller, **worth(57000))
    waiting = amend(deal, seller, **worth(60000))
    assert waiting.is_pending

    amendments.approve(waiting, by=manager, at=LATER)
    assert not amend(deal, seller, at=LATER + timedelta(hours=1), **worth(75000)).is_pending


def test_an_agreement_to_something_else_is_none_to_the_value_of_that_day(seller, manager):
    deal = build.approved(by=seller)
    amend(deal, seller, **worth(57000))
    amendments.approve(amend(deal, seller, type="referral"), by=manager, at=LATER + timedelta(hours=1))

    assert amend(deal, seller, at=LATER + timedelta(hours=2), **worth(70000)).is_pending


def test_what_the_rules_looked_at_is_changed_with_the_vendor_only(seller, manager):
    publish(rule("Theirs", when("source", "is", "partner"), decision="approve"))
    deal = build.submitted(by=seller, source="partner")

    made = amend(deal, seller, source="vendor")

    assert (made.status, made.grounds) == (AmendmentStatus.PENDING, [Ground.RULES])
    amendments.recall(made, by=seller, at=LATER)
    assert not amend(deal, seller, letter_on=MONDAY.date()).is_pending


def test_one_amendment_waits_at_a_time_and_the_database_knows_it(seller):
    deal = build.approved(by=seller)
    made = amend(deal, seller, **worth(90000))

    with pytest.raises(AmendmentWaits):
        amend(deal, seller, contact_name="Jan Holm")
    twin = Amendment.objects.get(pk=made.pk)
    twin.pk = build.uuid7()
    with pytest.raises(IntegrityError, match="one_amendment_waits_at_a_time"), transaction.atomic():
        twin.save(force_insert=True)


def test_a_refused_one_says_why_and_changes_nothing(seller, manager):
    deal = build.approved(by=seller)
    made = amend(deal, seller, **worth(90000))

    amendments.refuse(made, reason_code="no_evidence", note="Show the order.", by=manager, at=LATER)

    deal.refresh_from_db()
    made.refresh_from_db()
    assert (deal.value.amount, deal.amend_by) == (46200, None)
    assert (made.status, made.reason_code, made.decided_by_id) == (
        AmendmentStatus.REFUSED,
        "no_evidence",
        manager.user_id,
    )
    with pytest.raises(AmendmentOver):
        amendments.approve(made, by=manager, at=LATER)


def test_what_was_taken_back_cannot_be_decided(seller, manager):
    deal = build.approved(by=seller)
    made = amend(deal, seller, **worth(90000))

    with acting_as(seller.actor):
        amendments.recall(made, by=seller, at=LATER)

    for decide in (amendments.approve, lambda *a, **f: amendments.refuse(*a, reason_code="other", note="x", **f)):
        with pytest.raises(AmendmentOver):
            decide(made, by=manager, at=LATER)
    assert names_of(deal)[-1] == "amendment.recalled"


def test_a_family_that_somebody_else_holds_is_refused_and_nothing_half_applied(seller, manager):
    deal = build.approved("edge", by=seller, customer_website="globex.example")
    build.approved("mesh", customer_website="globex.example")
    made = amend(deal, seller, "edge", "mesh", contact_name="Jan Holm")

    with pytest.raises(Contested):
        amendments.approve(made, by=manager, at=LATER)

    deal.refresh_from_db()
    made.refresh_from_db()
    assert (deal.contact_name, made.status) == ("Ida Holm", AmendmentStatus.PENDING)
    assert {line.family.code for line in deal.lines.all()} == {"edge"}


def test_a_family_that_is_left_out_is_free_at_once_and_protected_again_by_the_same_row(seller, manager):
    deal = build.approved("edge", "mesh", by=seller)
    amend(deal, seller, "edge")
    assert {code for code, _day in held(deal)} == {"edge"}

    amendments.approve(amend(deal, seller, "edge", "mesh"), by=manager, at=LATER)

    assert {code for code, _day in held(deal)} == {"edge", "mesh"}
    assert Protection.objects.filter(registration=deal).count() == 2


def test_whoever_decides_sees_what_else_changed_since(seller, manager):
    deal = build.approved(by=seller)
    made = amend(deal, seller, **worth(90000))
    assert queries.changed_since(made, deal) == ()
    seen = deal.version

    with acting_as(seller.actor):
        deal = type(deal).objects.get(pk=deal.pk)
        deal.close_on = date(2027, 2, 1)
        deal.version += 1
        deal.save()

    assert [change.field for change in queries.changed_since(made, deal)] == ["close_on"]
    with pytest.raises(Changed):
        amendments.approve(made, version=seen, by=manager, at=LATER)


@pytest.mark.parametrize("end", ["release", "revoke", "expire", "win", "lose"])
def test_what_waits_lapses_with_the_protection_and_the_deal(seller, manager, end):
    deal = build.approved(by=seller)
    made = amend(deal, seller, **worth(90000))
    deal.refresh_from_db()

    {
        "release": lambda: protection.release(deal, by=seller, at=LATER),
        "revoke": lambda: protection.revoke(deal, reason_code="untrue", note="", by=manager, at=LATER),
        "expire": lambda: protection.expire(deal, today=date(2028, 1, 1), at=LATER),
        "win": lambda: outcomes.win(deal, deal.value, by=seller, at=LATER),
        "lose": lambda: outcomes.lose(deal, reason_code="price", note="", by=seller, at=LATER),
    }[end]()

    made.refresh_from_db()
    deal.refresh_from_db()
    assert (made.status, deal.amend_by) == (AmendmentStatus.LAPSED, None)
    assert "amendment.lapsed" in names_of(deal)
    with pytest.raises(AmendmentOver):
        amendments.approve(made, by=manager, at=LATER)


def test_the_terms_are_those_that_the_registration_pins(seller):
    deal = build.approved(by=seller)
    publish(terms=replace(Terms(), amendment_value_percent=1000), on=MONDAY.date())

    assert amend(deal, seller, **worth(90000)).is_pending


def test_another_firm_sees_nothing_of_it(seller):
    amend(build.approved(by=seller), seller, **worth(90000))

    with acting_as(build.seller().actor):
        assert not Amendment.objects.exists()
    with acting_as(seller.actor):
        assert Amendment.objects.exists()


def test_what_ended_undecided_after_its_promise_counts_as_late(seller):
    deal = build.approved(by=seller)
    soon = amend(deal, seller, **worth(90000))
    amendments.recall(soon, by=seller, at=LATER)
    late = amend(deal, seller, at=LATER + timedelta(hours=1), **worth(90000))
    amendments.recall(late, by=seller, at=late.decide_by + timedelta(days=1))

    found = list(queries.promised(MONDAY, MONDAY + timedelta(days=60)))

    assert len(found) == 1


# -- files ---------------------------------------------------------------------------------------------
@pytest.fixture
def storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def letter():
    return SimpleUploadedFile("letter.csv", b"we,choose\nNorthlight,1\n")


def names_on(record):
    return [file.name for file in File.objects.filter(subject_id=record.pk)]


def test_files_belong_to_what_nobody_has_decided_at_once(storage, seller):
    registration = build.submitted(by=seller)

    amendment = amend(registration, seller, uploads=[letter()], letter_on=MONDAY.date())

    assert (amendment.status, amendment.after["files"]) == (AmendmentStatus.APPLIED, ["letter.csv"])
    assert (names_on(registration), names_on(amendment)) == (["letter.csv"], [])


def test_files_belong_to_an_approved_deal_once_the_vendor_agrees(storage, seller, manager):
    registration = build.approved(by=seller)
    amendment = amend(registration, seller, uploads=[letter()], **worth(900000))

    assert (names_on(registration), names_on(amendment)) == ([], ["letter.csv"])
    amendments.approve(amendment, by=manager, at=LATER)
    assert (names_on(registration), names_on(amendment)) == (["letter.csv"], [])


@pytest.mark.parametrize("ending", ["refuse", "recall"])
def test_files_of_what_does_not_count_never_belong_to_the_deal(storage, seller, manager, ending):
    registration = build.approved(by=seller)
    amendment = amend(registration, seller, uploads=[letter()], **worth(900000))

    if ending == "refuse":
        amendments.refuse(amendment, reason_code="other", by=manager, at=LATER)
    else:
        amendments.recall(amendment, by=seller, at=LATER)

    assert (names_on(registration), names_on(amendment)) == ([], ["letter.csv"])


def test_a_file_alone_is_a_change_and_waits_where_the_rules_look_at_letters(storage, seller):
    publish(rule("Letters", when("customer_letter", "is", True)))
    registration = build.approved(by=seller, letter_on=MONDAY.date())

    amendment = amend(registration, seller, uploads=[letter()])

    assert (amendment.status, amendment.grounds) == (AmendmentStatus.PENDING, [Ground.RULES])


def test_no_file_comes_to_a_deal_while_a_case_is_open(storage, seller, manager):
    registration, rival = build.submitted(by=seller), build.submitted()
    cases.open_case(registration, [rival], by=manager, at=LATER)

    with pytest.raises(FixedInCase):
        amend(registration, seller, uploads=[letter()])


def test_an_unfit_file_changes_nothing(storage, seller):
    registration = build.submitted(by=seller)

    with pytest.raises(FileUnfit):
        amend(registration, seller, uploads=[SimpleUploadedFile("run.exe", b"MZ")], letter_on=MONDAY.date())

    registration.refresh_from_db()
    assert (registration.letter_on, Amendment.objects.count(), File.objects.count()) == (None, 0, 0)
