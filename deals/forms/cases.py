"""What is typed about conflict cases, and how they are listed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from deals.enums import CaseDecision
from deals.models import CaseParty, Registration
from deals.rules.cases import Verdict
from deals.rules.terms import AREA
from partners.models import Partner
from prm.accounts.text import no_control_characters_but_lines
from prm.inbox.forms import OTHER, reasons
from prm.ui.forms import PortalForm
from prm.ui.lists import FilterForm, Listing, OfferedField
from prm.ui.widgets import ChoiceCards, FileDrop, Ticks

LINES = [no_control_characters_but_lines]


class OpenCaseForm(PortalForm):
    """Which rivals a case is about."""

    rivals = forms.MultipleChoiceField(
        label=_("Against"),
        widget=Ticks,
        error_messages={"required": _("Choose at least one other registration.")},
    )

    def __init__(self, *args: Any, rivals: Sequence[Registration], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(str(row.pk), f"{row.partner.name}: {row.customer_name} ({row.number})") for row in rivals]
        self.fields["rivals"].choices = names


class EvidenceRequestForm(PortalForm):
    """What all parties are asked."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    question = forms.CharField(
        label=_("What do you want to know?"),
        max_length=2000,
        widget=forms.Textarea,
        validators=LINES,
        help_text=_("All parties read the same. Name none of them."),
    )


class EvidenceForm(PortalForm):
    """What a partner brings."""

    text = forms.CharField(
        label=_("What did you do with this customer?"), max_length=4000, widget=forms.Textarea, validators=LINES
    )
    letter_on = forms.DateField(
        label=_("Customer’s letter of choice is dated"),
        widget=forms.DateInput,
        required=False,
        help_text=_(
            "Only if the customer has chosen you in writing. Attach the letter below: without a file it is none."
        ),
    )
    files = forms.FileField(label=_("Files"), required=False)

    def __init__(self, *args: Any, upload_url: str, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["files"].widget = FileDrop(upload_url=upload_url)

    def clean_letter_on(self) -> date | None:
        letter_on: date | None = self.cleaned_data["letter_on"]
        if letter_on and letter_on > self.today:
            raise forms.ValidationError(_("This day is in the future. Enter what has already happened."))
        return letter_on


class CaseDecisionForm(PortalForm):
    """A decision about the version of the case that was on the screen."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    winner = forms.ChoiceField(label=_("Who gets it"), widget=ChoiceCards)
    aside = forms.CharField(
        label=_("Why not who comes first"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        validators=LINES,
        help_text=_("Only if you choose another one. Your own people read it, the partners do not."),
    )
    is_beside = forms.BooleanField(
        label=_("The others are approved beside it, as second partners without a protection"),
        required=False,
        help_text=_("They get what the rules give a second partner. Nobody is refused then."),
    )
    reason_code = forms.ChoiceField(label=_("Reason for those who do not get it"))
    note = forms.CharField(
        label=_("Note to those who do not get it"),
        max_length=2000,
        required=False,
        widget=forms.Textarea,
        validators=LINES,
        help_text=_("They read it. Name no other partner."),
    )

    def __init__(
        self,
        *args: Any,
        decision: CaseDecision,
        parties: Sequence[CaseParty],
        families: Mapping[UUID, str],
        suggested: CaseParty | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.decision, self.families, self.suggested = decision, families, suggested
        names = {str(p.pk): f"{p.registration.partner.name} ({p.registration.number})" for p in parties}
        self.fields["winner"].choices = list(names.items())
        self.fields["reason_code"].choices = [("", _("Choose a reason")), *reasons(AREA)]
        if suggested and decision == CaseDecision.AWARD:
            self.initial["winner"] = str(suggested.pk)
        else:
            del self.fields["aside"]
        if decision != CaseDecision.AWARD:
            del self.fields["is_beside"]
        if decision not in (CaseDecision.AWARD, CaseDecision.MERGE):
            del self.fields["winner"]
        if decision == CaseDecision.MERGE:
            self.fields["winner"].label = _("Which one is kept")
            self.fields["note"].label = _("Note to those whose registration is merged")
            del self.fields["reason_code"]
        if decision in (CaseDecision.APART, CaseDecision.SHARE):
            del self.fields["reason_code"], self.fields["note"]
        if decision == CaseDecision.SPLIT:
            for pk, name in families.items():
                choices = [("", _("Nobody"))] + [
                    (str(p.pk), names[str(p.pk)])
                    for p in parties
                    if pk in {line.family_id for line in p.registration.lines.all()}
                ]
                self.fields[f"family_{pk}"] = forms.ChoiceField(label=name, choices=choices, required=False)
            self.order_fields(["version", *(f"family_{pk}" for pk in families), "reason_code", "note"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("is_beside"):
            self.errors.pop("reason_code", None)
            cleaned["reason_code"] = cleaned["note"] = ""
        if cleaned.get("reason_code") == OTHER and not cleaned.get("note") and "note" not in self.errors:
            self.add_error("note", _("Write what the reason is. The partner reads it."))
        is_other = self.suggested and cleaned.get("winner") and cleaned["winner"] != str(self.suggested.pk)
        if "aside" in self.fields and is_other and not cleaned.get("aside") and "aside" not in self.errors:
            self.add_error("aside", _("By your terms another one comes first. Write why it is to be this one."))
        return cleaned

    @property
    def verdict(self) -> Verdict:
        said = self.cleaned_data
        split = {pk: UUID(said[f"family_{pk}"]) for pk in self.families if said.get(f"family_{pk}")}
        winner = UUID(said["winner"]) if said.get("winner") else None
        return Verdict(self.decision, winner=winner, split=split, is_beside=bool(said.get("is_beside")))


class CaseFilter(FilterForm):
    """What the list of cases can be narrowed by."""

    q = forms.CharField(label=_("Search"), max_length=100)
    partner = OfferedField(lambda: Partner.objects.order_by("name").values_list("pk", "name"), label=_("Partner"))

    def narrow_q(self, rows: QuerySet, text: str) -> QuerySet:
        for word in text.split()[:5]:
            rows = rows.filter(Q(number__iexact=word) | Q(customer__name__icontains=word))
        return rows

    def narrow_partner(self, rows: QuerySet, partner: UUID) -> QuerySet:
        parties = CaseParty.objects.filter(case=OuterRef("pk"), registration__partner=partner)
        return rows.filter(Exists(parties))


class CaseList(Listing):
    """Cases, the latest opened first."""

    filters = CaseFilter
    sorts = {"customer": "customer__name", "opened": "opened_at", "evidence": "evidence_by"}
    first_sort = "-opened"

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The tab stays, too, when filters change."""
        view = self.params.get("view", "")
        return [*super().kept, *([("view", view)] if view else [])]


class PartyList(Listing):
    """The conflicts of one's own registrations, the latest first."""

    sorts = {"joined": "joined_at", "evidence": "evidence_by"}
    first_sort = "-joined"
