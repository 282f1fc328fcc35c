"""The form in which a partner plans an activity and asks for money."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from deals.models import Registration
from mdf.models import ActivityType, FundProgram, FundRequest
from mdf.queries.funds import Share
from mdf.rules.catalogue import AREA
from mdf.rules.eligibility import Plan
from mdf.services.drafts import Content, Line
from prm.accounts.text import no_control_characters, no_control_characters_but_lines
from prm.custom_fields import controls
from prm.money import Money
from prm.money.forms import AmountField, written
from prm.ui import formats
from prm.ui.forms import PortalForm
from prm.ui.widgets import ChoiceCards, FileDrop

LONGEST_TYPED = 4000
MOST_TYPED = 200 + controls.MOST_TYPED
NOT_TYPED = ("csrfmiddlewaretoken", "id", "version", "do", "files", "submission", controls.STATE)
ROWS, MORE, MOST = 3, 3, 40
PLAIN = [no_control_characters]
JUDGED = ("fund", "activity_type", "starts_on", "ends_on")


class RequestForm(PortalForm):
    """Activity, result and money. Fields keep the names of the request's columns."""

    fund = forms.ModelChoiceField(label=_("Fund"), queryset=FundProgram.across_tenants.none(), empty_label=None)
    activity_type = forms.ModelChoiceField(
        label=_("Kind of activity"), queryset=ActivityType.across_tenants.none(), empty_label=_("Choose a kind")
    )
    title = forms.CharField(
        label=_("Title"), max_length=160, validators=PLAIN, help_text=_("How everybody will call it.")
    )
    starts_on = forms.DateField(label=_("First day"), widget=forms.DateInput)
    ends_on = forms.DateField(label=_("Last day"), widget=forms.DateInput)
    audience = forms.CharField(
        label=_("Audience"),
        max_length=300,
        validators=PLAIN,
        help_text=_("Who is invited or addressed, and how many of them?"),
    )
    expected_result = forms.CharField(
        label=_("Expected result"),
        max_length=2000,
        widget=forms.Textarea,
        validators=[no_control_characters_but_lines],
        help_text=_("What will be different afterwards? The decision rests on this."),
    )
    expected_leads = forms.IntegerField(
        label=_("Expected leads"), min_value=0, required=False, validators=[MaxValueValidator(1_000_000)]
    )
    registration = forms.ModelChoiceField(
        label=_("For a registered deal"),
        queryset=Registration.across_tenants.none(),
        required=False,
        empty_label=_("For no deal in particular"),
    )
    files = forms.Field(label=_("Files"), required=False)

    def __init__(self, *args: Any, facts: Facts, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facts = facts
        shares = {str(share.fund.pk): share for share in facts.shares}
        fund = self.fields["fund"]
        fund.queryset = FundProgram.objects.filter(pk__in=list(shares)).order_by("ends_on", "name")
        fund.widget = ChoiceCards(hints={pk: _hint(share, facts.today) for pk, share in shares.items()}, columns=2)
        fund.widget.choices = fund.choices
        self.fields["activity_type"].queryset = ActivityType.objects.filter(is_active=True).order_by("position", "name")
        self.fields["registration"].queryset = facts.deals
        self.fields["expected_revenue"] = AmountField(
            label=_("Expected revenue"), currency=facts.currency, required=False, help_text=facts.currency
        )
        self.fields["files"].widget = FileDrop(
            upload_url=facts.upload_url,
            hint=_("Offers, a program or a plan. PDF, image or Office file, up to 20 MB each."),
        )
        for name in JUDGED if facts.check_url else ():
            self.fields[name].widget.attrs |= _live_check(facts.check_url)
        self.order_fields(
            [
                "fund",
                "activity_type",
                "title",
                "starts_on",
                "ends_on",
                "audience",
                "expected_result",
                "expected_leads",
                "expected_revenue",
                "registration",
                "files",
            ]
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day is before the first."))
        return cleaned


class LineForm(PortalForm):
    """A cost of the activity; rows may stay empty."""

    marks_optional = False

    what = forms.CharField(label=_("Cost"), max_length=200, required=False, validators=PLAIN)

    def __init__(self, *args: Any, facts: Facts, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["planned"] = AmountField(
            label=_("Planned, %(currency)s") % {"currency": facts.currency}, currency=facts.currency, required=False
        )
        if facts.check_url:
            self.fields["planned"].widget.attrs |= _live_check(facts.check_url)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("planned") and not cleaned.get("what") and "what" not in self.errors:
            self.add_error("what", _("Say what this amount is for."))
        if cleaned.get("what") and not cleaned.get("planned") and "planned" not in self.errors:
            self.add_error("planned", _("Enter what it will cost."))
        return cleaned

    @property
    def line(self) -> Line | None:
        """Return the cost, if there is one."""
        cleaned = getattr(self, "cleaned_data", {})
        amount = cleaned.get("planned")
        return Line(cleaned.get("what") or "", amount) if amount else None


class Facts:
    """What the form has to know: the partner's funds and deals, today, and where its parts are checked."""

    def __init__(
        self,
        shares: Collection[Share],
        deals: Any,
        *,
        today: date,
        currency: str,
        upload_url: str = "",
        check_url: str = "",
    ) -> None:
        self.shares, self.deals, self.today, self.currency = list(shares), deals, today, currency
        self.upload_url, self.check_url = upload_url, check_url

    def share(self, fund: FundProgram | None) -> Share | None:
        """Return the partner's share of a fund."""
        return next((share for share in self.shares if fund is not None and share.fund.pk == fund.pk), None)


class PlanForm:
    """The whole page: the form and its cost lines, from what was posted or from what is kept.

    `only` leaves just the fields the vendor asked for; `lines` stands for the costs.
    """

    def __init__(
        self,
        request: FundRequest | None,
        facts: Facts,
        *,
        posted: QueryDict | None = None,
        only: Collection[str] | None = None,
        start: Mapping[str, Any] | None = None,
    ) -> None:
        self.facts, self.posted = facts, posted
        kept = QueryDict(mutable=True)
        if request is not None:
            for name, values in (request.typed or typed_from(request)).items():
                kept.setlist(name, values)
        facts.currency = _currency(posted if posted is not None else kept, request, facts, start or {})
        Lines = forms.formset_factory(
            LineForm, extra=0, min_num=_rows_wanted(posted, kept), max_num=MOST, absolute_max=MOST
        )
        if posted is None:
            self.main = RequestForm(facts=facts)
            self.main.initial = {**(start or {}), **_read(self.main, kept)}
            rows = _rows(LineForm(facts=facts), kept)
            self.lines = Lines(prefix="lines", initial=rows, form_kwargs={"facts": facts})
        else:
            self.main = RequestForm(posted, facts=facts)
            data = posted.copy()
            data["lines-TOTAL_FORMS"] = str(_rows_wanted(posted, kept))
            self.lines = Lines(data, prefix="lines", form_kwargs={"facts": facts})
        self.custom = controls.answers_of(AREA, request, posted=posted, typed=kept, currency=facts.currency, only=only)
        self.has_lines = only is None or "lines" in only
        for name in list(self.main.fields):
            if only is not None and name not in only:
                del self.main.fields[name]

    def is_valid(self) -> bool:
        """Check all parts, so that all errors show at once."""
        checked = [self.main.is_valid(), self.custom.is_valid()]
        if self.has_lines:
            checked.append(self.lines.is_valid())
            if all(checked) and not self.costs:
                self.main.add_error(None, _("Add at least one cost: what it is and what it will cost."))
                checked.append(False)
        return all(checked)

    @property
    def costs(self) -> list[Line]:
        """Return the costs that were understood."""
        if not self.lines.is_bound:
            return []
        self.lines.is_valid()
        return [line for form in self.lines.forms if (line := form.line)]

    @property
    def content(self) -> Content:
        """Return what was understood, with everything as typed beside it; what was not is left empty."""
        self.main.is_valid()
        cleaned = {name: getattr(self.main, "cleaned_data", {}).get(name) for name in self.main.fields}
        cleaned.pop("files", None)
        for name in ("title", "audience", "expected_result"):
            if name in cleaned:
                cleaned[name] = cleaned[name] or ""
        costs = self.costs if self.has_lines else None
        answers = self.custom.answers if self.custom.is_bound else {}
        return Content(cleaned, costs, typed_from_post(self.posted or {}), answers)

    @property
    def plan(self) -> Plan:
        """Return as much of the plan as can be judged."""
        self.main.is_valid()
        cleaned = getattr(self.main, "cleaned_data", {})
        kind = cleaned.get("activity_type")
        return Plan(kind.pk if kind else None, cleaned.get("starts_on"), cleaned.get("ends_on"))

    @property
    def fund(self) -> FundProgram | None:
        """Return the fund that was chosen."""
        self.main.is_valid()
        return getattr(self.main, "cleaned_data", {}).get("fund")


def typed_from_post(posted: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what was typed, bounded and without NUL, which JSON in PostgreSQL cannot hold."""
    names = [name for name in posted if name not in NOT_TYPED]
    lists = {name: posted.getlist(name)[:30] for name in names[:MOST_TYPED]}  # type: ignore[attr-defined]
    return {name: [value[:LONGEST_TYPED].replace("\0", "") for value in values] for name, values in lists.items()}


def typed_from(request: FundRequest) -> dict[str, list[str]]:
    """Return a stored request as if it had just been typed."""
    plain = ("title", "starts_on", "ends_on", "audience", "expected_result", "expected_leads")
    typed = {name: [_text(getattr(request, name))] for name in plain}
    for name in ("fund", "activity_type", "registration"):
        typed[name] = [_text(getattr(request, f"{name}_id"))]
    if request.expected_revenue is not None and request.currency:
        typed["expected_revenue"] = [written(Money(request.expected_revenue, request.currency))]
    lines = list(request.lines.order_by("position"))
    for number, line in enumerate(lines):
        typed[f"lines-{number}-what"] = [line.what]
        typed[f"lines-{number}-planned"] = [written(line.planned)]
    typed["lines-TOTAL_FORMS"] = [str(len(lines))]
    return typed


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _hint(share: Share, today: date) -> str:
    until = formats.day(share.allocation.last_day, today, short=True)
    return _("%(available)s available, until %(day)s") % {
        "available": formats.money(share.available),
        "day": until,
    }


def _currency(typed: QueryDict, request: FundRequest | None, facts: Facts, start: Mapping[str, Any]) -> str:
    """Return the currency of the chosen fund: amounts are typed in it."""
    chosen = typed.get("fund") or str(start.get("fund") or "") or (str(request.fund_id) if request else "")
    for share in facts.shares:
        if str(share.fund.pk) == chosen:
            return share.fund.currency
    return facts.shares[0].fund.currency if facts.shares else facts.currency


def _live_check(url: str) -> dict[str, str]:
    """Ask what the fund says to it, a moment after the last key; the answer never moves the focus."""
    return {
        "hx-post": url,
        "hx-trigger": "input changed delay:350ms, change",
        "hx-target": "#plan",
        "hx-swap": "innerHTML",
        "hx-sync": "closest form:replace",
    }


def _rows_wanted(posted: QueryDict | None, kept: QueryDict) -> int:
    typed = posted if posted is not None else kept
    total = typed.get("lines-TOTAL_FORMS", "0")
    rows = min(int(total), MOST) if total.isdecimal() and len(total) < 5 else 0
    if posted is None:
        rows += 1 if rows >= ROWS else 0
    elif posted.get("do") == "lines":
        rows += MORE
    return min(max(rows, ROWS), MOST)


def _read(form: forms.Form, kept: QueryDict, prefix: str = "") -> dict[str, Any]:
    """Return what each control would read from kept text, to show it again without judging it."""
    found = {}
    for name, field in form.fields.items():
        key = f"{prefix}-{name}" if prefix else name
        if not field.widget.value_omitted_from_data(kept, {}, key):
            found[name] = field.widget.value_from_datadict(kept, {}, key)
    return found


def _rows(form: forms.Form, kept: QueryDict) -> list[dict[str, Any]]:
    total = kept.get("lines-TOTAL_FORMS", "0")
    count = min(int(total), MOST) if total.isdecimal() and len(total) < 9 else 0
    rows = [_read(form, kept, f"lines-{number}") for number in range(count)]
    return [row for row in rows if any(row.values())]
