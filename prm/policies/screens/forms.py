"""From which day on a draft is in force, and how the rules of a draft work together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from prm.policies.explanations import MERGES
from prm.policies.fields import Effect, Kind, Merge
from prm.policies.rulesets import Mode
from prm.policies.terms import Term
from prm.ui.forms import PortalForm
from prm.ui.widgets import Ordered


class PublicationForm(PortalForm):
    """From which day on the draft is in force."""

    effective_on = forms.DateField(
        label=_("In force from"), help_text=_("Until then the version before applies. What was decided stays as it is.")
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: date, revision: int, **kwargs: Any) -> None:
        super().__init__(*args, initial={"effective_on": today, "revision": revision}, **kwargs)
        self.fields["effective_on"].widget.attrs["min"] = today.isoformat()


class DaysField(forms.CharField):
    """Several whole numbers with commas in between, kept from the largest to the smallest."""

    def __init__(self, *, least: int, most: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.least, self.most = least, most

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[int]:
        """Return the numbers, none for nothing."""
        typed = [part.strip() for part in str(super().clean(value)).split(",") if part.strip()]
        if all(part.isascii() and part.isdecimal() and len(part) < 6 for part in typed):
            found = {int(part) for part in typed}
            if all(self.least <= number <= self.most for number in found):
                return sorted(found, reverse=True)
        raise forms.ValidationError(
            _("Write whole numbers from %(least)s to %(most)s with commas in between."),
            params={"least": self.least, "most": self.most},
        )


class OrderField(forms.Field):
    """Some of a few choices in the order in which they count: a list for each place, the rest left empty."""

    def __init__(self, *, choices: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(widget=Ordered(choices=choices), **kwargs)
        self.keys = {key for key, _label in choices}

    def clean(self, value: Any) -> list[str]:
        """Return the choices in their order."""
        found = [key for key in super().clean(value) or () if key]
        if not found:
            raise forms.ValidationError(_("Choose at least one."))
        if set(found) - self.keys or len(set(found)) < len(found):
            raise forms.ValidationError(_("Choose each once."))
        return found


class TermsForm(PortalForm):
    """What an area settles beside its rules."""

    def __init__(self, *args: Any, terms: tuple[Term, ...], body: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, initial={term.name: term.of(body) for term in terms}, **kwargs)
        self.fields |= {term.name: _control_of(term) for term in terms}


def _control_of(term: Term) -> forms.Field:
    about = term.field
    label = capfirst(str(about.label))
    if about.unit:
        label = f"{label} ({about.unit})"
    facts: dict[str, Any] = {"label": label, "help_text": about.help, "required": False}
    if about.kind == Kind.CHOICES:
        return OrderField(choices=[(one.key, one.label) for one in about.choices], **facts | {"required": True})
    if about.kind == Kind.BOOLEAN:
        return forms.BooleanField(**facts)
    if term.is_list:
        return DaysField(least=term.least, most=term.most, **facts)
    return forms.IntegerField(**facts | {"required": True}, min_value=term.least, max_value=term.most)


class FollowingForm(PortalForm):
    """Which rules are followed, and what becomes of what several of them give."""

    mode = forms.ChoiceField(
        label=_("Which rules are followed"),
        choices=[
            (Mode.FIRST.value, _("the first rule that matches")),
            (Mode.ALL.value, _("all rules that match, until one says stop")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, effects: tuple[Effect, ...], rules: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.effects = effects
        self.initial["mode"] = rules.get("mode", Mode.FIRST.value)
        merging = rules.get("merging")
        for effect in effects:
            kept = merging.get(effect.name) if isinstance(merging, Mapping) else None
            self.fields[f"merge-{effect.name}"] = forms.ChoiceField(
                label=capfirst(effect.field.label), choices=[(merge.value, MERGES[merge]) for merge in effect.merges]
            )
            chosen = kept.get("merge") if isinstance(kept, Mapping) else None
            self.initial[f"merge-{effect.name}"] = chosen or effect.merge.value

    @property
    def merges(self) -> list[Any]:
        return [self[f"merge-{effect.name}"] for effect in self.effects]

    def merging(self, kept: Any) -> dict[str, Any]:
        """Return what the vendor chose otherwise than the area suggests; a cap stays with its sum."""
        found = dict(kept) if isinstance(kept, Mapping) else {}
        for effect in self.effects:
            asked = self.cleaned_data[f"merge-{effect.name}"]
            before = found.get(effect.name)
            if isinstance(before, Mapping) and before.get("merge") == asked:
                continue
            found.pop(effect.name, None)
            if Merge(asked) != effect.merge:
                found[effect.name] = {"merge": asked}
        return found
