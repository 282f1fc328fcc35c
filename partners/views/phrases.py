"""Requirements, windows and decisions in the reader's words, short enough for a label and complete as a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partners.enums import Counting, Junction, Metric, WindowKind
from partners.forms.numbers import written
from partners.queries import scopes
from partners.rules.requirements import WINDOWED, Group, Need, Node, Result
from partners.rules.tiers import Why
from partners.rules.windows import Window
from prm.money import Money
from prm.ui import formats


@dataclass(frozen=True)
class Phrases:
    """The words for one programme: its currency, and the names of what its requirements are narrowed to."""

    currency: str

    @cached_property
    def names(self) -> dict[str, str]:
        """Return the names; few requirements are narrowed, so they are looked up when one is."""
        return dict([*scopes.families(), *scopes.certifications(), *scopes.roles()])

    # -- what is asked ---------------------------------------------------------------------------------
    def sentence(self, node: Node) -> str:
        """Return what a requirement asks: "At least €60,000 revenue in the last 12 months"."""
        if isinstance(node, Group):
            return self.junction(node)
        asked = self._asked(node)
        if node.metric in WINDOWED:
            facts = {"what": asked, "window": self.window(node.window)}
            asked = _("%(what)s %(window)s") % facts
        narrowed = self.scope(node)
        return _("%(what)s, only %(scope)s") % {"what": asked, "scope": narrowed} if narrowed else asked

    def _asked(self, need: Need) -> str:
        number, amount = int(need.target), self.amount(need, need.target)
        match need.metric:
            case Metric.REVENUE:
                return _("At least %(amount)s revenue") % {"amount": amount}
            case Metric.WON_DEALS:
                words = ngettext("At least %(amount)s won deal", "At least %(amount)s won deals", number)
            case Metric.REGISTRATIONS:
                words = ngettext(
                    "At least %(amount)s approved registration", "At least %(amount)s approved registrations", number
                )
            case Metric.CERTIFIED:
                words = ngettext("At least %(amount)s certified person", "At least %(amount)s certified people", number)
            case Metric.MONTHS:
                words = ngettext(
                    "At least %(amount)s month in the program", "At least %(amount)s months in the program", number
                )
            case Metric.FIGURE:
                facts = {"label": need.label, "amount": amount, "counting": need.counting.label}
                if need.counting == Counting.SUM:
                    return _("%(label)s: at least %(amount)s") % facts
                return _("%(label)s: at least %(amount)s, %(counting)s") % facts
            case _other:
                return _("Confirmed: %(label)s") % {"label": need.label}
        return words % {"amount": amount}

    def name(self, need: Need) -> str:
        """Return what a requirement counts: "Revenue in the last 12 months"."""
        what = need.label if need.label and need.metric in (Metric.FIGURE, Metric.CONFIRMED) else need.metric.label
        narrowed = self.scope(need)
        if narrowed:
            what = _("%(what)s (%(scope)s)") % {"what": what, "scope": narrowed}
        if need.metric not in WINDOWED:
            return what
        return _("%(what)s %(window)s") % {"what": what, "window": self.window(need.window)}

    def scope(self, need: Need) -> str:
        """Return what a requirement is narrowed to, if it is."""
        asked = {
            Metric.REVENUE: (need.family,),
            Metric.WON_DEALS: (need.family,),
            Metric.REGISTRATIONS: (need.family,),
            Metric.CERTIFIED: (need.certification, need.role),
        }.get(need.metric, ())
        return ", ".join(self.names.get(code, code) for code in asked if code)

    def junction(self, group: Group) -> str:
        """Return how many parts of a group are wanted."""
        if not group.parts:
            return _("Nothing is asked")
        if group.junction == Junction.ALL or group.wanted >= len(group.parts):
            return _("All of these")
        if group.wanted == 1:
            return _("Any one of these")
        return _("At least %(number)s of these") % {"number": group.wanted}

    def window(self, window: Window) -> str:
        """Return over which time something counts."""
        match window.kind:
            case WindowKind.ROLLING_MONTHS:
                words = ngettext("in the last month", "in the last %(number)s months", window.length)
            case WindowKind.ROLLING_DAYS:
                words = ngettext("in the last day", "in the last %(number)s days", window.length)
            case WindowKind.FISCAL_YEAR:
                words = _("in the fiscal year from %(start)s")
            case WindowKind.FISCAL_YEAR_OR_LAST:
                words = _("in this or the last fiscal year from %(start)s")
            case kind:
                words = str(kind.label)
        return words % {"number": window.length, "start": self.anniversary(window)}

    def anniversary(self, window: Window) -> str:
        """Return the day of the year on which a fiscal year starts."""
        month, day = window.starts
        return _("%(day)s %(month)s") % {"day": day, "month": MONTHS[month]}

    def amount(self, need: Need, number: Decimal) -> str:
        """Return a figure of a requirement, money where it is money."""
        if need.metric == Metric.REVENUE:
            return formats.money(Money(number, self.currency).rounded())
        return written(number)

    # -- how far it is ---------------------------------------------------------------------------------
    def progress(self, result: Result) -> str:
        """Return how far a requirement is met: "€45,000 of €60,000"."""
        need = result.node
        if not isinstance(need, Need):
            return _("%(met)s of %(wanted)s") % {"met": result.met, "wanted": need.wanted}
        if need.metric == Metric.CONFIRMED:
            return _("confirmed") if result.holds else _("not confirmed")
        facts = {"value": self.amount(need, result.value), "target": self.amount(need, need.target)}
        return _("%(value)s of %(target)s") % facts

    def gap(self, result: Result) -> str:
        """Return what is missing."""
        need = result.node
        if not isinstance(need, Need):
            return ""
        if need.metric == Metric.CONFIRMED:
            return self.sentence(need)
        return _("%(gap)s more: %(name)s") % {"gap": self.amount(need, result.gap), "name": self.name(need)}

    def gaps(self, results: Iterable[Result]) -> str:
        return "; ".join(self.gap(result) for result in results)

    def note(self, result: Result) -> str:
        """Return what else is to be known: waived, lapsing, not counted, unknown."""
        notes = []
        today = timezone.localdate()
        if result.waived_until:
            notes.append(_("Not asked until %(day)s.") % {"day": formats.day(result.waived_until, today)})
        elif result.lapses_on:
            day = formats.day(result.lapses_on, today)
            notes.append(_("Falls below on %(day)s unless something is added.") % {"day": day})
        for currency, amount in result.uncounted:
            money = formats.money(Money(amount, currency).rounded())
            notes.append(_("%(amount)s in another currency does not count.") % {"amount": money})
        if result.state == "missing" and not result.uncounted:
            notes.append(_("Nothing is known of this yet."))
        return " ".join(notes)


WHY: dict[str, Any] = {
    Why.MEETS: gettext_lazy("Everything the tier asks is met."),
    Why.MEETS_HIGHER: gettext_lazy("Everything a higher tier asks is met."),
    Why.WILL_LAPSE: gettext_lazy("Everything is met, but something will lapse soon."),
    Why.FALLS_SHORT: gettext_lazy("Not everything the tier asks is met."),
    Why.IN_GRACE: gettext_lazy("The grace period runs."),
    Why.GRACE_OVER: gettext_lazy("The grace period ended before this review."),
    Why.EXCEPTION: gettext_lazy("An exception keeps it there."),
    Why.EXCEPTION_OVER: gettext_lazy("The exception has ended."),
    Why.TIER_GONE: gettext_lazy("The program no longer has its tier."),
    Why.NOTHING_BELOW: gettext_lazy("There is no lower tier."),
    Why.DECLINED: gettext_lazy("A promotion was declined until the next review."),
    Why.EARNS_NONE: gettext_lazy("It meets the requirements of no tier."),
}


def why(codes: Iterable[str]) -> str:
    """Return the reasons of a decision."""
    return " ".join(str(WHY[Why(code)]) for code in codes)


@dataclass(frozen=True)
class Line:
    """A requirement as a page shows it, with the lines of its parts."""

    phrases: Phrases
    node: Node
    result: Result | None = None
    is_root: bool = False

    @property
    def is_group(self) -> bool:
        return isinstance(self.node, Group)

    @property
    def sentence(self) -> str:
        return self.phrases.sentence(self.node)

    @property
    def name(self) -> str:
        return self.phrases.name(self.node) if isinstance(self.node, Need) else self.sentence

    @property
    def progress(self) -> str:
        return self.phrases.progress(self.result) if self.result else ""

    @property
    def note(self) -> str:
        return self.phrases.note(self.result) if self.result else ""

    @property
    def tone(self) -> str:
        tones = {"met": "ok", "waived": "ok", "at_risk": "warn", "missing": "", "unmet": ""}
        return tones[self.result.state] if self.result else ""

    @property
    def is_confirmed_by_hand(self) -> bool:
        return isinstance(self.node, Need) and self.node.metric == Metric.CONFIRMED

    @property
    def is_recorded_by_hand(self) -> bool:
        return isinstance(self.node, Need) and self.node.metric == Metric.FIGURE

    @cached_property
    def parts(self) -> tuple[Line, ...]:
        if not isinstance(self.node, Group):
            return ()
        results = self.result.parts if self.result else (None,) * len(self.node.parts)
        return tuple(Line(self.phrases, part, result) for part, result in zip(self.node.parts, results, strict=True))
