"""The form in which a partner claims what an activity cost."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from mdf.enums import ProofKind
from mdf.models import Claim, ClaimLine
from mdf.rules.catalogue import CLAIM
from mdf.rules.preflight import Claimed, Line
from mdf.services.claims import Content, Cost
from prm.accounts.text import no_control_characters, no_control_characters_but_lines
from prm.custom_fields import controls
from prm.money import Money
from prm.money.forms import MoneyField, written
from prm.tenancy.fields import uuid7
from prm.ui.forms import PortalForm
from prm.ui.widgets import FileDrop

LONGEST_TYPED = 2000
MOST = 40
SPARE = 1  # empty rows for costs that were not planned
CURRENCIES = ("EUR", "USD", "GBP", "CHF", "JPY", "KWD")
PLAIN = [no_control_characters]
NOT_TYPED = ("csrfmiddlewaretoken", "version", "do", controls.STATE)


class ClaimForm(PortalForm):
    """What is said of the claim as a whole. Fields keep the names of the claim's columns."""

    marks_optional = False

    settled_on = forms.DateField(
        label=_("All invoices paid on"),
        required=False,
        widget=forms.DateInput,
        help_text=_("Costs are reimbursed once you have paid them."),
    )
    leads_won = forms.IntegerField(label=_("Leads won"), required=False, min_value=0, max_value=1_000_000)
    result = forms.CharField(
        label=_("What came of it"),
        required=False,
        max_length=2000,
        widget=forms.Textarea,
        validators=[no_control_characters_but_lines],
        help_text=_("Visitors, meetings, orders. Your channel manager sees it with your next request."),
    )
    is_final = forms.BooleanField(
        label=_("This is the last claim for this activity"),
        required=False,
        help_text=_("What it leaves of the approved amount is free for other activities again."),
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stated"] = MoneyField(
            label=_("Total of your invoices before tax"),
            offered=[currency],
            required=False,
            help_text=_("Catches a slip of the pen: it has to be what the costs add up to."),
        )
        self.order_fields(["stated", "settled_on", "leads_won", "result", "is_final"])


