"""Where a partner stands in the programme, what it takes to rise, and what a later day or more success would change."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from partners import permissions
from partners.enums import Metric
from partners.forms.tiers import AheadForm
from partners.models import Evaluation, Partner
from partners.queries import partners as partner_queries
from partners.queries import standings as queries
from partners.queries.standings import Card
from partners.rules.programs import ProgramTerms, TierTerms
from partners.rules.requirements import Group, Need, Node, result_from
from partners.views import phrases, tier_disputes
from partners.views.phrases import Line, Phrases
from prm.accounts.guards import requires
from prm.ui.navigation import Visit

KEPT = 20  # evaluations listed on a page


@require_GET
@requires(permissions.can_see_company)
def own(request: HttpRequest) -> HttpResponse:
    """Show people of a partner their tier, the way to the next, and what will lapse."""
    partner = partner_queries.own(request.member, Visit.of(request).today)
    return _page(request, partner, "partners/tiers/own.html")


@require_GET
@requires(permissions.can_see_program)
def of_partner(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the vendor's people the same for one partner, and what they can do about it."""
    member = request.member
    partner = get_object_or_404(partner_queries.with_tier(Partner.objects.all(), Visit.of(request).today), pk=pk)
    more = {
        "can_place": member.has(permissions.can_place),
        "can_evaluate": member.has(permissions.can_evaluate) and partner.is_active,
        "can_judge": member.has(permissions.can_judge),
    }
    return _page(request, partner, "partners/tiers/partner.html", **more)


@require_GET
@requires(permissions.can_see_company)
def own_evaluation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show people of a partner why they stood where they stood."""
    return _evaluation(request, queries.evaluations_of(_own(request)), pk)


@require_GET
@requires(permissions.can_see_program)
def evaluation(request: HttpRequest, pk: UUID, evaluation: UUID) -> HttpResponse:
    """Show the vendor's people an evaluation that was kept."""
    partner = get_object_or_404(Partner.objects, pk=pk)
    return _evaluation(request, queries.evaluations_of(partner), evaluation)


def _own(request: HttpRequest) -> Partner:
    return get_object_or_404(Partner.objects, pk=request.member.partner_id)


def _page(request: HttpRequest, partner: Partner, template: str, **more: Any) -> HttpResponse:
    today = Visit.of(request).today
    card = queries.card_of(partner, today, today)
    words = Phrases(card.terms.currency)
    is_asked = any(request.GET.values())
    form = AheadForm(
        request.GET if is_asked else None, today=today, metrics=_metrics(card.terms), currency=card.terms.currency
    )
    context = {
        "partner": partner,
        "card": card,
        "own_line": _line(words, card, card.tier),
        "next_line": _line(words, card, card.next),
        "why": phrases.why(card.decision.reasons),
        "review_on": card.terms.review_from_on(today),
        "form": form,
        "ahead": _ahead(words, partner, form, today) if is_asked and form.asks else None,
        "tiers": _compared(words, card),
        "history": partner_queries.tier_history(partner),
        "evaluations": queries.evaluations_of(partner)[:KEPT],
        "today": today,
        "appeal": tier_disputes.panel_of(partner, request.member, at=Visit.of(request).at),
        **more,
    }
    if request.htmx:
        template = "partners/tiers/_ahead.html"
    return render(request, template, context, status=422 if is_asked and form.errors else 200)


def _ahead(words: Phrases, partner: Partner, form: AheadForm, today: date) -> dict[str, Any]:
    """Return what the same rules would say on the day asked for, with what more was supposed."""
    now = queries.card_of(partner, today, today)
    then = queries.card_of(partner, form.day, today).supposing(form.entries, form.more_people)
    lost = [part for part in _needs(now) if part[1].holds and not then_holds(then, part[0], part[1].node.id)]
    return {
        "day": form.day,
        "is_later": form.day > today,
        "card": then,
        "earned": then.earned,
        "was": now.earned,
        "rises": _rank(then.earned) > _rank(now.earned),
        "falls": _rank(then.earned) < _rank(now.earned),
        "lapsing": [words.sentence(result.node) for _tier, result in _once(lost)],
        "line": _line(words, then, then.tier),
        "next_line": _line(words, then, then.next),
    }


def _needs(card: Card) -> list[tuple[str, Any]]:
    shown = [tier for tier in (card.tier, card.next) if tier]
    return [(tier.id, need) for tier in shown for need in card.results[tier.id].needs()]


def then_holds(card: Card, tier_id: str, need_id: str) -> bool:
    """Say whether a requirement is met on a card."""
    result = card.results.get(tier_id)
    return result is not None and any(need.holds and need.node.id == need_id for need in result.needs())


def _once(found: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    seen: dict[Any, tuple[str, Any]] = {}
    for tier_id, need in found:
        seen.setdefault((need.node.metric, need.node.target, need.node.window), (tier_id, need))
    return list(seen.values())


def _rank(tier: TierTerms | None) -> int:
    return tier.rank if tier else 0


def _line(words: Phrases, card: Card, tier: TierTerms | None) -> Line | None:
    return Line(words, tier.requirement, card.results[tier.id], is_root=True) if tier else None


def _compared(words: Phrases, card: Card) -> list[dict[str, Any]]:
    """Return the columns of the comparison, the entry first."""
    return [
        {
            "tier": tier,
            "line": Line(words, tier.requirement, is_root=True),
            "is_own": bool(card.tier and card.tier.id == tier.id),
            "is_met": card.results[tier.id].holds,
        }
        for tier in card.terms.ranked
    ]


def _metrics(terms: ProgramTerms) -> set[Metric]:
    def of(node: Node) -> set[Metric]:
        if isinstance(node, Need):
            return {node.metric}
        return {metric for part in node.parts for metric in of(part)}

    return {metric for tier in terms.tiers for metric in of(tier.requirement)}


def _evaluation(request: HttpRequest, rows: Any, pk: UUID) -> HttpResponse:
    kept: Evaluation = get_object_or_404(rows, pk=pk)
    words = Phrases(ProgramTerms.from_body(kept.policy.body).currency)
    traces = []
    for trace in kept.traces:
        result = result_from(trace["trace"])
        assert isinstance(result.node, Group)
        traces.append({"name": trace["name"], "line": Line(words, result.node, result, is_root=True)})
    context = {"evaluation": kept, "partner": kept.partner, "traces": traces, "why": phrases.why(kept.reasons)}
    return render(request, "partners/tiers/evaluation.html", context)
