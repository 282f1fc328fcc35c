"""What is asked of people who let a deal go to another partner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from deals.forms.actions import TEXT
from deals.forms.decisions import ReasonForm
from partners.models import Partner
from prm.accounts.models import Membership
from prm.accounts.text import no_control_characters
from prm.files.models import File
from prm.ui.forms import PortalForm
from prm.ui.widgets import Ticks

MOST = 50


class FindForm(PortalForm):
    """Words of the name of the partner that should get the deal."""

    q = forms.CharField(label=_("Name of the partner"), max_length=100, required=False)

    def found(self, rows: QuerySet[Partner]) -> list[Partner]:
        """Return the partners that are called so."""
        words = self.cleaned_data["q"].split()[:5] if self.is_valid() else []
        for word in words:
            rows = rows.filter(name__icontains=word)
        return list(rows[:MOST])


class TransferForm(ReasonForm):
    """Why, who looks after the deal at the new partner, and which of its files it needs."""

    area = "deals.transfer"

    owner = forms.ChoiceField(label=_("Who looks after it there"), required=False)
    files = forms.MultipleChoiceField(
        label=_("Files that go along"),
        required=False,
        widget=Ticks,
        help_text=_(
            "Tick only what belongs to the customer, such as its letter or its tender, and nothing that is internal to "
            "the partner that has the deal now."
        ),
    )
    is_overruled = forms.BooleanField(label=_("Transfer it all the same"), required=False)

    def __init__(
        self, *args: Any, sellers: Sequence[Membership], files: Sequence[File], hoards: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if files:
            self.fields["files"].choices = [(str(file.pk), file.name) for file in files]  # type: ignore[attr-defined]
        else:
            del self.fields["files"]
        if not hoards:
            del self.fields["is_overruled"]
        self.sellers = {str(seller.pk): seller for seller in sellers}
        names = [(pk, seller.user.name or seller.user.email) for pk, seller in self.sellers.items()]
        self.fields["owner"].choices = [("", _("An administrator of the partner")), *names]  # type: ignore[attr-defined]
        self.fields["note"].label = _("Note for your own people")
        self.order_fields(["owner", "files", "reason_code", "note", "is_overruled", "version"])

    def clean_owner(self) -> Membership | None:
        return self.sellers.get(self.cleaned_data["owner"])


class TransferRefusalForm(ReasonForm):
    """Why a deal stays where it is; the partner reads it."""

    area = "deals.transfer"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["version"]


class TransferRequestForm(PortalForm):
    """Which firm should have the deal, as the partner calls it, and why."""

    firm = forms.CharField(
        label=_("Firm"),
        max_length=200,
        validators=[no_control_characters],
        help_text=_("Its name and place. Whether it is a partner, and who, the vendor finds out."),
    )
    wish = forms.CharField(label=_("Why should it have the deal?"), **TEXT)