class CostForm(PortalForm):
    """A cost with its invoice. What is missing is for the checks to say, so that a draft can be kept."""

    marks_optional = False

    what = forms.CharField(label=_("Cost"), max_length=200, required=False, validators=PLAIN)
    supplier = forms.CharField(label=_("Supplier"), max_length=200, required=False, validators=PLAIN)
    invoice_number = forms.CharField(label=_("Invoice number"), max_length=80, required=False, validators=PLAIN)
    invoice_on = forms.DateField(label=_("Invoice date"), required=False, widget=forms.DateInput)
    note = forms.CharField(
        label=_("Why more, or something else, than planned"), max_length=500, required=False, validators=PLAIN
    )

    def __init__(self, *args: Any, row: Row, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"cost-{row.id.hex}", **kwargs)
        self.row = row
        offered = [currency, *[code for code in CURRENCIES if code != currency]]
        self.fields["cost"] = MoneyField(label=_("Cost before tax"), offered=offered, required=False)
        if row.plan is not None:
            del self.fields["what"]
        self.order_fields(["what", "cost", "supplier", "invoice_number", "invoice_on", "note"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.row.plan is None and cleaned.get("cost") and not cleaned.get("what") and "what" not in self.errors:
            self.add_error("what", _("Say what this amount is for."))
        return cleaned

    def cost(self, currency: str) -> Cost | None:
        """Return what was understood; an empty row that was not planned is nothing."""
        cleaned = {name: value for name, value in getattr(self, "cleaned_data", {}).items() if value}
        if self.row.plan is None and not cleaned.keys() - {"what"} and not self.row.is_kept:
            return None
        return Cost(
            self.row.id,
            cleaned.get("what") or self.row.what or "",
            cleaned.get("cost") or Money(Decimal(0), currency),
            cleaned.get("supplier", ""),
            cleaned.get("invoice_number", ""),
            cleaned.get("invoice_on"),
            cleaned.get("note", ""),
        )


@dataclass(frozen=True)
class Row:
    """A row of costs: planned, added before, or spare."""

    id: UUID
    plan: UUID | None
    what: str
    planned: Money | None = None
    is_kept: bool = False
    files: Sequence[dict[str, Any]] = ()
    drop: Any = None


class ClaimPage:
    """The whole page: the claim and its costs, from what was posted or from what is kept.

    `only` names what the vendor asked for: `lines`, `files`, `result`; everything else stays as it is.
    """

    def __init__(
        self,
        claim: Claim,
        lines: Sequence[ClaimLine],
        *,
        posted: QueryDict | None = None,
        only: Collection[str] | None = None,
    ) -> None:
        self.claim, self.posted = claim, posted
        self.has_lines = only is None or "lines" in only
        self.has_files = only is None or "files" in only
        self.has_main = only is None or "result" in only
        kept = QueryDict(mutable=True)
        for name, values in (claim.typed or typed_from(claim, lines)).items():
            kept.setlist(name, values)
        self.rows = _rows(lines, posted if posted is not None else kept)
        self.custom = controls.answers_of(CLAIM, claim, posted=posted, typed=kept, currency=claim.currency, only=only)
        shown = {"currency": claim.currency}
        if posted is None:
            self.main = ClaimForm(**shown)
            self.main.initial = _read(self.main, kept, "") | {"is_final": bool(kept.get("is_final"))}
            self.costs = []
            for row in self.rows:
                form = CostForm(row=row, **shown)
                form.initial = _read(form, kept, form.prefix or "")
                self.costs.append(form)
        else:
            self.main = ClaimForm(posted, **shown)
            self.costs = [CostForm(posted, row=row, **shown) for row in self.rows]

    def is_valid(self) -> bool:
        """Check all parts, so that all errors show at once."""
        parts: list[forms.Form] = [self.custom]
        parts += [*([self.main] if self.has_main else []), *(self.costs if self.has_lines else [])]
        checked = [part.is_valid() for part in parts]
        return all(checked)

    @property
    def errors(self) -> list[forms.Form]:
        """Return the parts in which something was not understood."""
        parts: list[forms.Form] = [self.main, *self.costs, self.custom]
        return [part for part in parts if part.is_bound and part.errors]

    @property
    def content(self) -> Content:
        """Return what was understood, with everything as typed beside it."""
        self.is_valid()
        cleaned = dict(getattr(self.main, "cleaned_data", {}))
        fields: dict[str, Any] = {}
        if self.has_main:
            stated = cleaned.get("stated")
            fields = {
                "stated_amount": stated.amount if stated else None,
                "settled_on": cleaned.get("settled_on"),
                "leads_won": cleaned.get("leads_won"),
                "result": cleaned.get("result", ""),
                "is_final": bool(cleaned.get("is_final")),
            }
        costs = [form.cost(self.claim.currency) for form in self.costs] if self.has_lines else None
        understood = None if costs is None else [cost for cost in costs if cost is not None]
        answers = self.custom.answers if self.custom.is_bound else {}
        return Content(fields, understood, typed_from_post(self.posted), answers)

    def claimed(self, kept: Claimed) -> Claimed:
        """Return the claim as the rules would see it if it were sent as typed."""
        content = self.content
        plans = {row.id: row.plan for row in self.rows}
        lines = kept.lines
        if content.costs is not None:
            lines = tuple(
                Line(
                    cost.id,
                    cost.what,
                    cost.cost,
                    plans.get(cost.id),
                    cost.supplier,
                    cost.invoice_number,
                    cost.invoice_on,
                    cost.note,
                )
                for cost in content.costs
                if cost.cost
            )
        if not self.has_main:
            return Claimed(lines, kept.proofs, kept.stated, kept.settled_on)
        stated = content.fields["stated_amount"]
        total = Money(stated, self.claim.currency) if stated is not None else None
        return Claimed(lines, kept.proofs, total, content.fields["settled_on"])


def drop(claim: Claim, kind: ProofKind, line: UUID | None = None) -> str:
    """Return a drop area for files of a kind, for one line or the whole claim."""
    asked = {"kind": kind.value} | ({"line": str(line)} if line else {})
    url = f"{reverse('mdf:claim-files', args=[claim.pk])}?{urlencode(asked)}"
    name = f"files-{kind.value}" + (f"-{line.hex}" if line else "")
    return FileDrop(upload_url=url, hint="").render(name, [], {"id": f"id_{name}"})


def typed_from_post(posted: QueryDict | None) -> dict[str, list[str]]:
    """Return what was typed, bounded and without NUL, which JSON in PostgreSQL cannot hold."""
    if posted is None:
        return {}
    names = [name for name in posted if name not in NOT_TYPED and not name.startswith("files-")]
    lists = {name: posted.getlist(name)[:MOST] for name in names[: MOST * 8 + controls.MOST_TYPED]}
    return {name: [value[:LONGEST_TYPED].replace("\0", "") for value in values] for name, values in lists.items()}


def typed_from(claim: Claim, lines: Sequence[ClaimLine]) -> dict[str, list[str]]:
    """Return a stored claim as if it had just been typed."""
    stated = Money(claim.stated_amount, claim.currency) if claim.stated_amount is not None else None
    typed = {
        "stated_currency": [claim.currency],
        "stated_amount": [written(stated) if stated else ""],
        "settled_on": [_day(claim.settled_on)],
        "leads_won": ["" if claim.leads_won is None else str(claim.leads_won)],
        "result": [claim.result],
        "is_final": ["on"] if claim.is_final else [],
    }
    for line in lines:
        prefix = f"cost-{line.pk.hex}"
        typed |= {
            f"{prefix}-what": [line.what],
            f"{prefix}-cost_currency": [line.currency],
            f"{prefix}-cost_amount": [written(line.cost) if line.cost_amount else ""],
            f"{prefix}-supplier": [line.supplier],
            f"{prefix}-invoice_number": [line.invoice_number],
            f"{prefix}-invoice_on": [_day(line.invoice_on)],
            f"{prefix}-note": [line.note],
        }
    return typed


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _rows(lines: Sequence[ClaimLine], typed: QueryDict) -> list[Row]:
    """Return the rows there are, those that were only typed so far, and a spare one."""
    rows = [
        Row(line.pk, line.plan_id, line.what, line.plan.planned if line.plan else None, is_kept=True) for line in lines
    ]
    known = {row.id for row in rows}
    for text in typed.getlist("line")[:MOST]:
        try:
            pk = UUID(text)
        except ValueError:
            continue
        if pk not in known and len(rows) < MOST:
            known.add(pk)
            rows.append(Row(pk, None, ""))
    if all(row.is_kept for row in rows) or typed.get("do") == "line":
        rows += [Row(uuid7(), None, "") for _ in range(SPARE)]
    return rows


def _read(form: forms.Form, kept: QueryDict, prefix: str) -> dict[str, Any]:
    """Return what each control would read from kept text, to show it again without judging it."""
    found = {}
    for name, field in form.fields.items():
        key = f"{prefix}-{name}" if prefix else name
        if not field.widget.value_omitted_from_data(kept, {}, key):
            found[name] = field.widget.value_from_datadict(kept, {}, key)
    return found
