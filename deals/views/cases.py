"""Conflict cases for those who decide: opened, both sides beside each other, asked for evidence, decided."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deals import permissions
from deals.enums import CaseAction, CaseDecision, CaseStatus
from deals.forms.cases import CaseDecisionForm, CaseList, EvidenceRequestForm, OpenCaseForm
from deals.models import CaseParty, ConflictCase, Registration
from deals.models.cases import UNDECIDED
from deals.queries import cases as queries
from deals.queries import engagements, inbox, precedence
from deals.queries import terms as registration_terms
from deals.queries.conflicts import kept_alike
from deals.queries.registrations import with_lines
from deals.rules import cases as rules
from deals.services import case_decisions, cases
from deals.views.finding import find_sent
from deals.views.timeline import names_of
from prm.accounts.guards import requires
from prm.events.refusals import DomainError
from prm.files import queries as files
from prm.files.models import File
from prm.policies.models import ReasonCode
from prm.ui.submissions import once

VIEWS = {
    "open": UNDECIDED,
    "decided": (CaseStatus.DECIDED,),
    "appealed": (CaseStatus.APPEALED,),
    "final": (CaseStatus.FINAL,),
    "all": tuple(CaseStatus),
}
MOST_SIDES = 6  # that are shown beside each other


@require_GET
@requires(permissions.can_decide)
def listing(request: HttpRequest) -> HttpResponse:
    """List the conflict cases."""
    asked = request.GET.get("view", "")
    view = asked if asked in VIEWS else "open"
    labels = {
        "open": pgettext("state", "Open"),
        "decided": _("Decided"),
        "appealed": _("Appealed"),
        "final": _("Final"),
        "all": _("All"),
    }
    rows = queries.cases().filter(status__in=VIEWS[view])
    tabs = [{"label": labels[name], "url": f"?view={name}", "current": name == view} for name in VIEWS]
    return render(request, "deals/cases/list.html", {"listing": CaseList(request.GET, rows), "views": tabs})


@require_http_methods(["GET", "POST"])
@requires(permissions.can_decide)
@once
def opening(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open a case about a registration and some of its rivals."""
    registration = find_sent(request, pk)
    row = with_lines(Registration.objects.filter(pk=registration.pk)).get()
    found = inbox.rivals_by_row([row], _today())[row.pk]
    rivals = [
        match.registration for match in found if not match.conflict.is_own and queries.is_standing(match.registration)
    ]
    sure = [str(match.registration.pk) for match in found if rules.opens(match.conflict)]
    form = OpenCaseForm(request.POST or None, rivals=rivals, initial={"rivals": sure})
    refusal = None
    if request.method == "POST" and form.is_valid():
        chosen = [rival for rival in rivals if str(rival.pk) in form.cleaned_data["rivals"]]
        try:
            case = cases.open_case(registration, chosen, by=request.member, at=timezone.now())
            messages.success(request, _("Conflict case opened"))
            return redirect("deals:case", case.pk)
        except DomainError as found_out:
            refusal = found_out
    context = {"registration": registration, "form": form, "refusal": refusal, "rivals": rivals}
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "deals/cases/opening.html", context, status=status)


@require_GET
@requires(permissions.can_decide)
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show both sides of a case beside each other."""
    return _page(request, _case(pk))


@require_POST
@requires(permissions.can_decide)
def evidence_request(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask all parties for evidence."""
    case = _case(pk)
    form = EvidenceRequestForm(request.POST)
    if not form.is_valid():
        return _page(request, case, asking=form, status=422)
    try:
        cases.ask_for_evidence(case, **{**form.cleaned_data, "by": request.member, "at": timezone.now()})
    except DomainError as refusal:
        return _page(request, _case(pk), refusal=refusal, status=409)
    messages.success(request, _("Evidence asked of all parties"))
    return redirect("deals:case", pk)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_decide)
def decision(request: HttpRequest, pk: UUID, decision: str) -> HttpResponse:
    """Decide a case: first what each party will be told, then for good."""
    if decision not in CaseDecision.values:
        raise Http404
    case, kind = _case(pk), CaseDecision(decision)
    parties = queries.parties_of(case)
    order = precedence.order_of_case([party.registration for party in parties], at=timezone.now())
    suggested = next((party for party in parties if order.first and party.registration_id == order.first.pk), None)
    facts: dict[str, Any] = {"decision": kind, "parties": parties, "families": queries.families_of(parties)}
    facts["suggested"] = suggested
    form = CaseDecisionForm(request.POST or None, **facts, initial={"version": case.version})
    context: dict[str, Any] = {"case": case, "form": form, "kind": kind, "decisions": _decisions(case, kind)}
    context["order"] = order
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                context["told"] = _told(form, parties)
                status = 200
                if request.POST.get("do") == "decide":
                    return _decide(request, case, form)
            except DomainError as refusal:
                form.add_error(None, refusal.sentence)
                status = 409
    return render(request, "deals/cases/decision.html", context, status=status)


