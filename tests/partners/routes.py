"""Whose the addresses of partners are; see `tests/architecture/test_routes.py`."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from partners.models import Evaluation, Partner
from partners.queries import programs
from partners.services import evaluation, previews
from partners.services import programs as program_services
from tests.architecture.actors import EVERYBODY, FIRM, SEES_FIRM, VENDOR
from tests.partners import applicants
from tests.partners import build as made

FIRM_PAGE = {"pk": "firm"}
OWN_FIRM = FIRM | VENDOR  # what a firm shares with the vendor is not its distributor's
NEED = FIRM_PAGE | {"need": "need"}
AGREEMENT, TEXT = {"pk": "agreement"}, {"pk": "agreement_text"}
APPLICATION, WISH = {"pk": "application"}, {"pk": "wish"}
TASK, BANK, CERTIFICATE = {"pk": "task"}, {"pk": "bank_account"}, {"pk": "certificate"}
ROWS: dict[str, tuple[dict[str, str], set[str]]] = {
    "partners:partners": ({}, EVERYBODY),
    "api.applications": ({}, EVERYBODY),
    "api.applications.one": (APPLICATION, VENDOR),
    "api.partners": ({}, EVERYBODY),
    "api.partners.one": (FIRM_PAGE, SEES_FIRM),
    "partners:partner": (FIRM_PAGE, SEES_FIRM),
    "partners:company": ({}, EVERYBODY),
    "partners:partner-suspension": (FIRM_PAGE, SEES_FIRM),
    "partners:partner-restoration": (FIRM_PAGE, SEES_FIRM),
    "partners:partner-openness": (FIRM_PAGE, SEES_FIRM),
    "partners:partner-tier": (FIRM_PAGE, SEES_FIRM),
    "partners:partner-termination": (FIRM_PAGE, SEES_FIRM),
    "partners:partner-note": (FIRM_PAGE, SEES_FIRM),
    "partners:partner-identity": (FIRM_PAGE, SEES_FIRM),
    "partners:profile": ({}, EVERYBODY),
    "partners:identity-request": ({}, EVERYBODY),
    "partners:partner-requirements": (FIRM_PAGE, SEES_FIRM),
    "partners:need-confirmation": (NEED, SEES_FIRM),
    "partners:need-figure": (NEED, SEES_FIRM),
    "partners:need-waiver": (NEED, SEES_FIRM),
    "partners:partner-evaluation": (FIRM_PAGE, SEES_FIRM),
    "partners:partner-evaluation-kept": (FIRM_PAGE | {"evaluation": "evaluation"}, SEES_FIRM),
    "partners:partner-promotion": (FIRM_PAGE, SEES_FIRM),
    "partners:partner-promotion-decline": (FIRM_PAGE, SEES_FIRM),
    "partners:standings": ({}, EVERYBODY),
    "partners:evaluation": ({}, EVERYBODY),
    "partners:program": ({}, EVERYBODY),
    "partners:program-versions": ({}, EVERYBODY),
    "partners:program-version": ({"number": "1"}, EVERYBODY),
    "partners:program-draft": ({}, EVERYBODY),
    "partners:program-terms": ({}, EVERYBODY),
    "partners:program-tier-new": ({}, EVERYBODY),
    "partners:program-tier": ({"pk": "tier"}, EVERYBODY),
    "partners:program-tier-order": ({"pk": "tier"}, EVERYBODY),
    "partners:program-publication": ({}, EVERYBODY),
    "partners:program-discard": ({}, EVERYBODY),
    "partners:program-preview-new": ({}, EVERYBODY),
    "partners:program-preview": ({"pk": "preview"}, EVERYBODY),
    "partners:own-tier": ({}, EVERYBODY),
    "partners:own-evaluation": ({"pk": "evaluation"}, OWN_FIRM),
    "partners:partner-agreements": (FIRM_PAGE, SEES_FIRM),
    "partners:agreements": ({}, EVERYBODY),
    "partners:agreement": (AGREEMENT, OWN_FIRM),
    "partners:agreement-acceptance": (AGREEMENT, OWN_FIRM),
    "partners:agreement-decline": (AGREEMENT, OWN_FIRM),
    "partners:agreement-withdrawal": (AGREEMENT, OWN_FIRM),
    "partners:onboarding": ({}, EVERYBODY),
    "partners:onboarding-task": (TASK, OWN_FIRM),
    "partners:onboarding-submission": (TASK, OWN_FIRM),
    "partners:onboarding-acceptance": (TASK, OWN_FIRM),
    "partners:onboarding-return": (TASK, OWN_FIRM),
    "partners:onboarding-skipping": (TASK, OWN_FIRM),
    "partners:checklists": ({}, EVERYBODY),
    "partners:checklist": ({"partner_type": "reseller"}, EVERYBODY),
    "partners:bank": ({}, EVERYBODY),
    "partners:partner-bank": (FIRM_PAGE, OWN_FIRM),
    "partners:bank-acceptance": (BANK, VENDOR),
    "partners:bank-return": (BANK, VENDOR),
    "partners:certificates": ({}, EVERYBODY),
    "partners:certificate-new": ({}, EVERYBODY),
    "partners:certificate": (CERTIFICATE, OWN_FIRM),
    "partners:certificate-correction": (CERTIFICATE, OWN_FIRM),
    "partners:certificate-withdrawal": (CERTIFICATE, OWN_FIRM),
    "partners:certificate-confirmation": (CERTIFICATE, OWN_FIRM),
    "partners:certificate-return": (CERTIFICATE, OWN_FIRM),
    "partners:certificate-revocation": (CERTIFICATE, OWN_FIRM),
    "partners:certifications": ({}, EVERYBODY),
    "partners:certification-new": ({}, EVERYBODY),
    "partners:certification": ({"pk": "certification"}, EVERYBODY),
    "partners:agreement-texts": ({}, EVERYBODY),
    "partners:agreement-text-new": ({}, EVERYBODY),
    "partners:agreement-text": (TEXT, EVERYBODY),
    "partners:agreement-publication": (TEXT, EVERYBODY),
    "partners:agreement-version": (TEXT | {"number": "1"}, EVERYBODY),
    "partners:applications": ({}, EVERYBODY),
    "partners:application-export": ({}, EVERYBODY),
    "partners:partner-export": ({}, EVERYBODY),
    "partners:applications-to-decide": ({}, EVERYBODY),
    "partners:application": (APPLICATION, VENDOR),
    "partners:application-approval": (APPLICATION, VENDOR),
    "partners:application-rejection": (APPLICATION, VENDOR),
    "partners:application-question": (APPLICATION, VENDOR),
    "partners:application-owner": (APPLICATION, VENDOR),
    "partners:application-undo": (APPLICATION, VENDOR),
    "partners:joining-setup": ({}, EVERYBODY),
    "partners:joining-publication": ({}, EVERYBODY),
    "partners:joining-discard": ({}, EVERYBODY),
    "partners:joining-questions": ({"kind": "reseller"}, EVERYBODY),
    "partners:joining-preview": ({"kind": "reseller"}, EVERYBODY),
    "partners:join-requests": ({}, EVERYBODY),
    "partners:join-request": (WISH, {"owner"} | VENDOR),
    "partners:join-decline": (WISH, {"owner"} | VENDOR),
}
PUBLIC = {  # for people without a login; tests/partners/views/test_joining.py says what each refuses
    "partners:joining",
    "partners:join-company",
    "partners:join-confirmation",
    "partners:application-form",
    "partners:application-draft",
    "partners:application-check",
    "partners:application-join",
    "partners:application-status",
    "partners:application-answer",
    "partners:application-withdrawal",
    "partners:application-appeal",
    "partners:application-appeal-answer",
    "partners:application-appeal-withdrawal",
}

# Who checks a task is written on it: this one is the channel manager's.
BARRED = {"partners:onboarding-acceptance": {"finance"}, "partners:onboarding-return": {"finance"}}


def records(actors: dict[str, Any]) -> dict[str, Any]:
    """The first reseller itself, what it was offered, somebody who asks to join it, and a company that applies."""
    firm = Partner.objects.get(pk=actors["owner"].partner_id)
    agreement = made.offered(firm)
    wish = applicants.wish(company_name=firm.name, country=firm.country)
    applied = applicants.applied()
    certificate = made.certificate(actors["owner"], status="submitted")
    evaluation.evaluate(firm, at=timezone.now())
    _version, terms = programs.in_force(timezone.now().date())
    need = terms.ranked[1].requirement.parts[0].id
    program_services.save_draft(terms.body(), revision=None, by=actors["admin"], at=timezone.now())
    return {
        "evaluation": Evaluation.objects.get(partner=firm),
        "need": need,
        "tier": terms.ranked[1].id,
        "preview": previews.start(by=actors["admin"], at=timezone.now()),
        "firm": firm,
        "agreement": agreement,
        "agreement_text": agreement.text,
        "application": applied,
        "wish": wish,
        "task": made.task(firm),
        "bank_account": made.bank_account(actors["owner"]),
        "certificate": certificate,
        "certification": certificate.certification,
    }
