"""What finance types about an account to pay from."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from stdnum import bic, iban
from stdnum.exceptions import ValidationError

from mdf.services.paying_accounts import Details
from prm.accounts.text import no_control_characters
from prm.money.amounts import currencies
from prm.ui.forms import PortalForm

LINE: dict[str, Any] = {"validators": [no_control_characters]}
BETWEEN_GROUPS = re.compile(r"[\s./-]")


class PayingAccountForm(PortalForm):
    """An account of the vendor."""

    currency = forms.ChoiceField(label=_("Currency"))
    holder = forms.CharField(label=_("Account holder"), max_length=70, **LINE)
    iban = forms.CharField(
        label=_("IBAN"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}), **LINE
    )
    bic = forms.CharField(
        label=_("BIC"), max_length=20, required=False, help_text=_("Some banks ask for it in the file."), **LINE
    )

    def __init__(self, *args: Any, first: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = [first, *sorted(currencies() - {first})]
        self.fields["currency"].choices = [(code, code) for code in codes]

    def clean_iban(self) -> str:
        number = _compact(self.cleaned_data["iban"])
        try:
            return str(iban.validate(number))
        except ValidationError as error:
            raise forms.ValidationError(
                _("This is no IBAN: a digit is missing or wrong. Compare it with a statement.")
            ) from error

    def clean_bic(self) -> str:
        code = _compact(self.cleaned_data["bic"])
        if code and not bic.is_valid(code):
            raise forms.ValidationError(_("A BIC has 8 or 11 letters and digits, such as COBADEFFXXX."))
        return code

    @property
    def details(self) -> Details:
        return Details(**{name: self.cleaned_data[name] for name in ("currency", "holder", "iban", "bic")})


def _compact(typed: str) -> str:
    return BETWEEN_GROUPS.sub("", typed).upper()
