"""What only real, concurrent transactions can show."""

from collections import Counter
from datetime import date
from decimal import Decimal

from deals.enums import AmendmentStatus, CaseDecision, ProtectionState, Review
from deals.models import Amendment, ConflictCase, EndCustomer, Protection, Registration, Transfer
from deals.rules.cases import Verdict
from deals.rules.terms import Terms
from deals.services import (
    amendments,
    case_decisions,
    cases,
    decisions,
    drafts,
    outcomes,
    protection,
    registrations,
    transfers,
)
from deals.services.amendments import AmendmentOver, AmendmentWaits
from deals.services.cases import CaseChanged, InAnotherCase
from deals.services.decisions import Changed, Contested, InCase
from deals.services.moves import NotPossible
from partners.models import Partner
from prm.tenancy.context import acting_as, as_system
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import publish, rule
from tests.races import at_once

RIVALS = 50


def test_fifty_managers_approving_fifty_rivals_make_one_protection(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        rivals = [build.submitted(customer_website="globex.example") for _ in range(RIVALS)]
        manager = build.manager()

    def approve(registration):
        with acting_as(manager.actor):
            return decisions.approve(registration, by=manager, at=MONDAY)

    answers = at_once([lambda r=r: approve(r) for r in rivals])

    assert Counter(type(answer) for answer in answers) == {Registration: 1, Contested: RIVALS - 1}
    with as_system(vendor.pk):
        assert Protection.objects.count() == 1
        assert Registration.objects.filter(review=Review.APPROVED).count() == 1


def test_partners_submitting_one_new_customer_at_once_meet_at_one_customer(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        forms = [build.content(customer_tax_id="DE129273398", customer_website="globex.example") for _ in range(8)]
        sellers = [build.seller() for _ in forms]
        drafts = [build.drafts.save(build.uuid7(), f, by=s, at=MONDAY) for f, s in zip(forms, sellers, strict=True)]

    def submit(draft, form, seller):
        with acting_as(seller.actor):
            return registrations.submit(draft, form, by=seller, at=MONDAY)

    calls = [lambda a=a: submit(*a) for a in zip(drafts, forms, sellers, strict=True)]
    answers = at_once(calls)

    assert {type(answer) for answer in answers} == {Registration}
    with as_system(vendor.pk):
        assert EndCustomer.objects.count() == 1
        assert len({answer.number for answer in answers}) == 8


def test_many_who_agree_and_refuse_at_once_come_to_one_decision(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        step = {"key": "sales", "name": "Sales", "asked": [{"role": "channel_manager"}], "need": 3}
        publish(rule("All", decision="approve", steps=["sales"]), steps=[step])
        registration, managers = build.submitted(), [build.manager() for _ in range(16)]

    def approve(manager):
        with acting_as(manager.actor):
            return decisions.approve(registration, by=manager, at=MONDAY)

    def reject(manager):
        with acting_as(manager.actor):
            return decisions.reject(registration, reason_code="other", note="No", by=manager, at=MONDAY)

    deciding = [approve, approve, approve, reject] * 4
    answers = at_once([lambda m=m, f=f: f(m) for m, f in zip(managers, deciding, strict=True)])

    reviews = {answer.review for answer in answers if isinstance(answer, Registration)} - {Review.SUBMITTED}
    assert len(reviews) == 1
    with as_system(vendor.pk):
        registration.refresh_from_db()
        assert {registration.review} == reviews
        assert Protection.objects.count() == (1 if registration.review == Review.APPROVED else 0)


def test_fifty_partners_registering_one_customer_at_once_end_with_one_protection_and_one_case(committed):
    vendor = build.vendor()
    spellings = ("Globex GmbH", "GLOBEX", "Globex Deutschland", "globex gmbh & co. kg", "The Globex Corporation")
    with as_system(vendor.pk):
        publish(rule("All", decision="approve"), terms=Terms(opens_cases=True))
        names = [spellings[number % len(spellings)] for number in range(RIVALS)]
        forms = [build.content(customer_name=name, customer_website="globex.example") for name in names]
        sellers = [build.seller() for _ in forms]
        drafts = [build.drafts.save(build.uuid7(), f, by=s, at=MONDAY) for f, s in zip(forms, sellers, strict=True)]

    def submit(draft, form, seller):
        with acting_as(seller.actor):
            return registrations.submit(draft, form, by=seller, at=MONDAY)

    answers = at_once([lambda a=a: submit(*a) for a in zip(drafts, forms, sellers, strict=True)])

    assert {type(answer) for answer in answers} == {Registration}
    with as_system(vendor.pk):
        assert Counter(row.review for row in Registration.objects.all()) == {
            Review.APPROVED: 1,
            Review.SUBMITTED: RIVALS - 1,
        }
        assert Protection.objects.count() == 1
        assert ConflictCase.objects.get().parties.filter(is_open=True).count() == RIVALS


def test_two_who_decide_a_case_at_once_come_to_one_decision(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        rivals = [build.submitted(customer_website="globex.example") for _ in range(2)]
        managers = [build.manager() for _ in range(8)]
        case = cases.open_case(rivals[0], rivals[1:], by=managers[0], at=MONDAY)
        parties = list(case.parties.values_list("pk", flat=True))

    def decide(manager, winner):
        verdict = Verdict(CaseDecision.AWARD, winner=winner)
        said = {"reason_code": "duplicate", "version": case.version, "by": manager, "at": MONDAY}
        with acting_as(manager.actor):
            return case_decisions.decide(case, verdict, **said)

    calls = [lambda m=m, w=parties[n % 2]: decide(m, w) for n, m in enumerate(managers)]
    answers = at_once(calls)

    assert Counter(type(answer) for answer in answers) == {ConflictCase: 1, CaseChanged: 7}
    with as_system(vendor.pk):
        assert Protection.objects.count() == 1


def test_a_registration_is_not_approved_alone_while_a_case_about_it_opens(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        rivals = [build.submitted(customer_website="globex.example") for _ in range(2)]
        manager = build.manager()

    def approve():
        with acting_as(manager.actor):
            return decisions.approve(rivals[0], by=manager, at=MONDAY)

    def open_case():
        with acting_as(manager.actor):
            return cases.open_case(rivals[1], rivals[:1], by=manager, at=MONDAY)

    answers = at_once([approve, open_case] * 4)

    assert {type(answer) for answer in answers} <= {Registration, ConflictCase, InCase, InAnotherCase, NotPossible}
    with as_system(vendor.pk):
        case = ConflictCase.objects.get()
        rivals[0].refresh_from_db()
        assert rivals[0].decided_at is None or case.parties.filter(registration=rivals[0]).exists()


def test_of_many_who_propose_a_change_at_once_one_waits(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        seller = build.seller()
        deal = build.approved(by=seller)

    def propose(amount):
        content = drafts.Content({"value_amount": Decimal(amount), "value_currency": "EUR"})
        with acting_as(seller.actor):
            return amendments.propose(deal, content, by=seller, at=MONDAY)

    answers = at_once([lambda a=90000 + n: propose(a) for n in range(12)])

    assert Counter(type(answer) for answer in answers) == {Amendment: 1, AmendmentWaits: 11}


def test_a_change_is_decided_or_lapses_with_the_protection_and_never_both(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        manager, seller = build.manager(), build.seller()
        deals = [build.approved(by=seller) for _ in range(6)]
        waiting = [
            amendments.propose(
                deal,
                drafts.Content({}, [drafts.Line(build.family("edge")), drafts.Line(build.family("mesh"))]),
                by=seller,
                at=MONDAY,
            )
            for deal in deals
        ]

    def approve(amendment):
        with acting_as(manager.actor):
            return amendments.approve(amendment, by=manager, at=MONDAY)

    def expire(deal):
        with as_system(vendor.pk):
            return protection.expire(deal, today=date(2028, 1, 1), at=MONDAY)

    calls = [
        call
        for deal, made in zip(deals, waiting, strict=True)
        for call in (lambda m=made: approve(m), lambda d=deal: expire(d))
    ]
    answers = at_once(calls)

    assert {type(answer) for answer in answers} <= {Amendment, AmendmentOver, bool}
    with as_system(vendor.pk):
        for deal, made in zip(deals, waiting, strict=True):
            deal.refresh_from_db()
            made.refresh_from_db()
            families = {line.family.code for line in deal.lines.all()}
            assert deal.protection == ProtectionState.EXPIRED
            assert (made.status, families) in [
                (AmendmentStatus.APPROVED, {"edge", "mesh"}),
                (AmendmentStatus.LAPSED, {"edge"}),
            ]
        assert not Protection.objects.filter(is_in_force=True).exists()


def _given(deal, to, manager, **facts):
    with acting_as(manager.actor):
        return transfers.transfer(deal, to, reason_code="other", note="Bought", by=manager, at=MONDAY, **facts)


def test_of_many_who_give_a_deal_away_at_once_one_does(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        manager, deal = build.manager(), build.approved()
        firms = [Partner.objects.get(pk=build.seller().partner_id) for _ in range(8)]

    answers = at_once([lambda to=to: _given(deal, to, manager, version=deal.version) for to in firms])

    assert Counter(type(answer) for answer in answers) == {Registration: 1, Changed: 7}
    with as_system(vendor.pk):
        assert {row.partner_path for row in Protection.objects.all()} == {Registration.objects.get().partner_path}
        assert Transfer.objects.count() == 1


def test_a_deal_is_won_by_whoever_has_it_or_goes_first_and_never_both(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        manager, seller = build.manager(), build.seller()
        deals = [build.approved(by=seller) for _ in range(6)]
        to = Partner.objects.get(pk=build.seller().partner_id)

    def win(deal):
        with acting_as(seller.actor):
            return outcomes.win(deal, deal.value, by=seller, at=MONDAY)

    calls = [call for deal in deals for call in (lambda d=deal: win(d), lambda d=deal: _given(d, to, manager))]
    answers = at_once(calls)

    assert {type(answer) for answer in answers} <= {Registration, NotPossible, Registration.DoesNotExist}
    with as_system(vendor.pk):
        for deal, won, given in zip(deals, answers[::2], answers[1::2], strict=True):
            deal.refresh_from_db()
            assert isinstance(won, Registration) != isinstance(given, Registration)
            assert (deal.stage == "won") == (deal.partner_id == seller.partner_id)


def test_while_a_deal_goes_nobody_else_gets_its_customer(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        manager, deal = build.manager(), build.approved(customer_website="globex.example")
        rivals = [build.submitted(customer_website="globex.example") for _ in range(6)]
        firms = [Partner.objects.get(pk=build.seller().partner_id) for _ in range(3)]

    def approve(rival):
        with acting_as(manager.actor):
            return decisions.approve(rival, by=manager, at=MONDAY)

    calls = [lambda r=r: approve(r) for r in rivals] + [lambda to=to: _given(deal, to, manager) for to in firms]
    answers = at_once(calls)

    assert Counter(type(answer) for answer in answers) == {Contested: 6, Registration: 3}
    with as_system(vendor.pk):
        kept = Protection.objects.get()
        deal.refresh_from_db()
        assert (kept.is_in_force, kept.partner_path, kept.ends_on) == (True, deal.partner_path, deal.protected_until)
