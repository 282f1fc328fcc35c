"""A step of an approval as an administrator writes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.accounts.forms import RefusableMixin
from prm.accounts.models import Membership
from prm.accounts.roles import VENDOR_ROLES, Role
from prm.accounts.text import no_control_characters
from prm.approvals import steps
from prm.approvals.steps import LAST_STAGE, LONGEST, LONGEST_NAME, MOST_ASKED, Asked, Means, Step
from prm.clocks.clock import Unit
from prm.money.forms import MoneyField, written
from prm.policies import explanations, values
from prm.policies.values import Invalid, Path
from prm.ui.forms import PortalForm
from prm.ui.widgets import Ticks

ROLES = tuple(str(role) for role in Role if role in VENDOR_ROLES)
EMPTY_ROWS = 2
SO_MANY = "number"


class StepForm(RefusableMixin, PortalForm):
    """Who is asked, how many of them have to agree, what they look at, and what happens when time is over."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(
        label=gettext_lazy("What is agreed to"),
        max_length=LONGEST_NAME,
        validators=[no_control_characters],
        help_text=gettext_lazy("As people read it: “Terms are sound”, “Budget is there”."),
    )
    stage = forms.IntegerField(
        label=gettext_lazy("Stage"),
        min_value=1,
        max_value=LAST_STAGE,
        initial=1,
        help_text=gettext_lazy("Steps of one stage are asked at the same time, the next stage when all of it is done."),
    )
    need = forms.ChoiceField(
        label=gettext_lazy("Who of them has to agree"),
        choices=[
            ("any", gettext_lazy("one of them")),
            ("all", gettext_lazy("one for each line")),
            (SO_MANY, gettext_lazy("a number of people")),
        ],
        widget=forms.RadioSelect,
        initial="any",
    )
    needed = forms.IntegerField(label=gettext_lazy("How many"), min_value=1, max_value=MOST_ASKED, required=False)
    count = forms.IntegerField(label=gettext_lazy("Time to decide"), min_value=1, max_value=LONGEST, required=False)
    unit = forms.ChoiceField(
        label=gettext_lazy("In"),
        choices=[(Unit.DAYS.value, gettext_lazy("business days")), (Unit.HOURS.value, gettext_lazy("business hours"))],
        required=False,
    )
    looks_at = forms.MultipleChoiceField(
        label=gettext_lazy("What the decision depends on"),
        required=False,
        widget=Ticks,
        help_text=gettext_lazy("Only a change of these asks again. Tick none if everything matters."),
    )

    def __init__(
        self,
        *args: Any,
        step: Step | None,
        key: str,
        staff: Sequence[Membership],
        facts: Sequence[tuple[str, Any]],
        currencies: Sequence[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.key = key
        self.covers = step.covers if step else frozenset()
        self.facts = tuple(name for name, _label in facts)
        self.fields["looks_at"].choices = list(facts)  # type: ignore[attr-defined]
        people = [(f"{Means.PERSON}:{member.user_id}", member.user.name) for member in staff]
        self.choices = [
            ("", _("Nobody")),
            (_("A role"), [(f"{Means.ROLE}:{role}", str(Role(role).label)) for role in ROLES]),
            (_("By who looks after the partner"), [(f"{Means.OWNER}:", _("Whoever looks after the partner"))]),
            (_("A person"), people),
        ]
        asked, then = (step.asked, step.then) if step else ((), ())
        self.rows = {"asked": self._number("asked", asked), "then": self._number("then", then)}
        for kind, number in self.rows.items():
            for row in range(number):
                self._add_row(kind, row, (asked if kind == "asked" else then)[row : row + 1], currencies)
        if step:
            self.initial |= _initial(step)

    def _number(self, kind: str, kept: Sequence[Asked]) -> int:
        """Return how many rows there are: those that were sent, or some more than are filled."""
        if self.is_bound:
            sent = [row for row in range(MOST_ASKED) if f"{kind}{row}" in self.data]
            return min(len(sent) or EMPTY_ROWS, MOST_ASKED)
        return min(len(kept) + EMPTY_ROWS, MOST_ASKED)

    def _add_row(self, kind: str, row: int, kept: Sequence[Asked], currencies: Sequence[str]) -> None:
        label = _("Asked") if kind == "asked" else _("May decide too")
        self.fields[f"{kind}{row}"] = forms.ChoiceField(label=label, choices=self._with_kept(kept), required=False)
        self.fields[f"{kind}{row}_up_to"] = MoneyField(label=_("up to"), offered=list(currencies), required=False)
        for asked in kept:
            self.initial[f"{kind}{row}"] = f"{asked.means}:{asked.name}"
            if asked.up_to:
                self.initial[f"{kind}{row}_up_to"] = [asked.up_to.currency, written(asked.up_to)]

    def _with_kept(self, kept: Sequence[Asked]) -> list[Any]:
        """Return the choices; whoever left stays named until somebody else is chosen."""
        known = {value for _label, group in self.choices[1:] for value, _name in group}
        gone = [f"{asked.means}:{asked.name}" for asked in kept if f"{asked.means}:{asked.name}" not in known]
        return [*self.choices, *[(value, _("Somebody who is no longer here")) for value in gone]]

    def lines(self, kind: str) -> Iterator[tuple[BoundField, BoundField]]:
        for row in range(self.rows[kind]):
            yield self[f"{kind}{row}"], self[f"{kind}{row}_up_to"]

    @property
    def asked_lines(self) -> list[tuple[BoundField, BoundField]]:
        return list(self.lines("asked"))

    @property
    def then_lines(self) -> list[tuple[BoundField, BoundField]]:
        return list(self.lines("then"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("need") == SO_MANY and not cleaned.get("needed") and "needed" not in self.errors:
            self.add_error("needed", _("Write how many."))
        for kind in self.rows:
            for row in range(self.rows[kind]):
                if cleaned.get(f"{kind}{row}_up_to") and not cleaned.get(f"{kind}{row}"):
                    self.add_error(f"{kind}{row}", _("Say whose limit this is."))
        if not self.errors:
            self._judge()
        return cleaned

    def _judge(self) -> None:
        """Refuse where it was typed what the rules of steps refuse."""
        try:
            steps.read([self.body], roles=ROLES, facts=self.facts)
        except Invalid as found:
            for problem in found.problems:
                self.add_error(self._field_of(problem.path[2:]), explanations.problem(problem))

    def _field_of(self, path: Path) -> str | None:
        name, *rest = path or ("",)
        if name in self.rows:
            filled = [row for row in range(self.rows[str(name)]) if self.cleaned_data.get(f"{name}{row}")]
            place = filled[int(rest[0])] if rest and filled else 0
            return f"{name}{place}_up_to" if "up_to" in rest else f"{name}{place}"
        own = {"need": "needed", "within": "count"}.get(str(name), str(name))
        return own if own in self.fields else None

    @property
    def body(self) -> dict[str, Any]:
        """Return the step as it is stored."""
        said = self.cleaned_data
        need = said["needed"] if said["need"] == SO_MANY else said["need"]
        found: dict[str, Any] = {"key": self.key, "name": said["name"], "stage": said["stage"], "need": need}
        found["asked"] = self._filled("asked")
        if said["looks_at"]:
            found["looks_at"] = said["looks_at"]
        if said["count"]:
            found["within"] = {"count": said["count"], "unit": said["unit"] or Unit.DAYS.value}
        if then := self._filled("then"):
            found["then"] = then
        if self.covers:  # written in a file; it stays
            found["covers"] = sorted(self.covers)
        return found

    def _filled(self, kind: str) -> list[dict[str, Any]]:
        found = []
        for row in range(self.rows[kind]):
            means, _colon, name = self.cleaned_data[f"{kind}{row}"].partition(":")
            if means:
                limit = self.cleaned_data[f"{kind}{row}_up_to"]
                found.append({means: name or True} | ({"up_to": values.body_of(limit)} if limit else {}))
        return found


def _initial(step: Step) -> Mapping[str, Any]:
    is_number = step.need is not None and step.need > 1
    return {
        "name": step.name,
        "stage": step.stage,
        "need": "all" if step.need is None else SO_MANY if is_number else "any",
        "needed": step.need if is_number else None,
        "looks_at": sorted(step.looks_at),
        "count": step.within.amount if step.within else None,
        "unit": step.within.unit.value if step.within else Unit.DAYS.value,
    }
