"""What is asked of a person who decides about an application, or about somebody who wants to join."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.enums import PartnerType
from partners.forms.questionnaires import PREFIX, wording
from partners.models import Application, Partner, Tier
from partners.queries import applications as queries
from partners.queries.applications import Dossier
from partners.queries.partners import tiers
from partners.rules.catalogue import APPLICATION
from partners.rules.joining import REASONS
from partners.services.application_decisions import Placement
from prm.accounts.models import Membership
from prm.accounts.roles import PARTNER_ROLES, Role
from prm.accounts.text import no_control_characters, no_control_characters_but_lines
from prm.custom_fields import queries as custom_fields
from prm.custom_fields.kinds import KINDS
from prm.policies.models import ReasonCode
from prm.ui.forms import PortalForm

OTHER = "other"
LINES = [no_control_characters_but_lines]
ASKABLE = [
    ("company_name", _("Company name")),
    ("website", _("Website")),
    ("country", _("Country")),
    ("city", _("City")),
    ("address", _("Street, number and postal code")),
    ("tax_id", _("Tax number")),
    ("contact_name", _("Contact name")),
]


class Ticks(forms.CheckboxSelectMultiple):
    """Many short options in two columns."""

    template_name = "partners/applications/_ticks.html"


class DecisionForm(PortalForm):
    """A decision about the version of the application that was on the screen."""

    title: ClassVar[Any] = ""
    button: ClassVar[Any] = ""
    note_to: ClassVar[Any] = ""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, dossier: Dossier, deciders: list[Membership], **kwargs: Any) -> None:
        self.dossier, self.deciders = dossier, deciders
        super().__init__(*args, **kwargs)

    @property
    def facts(self) -> dict[str, Any]:
        """Return what the service is called with."""
        return dict(self.cleaned_data)

    def take_focus(self) -> None:
        """Put the cursor where the typing goes on: into the first field that was refused, or the first."""
        fields = self.visible_fields()
        if not self.non_field_errors():
            first = next((field for field in fields if field.errors), fields[0])
            first.field.widget.attrs["autofocus"] = True


class ApprovalForm(DecisionForm):
    """As what the firm becomes a partner, and who is its first administrator."""

    title = _("Approve this application")
    button = _("Approve and invite")
    note_to = _("The partner is made, and its first administrator is invited at once. This cannot be taken back.")

    type = forms.ChoiceField(label=_("Type"), choices=PartnerType.choices)
    tier = forms.ModelChoiceField(
        label=_("Tier"), queryset=Tier.across_tenants.none(), required=False, empty_label=_("No tier yet")
    )
    manager = forms.ChoiceField(label=_("Channel manager"))
    distributor = forms.ModelChoiceField(
        label=_("Distributor"),
        queryset=Partner.across_tenants.none(),
        required=False,
        empty_label=_("None, it buys from us"),
    )
    admin_name = forms.CharField(label=_("First administrator"), max_length=120, validators=[no_control_characters])
    admin_email = forms.EmailField(
        label=_("E-mail for the invitation"), max_length=254, validators=[no_control_characters]
    )
    note = forms.CharField(
        label=_("Note to the applicant"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        validators=LINES,
    )
    is_another_company = forms.BooleanField(label=_("It is another company"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tier"].queryset = tiers()  # type: ignore[attr-defined]
        self.fields["distributor"].queryset = queries.distributors()  # type: ignore[attr-defined]
        people = [(str(member.user_id), member.user.name) for member in self.deciders]
        self.fields["manager"].choices = people  # type: ignore[attr-defined]
        known = self.dossier.known_partner
        if known is None:
            del self.fields["is_another_company"]
        else:
            words = _("It is another company than %(partner)s") % {"partner": known.name}
            self.fields["is_another_company"].label = words

    @property
    def facts(self) -> dict[str, Any]:
        chosen = self.cleaned_data
        placement = Placement(
            type=PartnerType(chosen["type"]),
            tier=chosen["tier"],
            distributor=chosen["distributor"],
            manager_id=next(m.user_id for m in self.deciders if str(m.user_id) == chosen["manager"]),
            admin_name=chosen["admin_name"],
            admin_email=chosen["admin_email"],
            is_another_company=chosen.get("is_another_company", False),
        )
        return {"placement": placement, "note": chosen["note"], "version": chosen["version"]}

    @staticmethod
    def suggested(dossier: Dossier, by: Membership) -> dict[str, Any]:
        """Return what the form starts with: the suggestions, and what the applicant said."""
        application = dossier.application
        return {
            "type": application.type,
            "tier": dossier.suggested_tier,
            "manager": str(application.owner_id or by.user_id),
            "admin_name": application.contact_name,
            "admin_email": application.contact_email,
        }


class QuestionForm(DecisionForm):
    """A question to the applicant; the facts and answers named open again for it."""

    title = _("Ask for information")
    button = _("Send question")
    note_to = _("The applicant reads it in a mail. The clock of your promise stands still until the answer.")

    question = forms.CharField(
        label=_("Question"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), validators=LINES
    )
    reopened = forms.MultipleChoiceField(
        label=_("What the applicant may change"),
        required=False,
        widget=Ticks,
        help_text=_("Everything else stays as it was sent."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = self.dossier.score.lines
        asked = [(f"{PREFIX}{line.question.code}", wording(line.question)) for line in lines]
        asked += custom_fields.askable(KINDS[APPLICATION], self.dossier.application, timezone.now())
        self.fields["reopened"].choices = [*ASKABLE, *asked]  # type: ignore[attr-defined]

    @property
    def facts(self) -> dict[str, Any]:
        chosen = self.cleaned_data
        return {
            "question": chosen["question"],
            "fields": tuple(chosen["reopened"]),
            "version": chosen["version"],
        }


class RejectionForm(DecisionForm):
    """A reason from the vendor's list, and a note that the applicant reads too."""

    title = _("Reject this application")
    button = _("Reject application")
    note_to = _("The applicant reads the reason and the note.")

    reason_code = forms.ChoiceField(label=_("Reason"))
    note = forms.CharField(
        label=_("Note to the applicant"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=LINES,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason_code"].choices = [("", _("Choose a reason")), *reasons().items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reason_code") == OTHER and not cleaned.get("note") and "note" not in self.errors:
            self.add_error("note", _("Write what the reason is. The applicant reads it."))
        return cleaned


def reasons() -> dict[str, str]:
    """Return the vendor's reasons; "other" is always there, so that an emptied list stops nobody."""
    rows = ReasonCode.objects.filter(area=REASONS, is_active=True).order_by("position", "code")
    found = {row.code: str(row) for row in rows}
    found.setdefault(OTHER, str(ReasonCode.LABELS[OTHER]))
    return found


class OwnerForm(PortalForm):
    """Who looks after an application."""

    owner = forms.ChoiceField(label=_("Owner"), required=False)

    def __init__(self, *args: Any, application: Application, deciders: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, initial={"owner": str(application.owner_id or "")}, **kwargs)
        self.deciders = deciders
        people = [(str(member.user_id), member.user.name) for member in deciders]
        self.fields["owner"].choices = [("", _("The team")), *people]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Membership | None:
        return next((m for m in self.deciders if str(m.user_id) == self.cleaned_data["owner"]), None)


class JoinInvitationForm(PortalForm):
    """As what somebody is let in, and where no partner was found, for which."""

    role = forms.ChoiceField(label=_("Role"))
    partner = forms.ModelChoiceField(
        label=_("Partner"), queryset=Partner.across_tenants.none(), empty_label=_("Choose a partner")
    )

    def __init__(self, *args: Any, needs_partner: bool, **kwargs: Any) -> None:
        super().__init__(*args, initial={"role": Role.PARTNER_SALES}, **kwargs)
        self.fields["role"].choices = [(r.value, r.label) for r in Role if r in PARTNER_ROLES]  # type: ignore[attr-defined]
        if needs_partner:
            self.fields["partner"].queryset = Partner.objects.order_by("name")  # type: ignore[attr-defined]
        else:
            del self.fields["partner"]
