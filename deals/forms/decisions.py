"""What is asked of a person who decides."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from deals.enums import Award
from prm.inbox import forms as deciding
from prm.inbox.forms import TEXT, DecisionForm, ReasonForm

ASKABLE = [
    ("type", _("Type of deal")),
    ("distributor", _("Distributor")),
    ("source", _("Who brought it up?")),
    ("customer_name", _("Company name")),
    ("customer_website", _("Website")),
    ("customer_tax_id", _("Tax number")),
    ("customer_country", _("Country")),
    ("customer_city", _("City")),
    ("contact_name", _("Contact name")),
    ("contact_email", _("Contact e-mail")),
    ("products", _("Products")),
    ("value", _("Value")),
    ("close_on", _("Expected close")),
    ("starts_on", _("Expected start")),
    ("tender_published_on", _("Tender published on")),
    ("reason_to_buy", _("Why now")),
    ("letter_on", _("Customer’s letter of choice")),
    ("activities", _("Pre-sales activities")),
    ("files", _("Files")),
]
LOOKED_AT = [*ASKABLE, ("custom", _("Custom fields"))]  # by approval steps


class QuestionForm(deciding.QuestionForm):
    """A question to the partner; what is named opens again for it."""

    askable = ASKABLE


class ApprovalForm(DecisionForm):
    """An approval, alone or beside others."""

    award = forms.TypedChoiceField(choices=Award.choices, coerce=Award, empty_value=None, required=False)


class AsideForm(DecisionForm):
    """Why this one is approved though another comes first by the terms."""

    title = _("Approve, though another comes first")
    button = _("Approve")
    note_to = _("Only your own people read the reason.")

    aside = forms.CharField(label=_("Why it is to be this one"), **TEXT | {"widget": forms.Textarea(attrs={"rows": 3})})


class ResearchForm(DecisionForm):
    """What has to be found out before a decision."""

    title = _("Take time for research")
    button = _("Take the time")
    note_to = _("The partner is told until when you decide, and reads the note. This is possible once.")

    note = forms.CharField(label=_("Note to the partner"), required=False, **TEXT)


class RejectionForm(ReasonForm):
    area = "deals.registration"
    title = _("Reject this registration")
    button = _("Reject registration")
    note_to = _("The partner reads the reason and the note.")


class ExtensionRefusalForm(ReasonForm):
    area = "deals.extension"
    title = _("Reject the extension")
    button = _("Reject extension")
    note_to = _("The protection keeps its last day. The partner reads the reason and the note.")


class AmendmentRefusalForm(ReasonForm):
    area = "deals.amendment"
    title = _("Refuse the change")
    button = _("Refuse change")
    note_to = _("The deal goes on as it is. The partner reads the reason and the note.")


class RevocationForm(ReasonForm):
    area = "deals.revocation"
    title = _("Revoke the protection")
    button = _("Revoke protection")
    note_to = _("The customer is free for other partners at once. The partner reads the reason and the note.")
