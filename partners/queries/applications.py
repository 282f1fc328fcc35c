"""Applications shaped like their list, their inbox, and one of them with all that is needed to decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.enums import ApplicationStatus, PartnerType
from partners.models import Application, JoinRequest, Partner, Tier
from partners.queries import joining
from partners.queries.joining import Match
from partners.queries.partners import tiers
from partners.rules import application_checks, questionnaires
from partners.rules.application_checks import Applicant, Finding
from partners.rules.catalogue import APPLICATION
from partners.rules.joining import Terms
from partners.rules.questionnaires import Score
from prm import companies
from prm.accounts.models import Membership
from prm.approvals import queries as agreed
from prm.choices import TextChoices
from prm.custom_fields.columns import Columns
from prm.custom_fields.kinds import KINDS
from prm.events.outbox import UNDO_TIME
from prm.questions import services as questions
from prm.questions.models import Question
from prm.spreadsheets import LIMIT, csv_file

DONE_DAYS = 14


class View(TextChoices):
    """The tabs of the inbox."""

    MINE = "mine", gettext_lazy("Mine")
    TEAM = "team", gettext_lazy("Team")
    ASKED = "asked", gettext_lazy("Asked")
    DONE = "done", gettext_lazy("Done")


ORDER = {View.MINE: "decide_by", View.TEAM: "decide_by", View.ASKED: "answer_by", View.DONE: "-decided_at"}


def rows_of(view: View, member: Membership, at: datetime) -> QuerySet[Application]:
    """Return what a tab lists."""
    rows: QuerySet[Application] = Application.objects.sent()
    match view:
        case View.MINE:
            return rows.filter(status__in=_WAITING).filter(_mine(member, at))
        case View.TEAM:
            return rows.filter(status__in=_WAITING)
        case View.ASKED:
            return rows.filter(status=ApplicationStatus.INFO_REQUESTED)
        case View.DONE:
            return rows.filter(decided_by=member.user_id, decided_at__gte=at - timedelta(days=DONE_DAYS))
    raise ValueError(view)


_WAITING = (ApplicationStatus.SUBMITTED, ApplicationStatus.IN_REVIEW)


def _mine(member: Membership, at: datetime) -> Q:
    """The condition that it is this person's: they look after it, or a step asks them."""
    return Q(owner=member.user_id) | Q(pk__in=agreed.waiting_for(member, at).values("subject_id"))


def counts(member: Membership, at: datetime) -> dict[View, int]:
    """Return how much work each tab holds; what is done is no work."""
    is_asked = Q(status=ApplicationStatus.INFO_REQUESTED)
    found = Application.objects.open().aggregate(
        mine=Count("pk", filter=~is_asked & _mine(member, at)),
        team=Count("pk", filter=~is_asked),
        asked=Count("pk", filter=is_asked),
    )
    return {View(name): number for name, number in found.items()}


@dataclass(frozen=True)
class Waiting:
    """How many applications wait for a decision, and how urgently."""

    waiting: int
    late: int
    due_today: int


def waiting(at: datetime, end_of_today: datetime) -> Waiting:
    """Count what waits, in one query."""
    found = Application.objects.waiting().aggregate(
        waiting=Count("pk"),
        late=Count("pk", filter=Q(decide_by__lt=at)),
        due_today=Count("pk", filter=Q(decide_by__gte=at, decide_by__lt=end_of_today)),
    )
    return Waiting(**found)


def work_of(member: Membership, *, decides: bool) -> dict[str, QuerySet]:
    """Return what waits on which page for somebody who lets people in, and perhaps decides."""
    work: dict[str, QuerySet] = {"join-requests": JoinRequest.objects.visible_to(member).open()}
    return work | {"applications-to-decide": Application.objects.waiting()} if decides else work


def distributors() -> QuerySet[Partner]:
    """Return the distributors directly below the vendor, by name."""
    return Partner.objects.filter(type=PartnerType.DISTRIBUTOR, distributor__isnull=True).order_by("name")


def join_requests(member: Membership) -> QuerySet[JoinRequest]:
    """Return who wants to join, as far as this person may let them, the open ones and the latest first."""
    rows = JoinRequest.objects.visible_to(member).select_related("partner", "decided_by")
    is_open = Case(When(status="open", then=Value(0)), default=Value(1))
    return rows.order_by(is_open, "-asked_at", "-id")


