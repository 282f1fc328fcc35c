"""Changing the facts of a registration that was sent, and how changes are shown beside what was before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from deals import permissions
from deals.enums import Action, ActivityKind, AmendmentStatus, Ground, Review, Source
from deals.forms.actions import AmendmentForm
from deals.forms.decisions import ASKABLE
from deals.forms.registrations import DealForm
from deals.models import Amendment, Product, ProductFamily, Registration
from deals.queries import amendments as queries
from deals.queries import distributors, types
from deals.queries.terms import pinned, today_of_vendor
from deals.rules import amendments as rules
from deals.rules.amendments import Change
from deals.rules.terms import AREA
from deals.services import amendments
from deals.services.amendments import FILES
from deals.services.drafts import Stale
from deals.views import attachments
from deals.views.actions import act, own
from deals.views.finding import go_to
from partners.models import Partner
from prm import together
from prm.accounts.guards import requires
from prm.custom_fields import queries as custom_fields
from prm.custom_fields import values
from prm.custom_fields.kinds import KINDS
from prm.custom_fields.queries import Known
from prm.events.refusals import DomainError
from prm.files.services import FileUnfit
from prm.policies.models import ReasonCode
from prm.tenancy.context import seeing_all_partners
from prm.ui import formats, stale
from prm.ui.submissions import once

AMENDABLE = frozenset((*queries.WORDS, *queries.DAYS, "distributor", "value", "products", "activities"))


@require_http_methods(["GET", "POST"])
@requires(permissions.can_register)
@once
def amendment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change facts of a registration that was sent; what the terms want is only proposed."""
    registration = own(request, pk, Action.AMEND)
    if registration.review == Review.DRAFT:
        return redirect("deals:registration-form", pk)
    posted = request.POST if request.method == "POST" else None
    form, words = _form(request, registration, posted), AmendmentForm(posted, request.FILES or None)
    context: dict[str, Any] = {"registration": registration, "form": form, "words": words}
    context |= {"terms": pinned(registration.policy), "agreed": queries.agreed_value(registration)}
    context["looked_at"] = _labels(queries.looked_at(registration)) if registration.review == Review.APPROVED else []
    if posted is None:
        form.custom.follow_record(registration, timezone.now())
        return render(request, "deals/registrations/amendment.html", context)
    status = 422
    if all([form.is_valid(), words.is_valid(), form.custom.follow_record(registration, timezone.now())]):
        said = words.cleaned_data
        facts: dict[str, Any] = {"note": said["note"], "uploads": said["files"], "version": _version(request)}
        try:
            made = amendments.propose(registration, form.content, **facts, by=request.member, at=timezone.now())
        except FileUnfit as refusal:
            words.add_error("files", refusal.sentence)
        except DomainError as refusal:
            context["refusal"], status = refusal, 409
            if isinstance(refusal, Stale):  # whoever sends it again has seen the other version
                context["registration"] = registration = own(request, pk, Action.AMEND)
                context["differences"] = stale.differences(form.main, _form(request, registration, None).main)
        else:
            messages.success(request, _("Change sent to the vendor") if made.is_pending else _("Facts changed"))
            return go_to(request, registration)
    return render(request, "deals/registrations/amendment.html", context, status=status)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_register)
