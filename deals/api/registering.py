"""What a partner's program sends to register a deal and to go on with it: what the pages ask for, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from deals import permissions
from deals.forms.actions import CheckInForm, LossForm, NoteForm, SaleForm, StageForm
from deals.forms.registrations import CURRENCIES, ActivityForm, FactsForm, LineForm, activities_in, columns_of
from deals.models import ProductFamily, Registration
from deals.queries import distributors, people, types
from deals.queries.terms import pinned, today_of_vendor
from deals.services import check_ins, outcomes, protection, registrations
from deals.services.drafts import Content, Line
from partners.models import Partner
from prm.accounts.roles import Role
from prm.api.reading import MOST_ROWS
from prm.api.resources import Act


class LineInput(LineForm):
    """A product family, and perhaps a product of it."""

    family = forms.ModelChoiceField(
        label=_("Code of the product family"), queryset=ProductFamily.across_tenants.none(), to_field_name="code"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["family"].queryset = ProductFamily.objects.filter(is_active=True)
        self.fields["product"].to_field_name = "sku"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        family, product = cleaned.get("family"), cleaned.get("product")
        if family and product and product.family_id != family.pk:
            self.add_error("product", _("This product is of another family."))
        return cleaned


class ActivityInput(ActivityForm):
    """Something done with the customer before registering."""


LISTS: Mapping[str, type[forms.Form]] = {"lines": LineInput, "activities": ActivityInput}


class RegistrationInput(FactsForm):
    """A whole registration, sent at once."""

    owner = forms.EmailField(
        label=_("E-mail of who looks after it"),
        required=False,
        help_text=_("One of your people who work on deals; without it, an administrator"),
    )

    def __init__(self, typed: Any, *, partner: Partner, today: date, currency: str) -> None:
        self.partner = partner
        super().__init__(
            typed,
            today=today,
            currencies=list(dict.fromkeys((currency, *CURRENCIES))),
            types=types.offered(),
            distributors=distributors.offered_to(partner),
        )
        self.rows = {
            name: forms.formset_factory(row, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS)(
                typed,
                prefix=name,
                form_kwargs={"empty_permitted": False} | ({"today": today} if row is ActivityInput else {}),
            )
            for name, row in LISTS.items()
        }

    def clean_owner(self) -> Any:
        email = self.cleaned_data["owner"].lower()
        sellers = list(people.sellers_at(self.partner.pk))
        if email:
            sellers = [seller for seller in sellers if seller.user.email.lower() == email]
        if not sellers:
            raise forms.ValidationError(_("Nobody of your firm who works on deals has this address."), code="owner")
        return next((seller for seller in sellers if seller.role == Role.PARTNER_ADMIN), sellers[0]).user_id

    def clean(self) -> dict[str, Any]:
        """Say of each row what is not right at its place; a deal is about something."""
        cleaned = super().clean() or {}
        for name, rows in self.rows.items():
            for number, told in enumerate(rows.errors):
                for field, errors in told.items():
                    self.errors[f"{name}.{number}.{field}".replace("__all__", "record")] = errors
        if not self.rows["lines"].forms:
            self.errors["lines"] = self.error_class([_("Name a product family at least.")])
        return cleaned

    def content(self, custom: Mapping[str, Any]) -> Content:
        """Return what was sent; it is bought through the partner's own distributor unless something else is said."""
        cleaned = dict(self.cleaned_data)
        owner = cleaned.pop("owner")
        if "distributor" not in self.data:
            cleaned["distributor"] = self.partner.distributor_id and str(self.partner.distributor_id)
        fields = columns_of(cleaned, types.offered()[0].code) | {"owner_id": owner}
        return Content(fields, self._lines(), activities_in(self._sent("activities")), custom=custom)

    def _lines(self) -> list[Line]:
        """Return the products, each once, and every family that no product stands for, as the page does."""
        found: dict[Any, Line] = {}
        rows = self._sent("lines")
        for row in [*filter(itemgetter("product"), rows), *rows]:
            family, product = row["family"], row["product"]
            if product or family.pk not in {line.family.pk for line in found.values()}:
                found.setdefault(product or family, Line(family, product, row["quantity"]))
        return list(found.values())

    def _sent(self, name: str) -> list[dict[str, Any]]:
        return [form.cleaned_data for form in self.rows[name].forms]


# -- and then --------------------------------------------------------------------------------------------
def _check_in(row: Registration, at: datetime) -> dict[str, Any]:
    kept = row.close_on if pinned(row.policy).amendment_all_decided else None
    return {"today": today_of_vendor(at), "kept": kept}


def _sale(row: Registration, at: datetime) -> dict[str, Any]:
    since = today_of_vendor(row.submitted_at) if row.submitted_at else None
    return {"value": row.value, "today": today_of_vendor(at), "since": since}


ACTS = [
    Act("withdrawal", _("Withdraw"), permissions.can_register, NoteForm, registrations.withdraw),
    Act("release", _("Release the protection"), permissions.can_register, NoteForm, protection.release),
    Act("stage", _("Change the stage"), permissions.can_register, StageForm, outcomes.advance),
    Act("check-in", _("Check in"), permissions.can_register, CheckInForm, check_ins.confirm, _check_in),
    Act("win", _("Mark won"), permissions.can_register, SaleForm, outcomes.win, _sale),
    Act("loss", _("Mark lost"), permissions.can_register, LossForm, outcomes.lose),
    Act("reopening", _("Reopen"), permissions.can_register, NoteForm, outcomes.reopen),
]