# -- one application under decision --------------------------------------------------------------------
@dataclass(frozen=True)
class Dossier:
    """An application with everything that belongs on one screen to decide about it."""

    application: Application
    terms: Terms
    score: Score
    matches: list[Match]
    findings: list[Finding]
    questions: list[Question]
    suggested_type: PartnerType
    suggested_tier: Tier | None

    @property
    def known_partner(self) -> Match | None:
        """The partner this company surely is."""
        return next((match for match in self.matches if match.partner and match.is_certain), None)

    @property
    def is_rival(self) -> bool:
        return any(finding.condition == "is_no_rival" and not finding.holds for finding in self.findings)


def dossier_of(application: Application, today: date) -> Dossier:
    """Return an application's dossier."""
    terms, current = joining.pinned(application), joining.current(today)[1]
    kind = PartnerType(application.type)
    scored = questionnaires.score(terms.questions[kind], application.answers)
    by_answers = questionnaires.type_by_answers(application.answers)
    matches = joining.matches_of(application.company, without=application.pk)
    return Dossier(
        application=application,
        terms=terms,
        score=scored,
        matches=matches,
        findings=application_checks.look_at(_applicant(application, kind, by_answers, matches, current)),
        questions=questions.of(application),
        suggested_type=by_answers or kind,
        suggested_tier=_suggested_tier(terms, scored.percent),
    )


def undo_until(application: Application, member: Membership) -> datetime | None:
    """Return until when this person may take the decision on an application back."""
    if application.status == ApplicationStatus.INFO_REQUESTED:
        question = questions.open_one(application)
        return question.asked_at + UNDO_TIME if question and question.asked_by_id == member.user_id else None
    if application.status == ApplicationStatus.REJECTED and application.decided_by_id == member.user_id:
        return application.decided_at + UNDO_TIME if application.decided_at else None
    return None


def _applicant(
    application: Application,
    kind: PartnerType,
    by_answers: PartnerType | None,
    matches: list[Match],
    current: Terms,
) -> Applicant:
    domain = companies.email_domain(application.contact_email)
    return Applicant(
        email_domain=domain,
        website_domain=application.domain_key,
        has_free_mail=application.has_free_mail,
        is_rival=current.is_competitor(application.domain_key) or current.is_competitor(domain),
        tax_id=application.tax_id,
        is_tax_id_valid=companies.tax_id_is_valid(application.tax_id, application.country),
        type=kind,
        type_by_answers=by_answers,
        in_common=[match.facts for match in matches],
    )


def _suggested_tier(terms: Terms, percent: int) -> Tier | None:
    levels = {tier.rank: tier for tier in tiers()}
    return levels.get(terms.rank_for(percent, max(levels))) if levels else None


# -- as a file -----------------------------------------------------------------------------------------
def csv_answer(
    rows: QuerySet[Application], *, name: str, reasons: Mapping[str, str], countries: Mapping[str, str], at: datetime
) -> HttpResponse:
    """Return applications as CSV, with a column for each custom field."""
    found = rows.order_by("-submitted_at", "-id")[:LIMIT].iterator(chunk_size=500)
    columns = Columns(KINDS[APPLICATION], for_vendor=True, at=at)
    cells = columns.beside(found, lambda row: _cells(row, reasons, countries))
    return csv_file([*_head(), *columns.head], cells, name=name)


def _head() -> list[str]:
    return [
        _("Number"),
        _("Company"),
        _("Type"),
        _("Website"),
        _("Country"),
        _("City"),
        _("Tax number"),
        _("Contact"),
        _("Contact e-mail"),
        _("Status"),
        _("Score"),
        _("Most points"),
        _("Owner"),
        _("Sent"),
        _("Decide by"),
        _("Decided"),
        _("Reason"),
        _("Partner"),
    ]


def _cells(row: Application, reasons: Mapping[str, str], countries: Mapping[str, str]) -> Iterator[Any]:
    yield from (row.number, row.company_name, row.get_type_display(), row.website)
    yield from (countries.get(row.country, row.country), row.city, row.tax_id, row.contact_name, row.contact_email)
    yield from (row.get_status_display(), row.score, row.score_most, row.owner.name if row.owner else "")
    yield from (_instant(row.submitted_at), _instant(row.decide_by), _instant(row.decided_at))
    yield from (reasons.get(row.reason_code, row.reason_code), row.partner.name if row.partner else "")


def _instant(at: datetime | None) -> str:
    return at.isoformat() if at else ""