@once
def recall(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a proposed change back."""
    registration = own(request, pk, Action.AMEND)
    waiting = queries.waiting_of(registration)
    if waiting is None:
        return go_to(request, registration)
    return act(
        request,
        registration,
        Form(request.POST if request.method == "POST" else None),
        lambda _registration, **facts: amendments.recall(waiting, **facts),
        title=_("Take the change back"),
        button=_("Take back"),
        done=_("Change taken back"),
        text=_("The deal goes on as it is. You can propose another change then."),
    )


@require_GET
@requires(permissions.can_see)
def of_promise(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Go where an amendment is decided, or to its deal."""
    found = get_object_or_404(Amendment.objects.select_related("registration"), pk=pk)
    if not Registration.objects.visible_to(request.member).filter(pk=found.registration_id).exists():
        raise Http404
    if request.member.has(permissions.can_decide):
        return redirect(f"{reverse('deals:inbox-item', args=[found.registration_id])}?view=amendments")
    return go_to(request, found.registration)


def _form(request: HttpRequest, registration: Registration, posted: Any) -> DealForm:
    asked = {name for name, _label in custom_fields.askable(KINDS[AREA], registration, timezone.now())}
    return DealForm(
        registration,
        posted=posted,
        today=today_of_vendor(timezone.now()),
        country=registration.customer_country,
        currency=registration.value_currency,
        only=AMENDABLE | asked,
        distributors=_distributors(registration),
    )


def _distributors(registration: Registration) -> list[distributors.Named]:
    """Return the distributors that can be named: those offered now, and the one that is."""
    offered = distributors.offered_to(registration.partner)
    if registration.distributor_id is None or registration.distributor_id in dict(offered):
        return offered
    return [*offered, (registration.distributor_id, distributors.name_of(registration))]


def _labels(facts: Collection[str]) -> list[str]:
    """Return what those facts are called that a partner can change, in the order of the form."""
    known = [*ASKABLE, *((each.name, each.label) for each in queries.definitions())]
    return [str(label) for name, label in known if name in facts]


def _version(request: HttpRequest) -> int | None:
    version = request.POST.get("version", "")
    return int(version) if version.isdecimal() and len(version) < 9 else None


# -- as it is shown ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Row:
    """A fact with what it was and what it becomes, each in words, in lines or as the value of a custom field."""

    label: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Shown:
    """An amendment as a page shows it; `since` is what else changed after it was proposed."""

    amendment: Amendment
    rows: list[Row]
    grounds: list[str]
    reason: str
    since: list[Row]
    files: list[dict[str, Any]]  # that belong to the deal once it is agreed to


def shown(registration: Registration) -> list[Shown]:
    """Return the amendments of a registration with their differences, the latest first."""
    found = list(queries.of_registration(registration))
    if not found:
        return []
    changed = {each.pk: rules.changes(each.before, each.after) for each in found}
    since = {each.pk: queries.changed_since(each, registration) for each in found if each.is_pending}
    words = _Words.of([change for changes in (*changed.values(), *since.values()) for change in changes])
    reasons = {row.code: str(row) for row in ReasonCode.objects.filter(area="deals.amendment")}
    files = {each.pk: attachments.shown(each) for each in found if FILES in each.after}
    return [
        Shown(
            each,
            [words.row(change) for change in changed[each.pk]],
            [str(Ground(ground).label) for ground in each.grounds],
            reasons.get(each.reason_code, each.reason_code),
            [words.row(change) for change in since.get(each.pk, ())],
            files.get(each.pk, []),
        )
        for each in found
    ]


def waiting_in(found: Iterable[Shown]) -> Shown | None:
    """Return the one that waits for a decision."""
    return next((each for each in found if each.amendment.is_pending), None)


def changed_before(found: Iterable[Shown]) -> list[Shown]:
    """Return what was changed at once, for whoever decides about what was sent."""
    return [each for each in found if each.amendment.status == AmendmentStatus.APPLIED]


@dataclass(frozen=True)
class _Words:
    """What changes need to be told: the names of families, products and custom fields."""

    families: dict[str, str]
    products: dict[str, str]
    distributors: dict[str, str]
    definitions: dict[str, Any]

    @classmethod
    def of(cls, changes: Sequence[Change]) -> _Words:
        rows = [row for each in changes if each.field == "products" for row in (each.before or []) + (each.after or [])]
        named = {name for each in changes if each.field == "distributor" for name in (each.before, each.after) if name}
        families, products = together.fetch(
            ProductFamily.objects.filter(pk__in={row[0] for row in rows}),
            Product.objects.filter(pk__in={row[1] for row in rows if row[1]}),
        )
        return cls(
            {str(row.pk): row.name for row in families},
            {str(row.pk): row.name for row in products},
            _names_of_partners(named),
            {each.name: each for each in custom_fields.definitions_of(AREA)},
        )

    def row(self, change: Change) -> Row:
        return Row(
            self._label(change.field), self._value(change.field, change.before), self._value(change.field, change.after)
        )

    def _label(self, name: str) -> str:
        definition = self.definitions.get(name)
        return definition.label if definition else str(dict(ASKABLE).get(name, name))

    def _value(self, name: str, stored: Any) -> Any:
        if stored in (None, "", []):
            return ""
        if definition := self.definitions.get(name):
            fact = values.fact(definition, {definition.key: stored})
            return "" if fact is None else Known(definition, fact, stored)
        match name:
            case "files":
                return list(stored)
            case "distributor":
                return self.distributors.get(stored, "")
            case "type":
                return types.label_of(stored)
            case "source":
                return Source(stored).label
            case "value":
                value = rules.value_in({name: stored})
                return formats.money(value) if value else ""
            case "products":
                return [self._product(*row) for row in stored]
            case "activities":
                return [
                    f"{_day(day)} {ActivityKind(kind).label}{f': {note}' if note else ''}" for kind, day, note in stored
                ]
            case "close_on" | "starts_on" | "tender_published_on" | "letter_on":
                return _day(stored)
        return stored

    def _product(self, family: str, product: str | None, quantity: int | None) -> str:
        name = self.products.get(product, "") if product else self.families.get(family, "")
        return f"{quantity} × {name}" if quantity else name


def _names_of_partners(ids: set[str]) -> dict[str, str]:
    if not ids:
        return {}
    with seeing_all_partners():  # a partner knows those it names, but cannot look them up
        return {str(pk): name for pk, name in Partner.objects.filter(pk__in=ids).values_list("pk", "name")}


def _day(stored: str) -> str:
    return formats.day(date.fromisoformat(stored), timezone.localdate())
