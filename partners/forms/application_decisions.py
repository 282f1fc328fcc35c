"""What is asked of a person who decides about an application, or about somebody who wants to join."""

from __future__ import annotations

from typing import Any

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
from prm.inbox import forms as deciding
from prm.ui.forms import PortalForm

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


class DecisionForm(deciding.DecisionForm):
    """A decision about an application, with what is known of it and who may decide."""

    def __init__(self, *args: Any, dossier: Dossier, deciders: list[Membership], **kwargs: Any) -> None:
        self.dossier, self.deciders = dossier, deciders
        super().__init__(*args, **kwargs)


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


class QuestionForm(deciding.QuestionForm, DecisionForm):
    """A question to the applicant; the facts and answers named open again for it."""

    askable = ASKABLE
    note_to = _("The applicant reads it in a mail. The clock of your promise stands still until the answer.")

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        asked = [(f"{PREFIX}{line.question.code}", wording(line.question)) for line in dossier.score.lines]
        asked += custom_fields.askable(KINDS[APPLICATION], dossier.application, timezone.now())
        super().__init__(*args, dossier=dossier, custom=asked, **kwargs)
        self.fields["reopened"].label = _("What the applicant may change")
        self.fields["reopened"].help_text = _("Everything else stays as it was sent.")


class RejectionForm(deciding.ReasonForm, DecisionForm):
    """A reason from the vendor's list, and a note that the applicant reads too."""

    area = REASONS
    title = _("Reject this application")
    button = _("Reject application")
    note_to = _("The applicant reads the reason and the note.")
    wants_note = _("Write what the reason is. The applicant reads it.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].label = _("Note to the applicant")


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