def _decide(request: HttpRequest, case: ConflictCase, form: CaseDecisionForm) -> HttpResponse:
    said = form.cleaned_data
    case_decisions.decide(
        case,
        form.verdict,
        reason_code=said.get("reason_code", ""),
        note=said.get("note", ""),
        aside=said.get("aside", ""),
        version=said["version"],
        by=request.member,
        at=timezone.now(),
    )
    messages.success(request, _("Conflict case decided"))
    return redirect("deals:case", case.pk)


def _told(form: CaseDecisionForm, parties: list[CaseParty]) -> list[dict[str, Any]]:
    """Return what each party would be told. Raises `DecisionUnfit`."""
    registered = {p.pk: frozenset(line.family_id for line in p.registration.lines.all()) for p in parties}
    try:
        gone = frozenset(p.pk for p in parties if not queries.is_standing(p.registration))
        shares = rules.shares_of(form.verdict, registered, gone)
    except rules.Unfit as unfit:
        raise case_decisions.DecisionUnfit(code=unfit.code) from unfit
    said = form.cleaned_data
    codes = dict(form.fields["reason_code"].choices) if "reason_code" in form.fields else {}
    reason = codes.get(said.get("reason_code", ""), "")
    return [
        {
            "party": party,
            "result": shares[party.pk].result,
            "families": [name for pk, name in form.families.items() if pk in shares[party.pk].families],
            "reason": reason,
            "note": said.get("note", ""),
        }
        for party in parties
    ]


def _page(
    request: HttpRequest,
    case: ConflictCase,
    *,
    asking: EvidenceRequestForm | None = None,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    parties = queries.parties_of(case)
    arrivals = queries.arrivals([party.registration_id for party in parties])
    names = queries.families_of(parties)
    reasons = {str(code.code): str(code) for code in ReasonCode.objects.filter(area__startswith="deals.")}
    kept = File.objects.filter(
        subject_id__in=[party.pk for party in parties], removed_at__isnull=True, status=File.Status.CLEAN
    ).order_by("added_at", "id")
    zone = ZoneInfo(request.profile.time_zone)
    changes = queries.changes_of(parties)
    sides = []
    for party in parties[:MOST_SIDES]:
        own = [file for file in kept if file.subject_id == party.pk]
        sides.append(
            {
                "party": party,
                "registration": party.registration,
                "arrival": arrivals.get(party.registration_id),
                "moments": queries.moments_of(
                    party,
                    [(file.added_at, file.name) for file in own],
                    [(at, names_of(fields)) for at, fields in changes.get(party.registration_id, ())],
                    zone,
                ),
                "files": [files.entry(file) for file in own],
                "families": [names[pk] for pk in party.given_families if pk in names],
                "reason": reasons.get(party.reason_code, party.reason_code),
            }
        )
    first = parties[0].registration
    context = {
        "case": case,
        "sides": sides,
        "others": parties[MOST_SIDES:],
        "matches": _matches(parties),
        "around": _around(parties),
        "order": _order(case, parties),
        "asides": queries.asides_of(parties),
        "registration": first,
        "asking": asking or EvidenceRequestForm(initial={"version": case.version}),
        "decisions": _decisions(case),
        "can_ask": case.can(CaseAction.ASK),
        "can_decide": case.can(CaseAction.DECIDE),
        "waiting": [party for party in parties if party.waits_for_evidence],
        "reason": reasons.get(case.reason_code, case.reason_code),
        "refusal": refusal,
    }
    return render(request, "deals/cases/case.html", context, status=status)


def _matches(parties: list[CaseParty]) -> list[inbox.Match]:
    """Return how the first registration and each of the others are alike, and why."""
    ids = {party.registration_id for party in parties}
    first = parties[0].registration
    found = inbox.rivals_by_row([first], _today())[first.pk]
    return [match for match in found if match.registration.pk in ids]


def _order(case: ConflictCase, parties: list[CaseParty]) -> precedence.Order:
    """Return who comes first, while that is to be decided."""
    if not case.is_undecided:
        return precedence.Order()
    return precedence.order_of_case([party.registration for party in parties], at=timezone.now())


def _around(parties: list[CaseParty]) -> engagements.Around:
    """Return what the vendor itself has to do with the customer, as against the first registration."""
    first = parties[0].registration
    families = frozenset(line.family_id for line in first.lines.all())
    alike = kept_alike([first.customer_id])[first.customer_id]
    terms = registration_terms.pinned(first.policy)
    return engagements.around(first, families=families, today=_today(), terms=terms, alike=alike)


def _decisions(case: ConflictCase, current: CaseDecision | None = None) -> list[dict[str, Any]]:
    return [
        {
            "label": kind.label,
            "url": reverse("deals:case-decision", args=[case.pk, kind.value]),
            "current": kind == current,
        }
        for kind in CaseDecision
        if kind == current or case.can(rules.action_of(kind))
    ]


def _case(pk: UUID) -> ConflictCase:
    rows = ConflictCase.objects.select_related("customer", "opened_by", "decided_by")
    return get_object_or_404(rows, pk=pk)


def _today() -> Any:
    return registration_terms.today_of_vendor(timezone.now())
