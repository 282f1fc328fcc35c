"""What is typed about appeals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from prm.accounts.text import no_control_characters_but_lines
from prm.disputes.models import Status
from prm.disputes.queries import APPEAL, OUTCOME, reasons
from prm.disputes.subjects import Room
from prm.money.forms import AmountField
from prm.ui import formats
from prm.ui.forms import PortalForm

TEXT: dict[str, Any] = {
    "max_length": 4000,
    "widget": forms.Textarea,
    "validators": [no_control_characters_but_lines],
}


def _choices(area: str) -> Any:
    return lambda: [("", "—"), *((reason.code, str(reason)) for reason in reasons(area))]


class AppealForm(PortalForm):
    """Why a decision should be looked at again."""

    reason_code = forms.ChoiceField(label=_("Reason"), choices=_choices(APPEAL))
    text = forms.CharField(
        label=_("What should be looked at again?"),
        help_text=_("Say what was overlooked, with days and names. Whoever decides now had no part in the decision."),
        **TEXT,
    )


class QuestionForm(PortalForm):
    question = forms.CharField(label=_("Question"), **(TEXT | {"max_length": 2000}))


class AnswerForm(PortalForm):
    text = forms.CharField(label=_("Your answer"), **(TEXT | {"max_length": 2000}))


class OutcomeForm(PortalForm):
    """What is decided about an appeal, and why both sides can read it."""

    outcome = forms.ChoiceField(
        label=_("The first decision"),
        choices=[(Status.UPHELD.value, _("Stands")), (Status.OVERTURNED.value, _("Is overturned"))],
        widget=forms.RadioSelect,
    )
    reason_code = forms.ChoiceField(label=_("Reason"), choices=_choices(OUTCOME))
    note = forms.CharField(label=_("In words"), help_text=_("The partner and whoever decided first read this."), **TEXT)

    def __init__(self, posted: Any = None, *, room: Room | None = None) -> None:
        super().__init__(posted)
        if room is not None:
            self.fields["amount"] = AmountField(
                label=_("If it is overturned, the partner gets in all"),
                currency=room.asked.currency,
                initial=room.asked.amount,
                required=False,
                help_text=_("In %(currency)s, %(asked)s at most.")
                % {"currency": room.asked.currency, "asked": formats.money(room.asked)},
            )
            self.order_fields(["outcome", "amount"])
