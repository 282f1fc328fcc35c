"""From which day on a draft is in force, and how the rules of a draft work together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from prm.policies.explanations import MERGES
from prm.policies.fields import Effect, Merge
from prm.policies.rulesets import Mode
from prm.ui.forms import PortalForm


class PublicationForm(PortalForm):
    """From which day on the draft is in force."""

    effective_on = forms.DateField(
        label=_("In force from"), help_text=_("Until then the version before applies. What was decided stays as it is.")
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: date, revision: int, **kwargs: Any) -> None:
        super().__init__(*args, initial={"effective_on": today, "revision": revision}, **kwargs)
        self.fields["effective_on"].widget.attrs["min"] = today.isoformat()


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
