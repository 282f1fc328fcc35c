"""Rules in words, one by one: a rule that cannot be read, or is about what is gone, says so and hides no other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from prm.policies import checking, differences, explanations, rules_reading, wording
from prm.policies.areas import Area, Body
from prm.policies.checking import Finding
from prm.policies.fields import Catalogue, Kind
from prm.policies.rulesets import Rule, RuleSet
from prm.policies.terms import Said, Term
from prm.policies.values import Invalid, Path, Problem


@dataclass
class Line:
    """A rule as it is shown in a list."""

    key: str
    name: str
    condition: tuple[wording.Segment, ...] = ()
    effects: list[tuple[Any, str]] = field(default_factory=list)
    stops: bool = False
    problems: list[str] = field(default_factory=list)
    findings: list[tuple[str, bool]] = field(default_factory=list)  # in words, and whether it is only good to know


@dataclass
class Told:
    """The rules of a body in words."""

    lines: list[Line]
    terms: list[tuple[Any, str]]
    default: list[tuple[Any, str]]
    merging: list[tuple[Any, str]]
    is_first_only: bool
    problems: list[str]
    findings: list[tuple[str, bool]]
    rules: RuleSet | None = None

    @property
    def warnings(self) -> list[str]:
        """Return what is to be looked at again, with the rule that it is about; what is only good to know is not."""
        beside = [f"{line.name}: {said}" for line in self.lines for said, is_note in line.findings if not is_note]
        return [said for said, is_note in self.findings if not is_note] + beside

    @property
    def unreadable(self) -> int:
        """Return how many rules are to be put right before anybody can follow them."""
        return sum(bool(line.problems) for line in self.lines)


def rules_of(body: Body) -> dict[str, Any]:
    """Return the set of rules in a body, an empty one if there is none."""
    kept = body.get("rules")
    return dict(kept) if isinstance(kept, Mapping) else {"mode": "first", "rules": [], "default": {}}


def listed(rules: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rules of a set as they are stored."""
    kept = rules.get("rules")
    return [dict(rule) for rule in kept if isinstance(rule, Mapping)] if isinstance(kept, list) else []


def told(area: Area, body: Body, *, today: date | None = None) -> Told:
    """Return a body in words; with a day also what is to be looked at again."""
    catalogue = area.catalogue(body) if area.catalogue else Catalogue()
    kept = rules_of(body)
    lines = [line_of(rule, catalogue, is_draft=today is not None) for rule in listed(kept)]
    whole, problems = _read({key: value for key, value in kept.items() if key != "rules"}, catalogue)
    shown = whole or RuleSet(catalogue)
    found = Told(
        lines,
        [(term.field.label, term_of(term, body)) for term in area.terms] + _said(area, body),
        given(shown.default, catalogue),
        [(e.field.label, explanations.merging(shown.merging_of(e), e)) for e in catalogue.effects if len(e.merges) > 1],
        str(kept.get("mode", "first")) == "first",
        [explanations.problem(problem) for problem in problems],
        [],
    )
    found.rules, _problems = _read(kept, catalogue)
    if found.rules and today:
        _beside(found, checking.check(found.rules, today), catalogue)
    return found


def _said(area: Area, body: Body) -> list[tuple[Any, str]]:
    return [(said.label, said.words or _("nothing")) for said in area.says(body)] if area.says else []


def line_of(body: Mapping[str, Any], catalogue: Catalogue, *, is_draft: bool = False) -> Line:
    """Return one stored rule in words, or why it cannot be read; in a draft, also why it cannot be kept."""
    line = Line(str(body.get("key", "")), str(body.get("name", "") or _("Rule without a name")))
    rule, problems = one(body, catalogue, is_draft=is_draft)
    if rule is None:
        line.problems = list(dict.fromkeys(explanations.problem(problem) for problem in problems))
        return line
    line.condition = wording.sentence(rule.when) if rule.when else ()
    line.effects, line.stops = given(rule.then, catalogue), rule.stops
    return line


def one(
    body: Mapping[str, Any], catalogue: Catalogue, *, is_draft: bool = True
) -> tuple[Rule | None, Sequence[Problem]]:
    """Read one rule; the paths of its problems begin in the rule."""
    read, problems = _read({"rules": [body]}, catalogue, is_draft=is_draft)
    inside = [Problem(found.path[2:], found.code, found.facts) for found in problems]
    said = [Problem(found.path, "missing") if _at(body, found.path) == "" else found for found in inside]
    return (read.rules[0] if read and read.rules else None), said


def _at(body: Any, path: Path) -> Any:
    """Return what stands at the place of a problem, nothing if nothing does."""
    for step in path:
        try:
            body = body[step]
        except (KeyError, IndexError, TypeError):
            return None
    return body


def given(values: Mapping[str, Any], catalogue: Catalogue) -> list[tuple[Any, str]]:
    """Return effects with their names, in words."""
    effects = [catalogue.effect[name].field for name in values if name in catalogue.effect]
    return [(about.label, wording.value(about, values[about.name], "standard")) for about in effects]


def term_of(term: Term, body: Body) -> str:
    """Return a term in words; as it is stored, if it cannot be read."""
    kept = term.of(body)
    if isinstance(kept, list) and term.field.kind == Kind.CHOICES:
        then = pgettext("one after another", "then")
        return f", {then} ".join(str(term.field.label_of(str(one))) for one in kept)
    if isinstance(kept, list) and all(isinstance(one, int) for one in kept):
        return wording.listed([wording.value(replace(term.field, unit=""), one) for one in kept], "standard")
    return wording.value(term.field, kept) if isinstance(kept, bool | int) else str(kept)


def changes(area: Area, before: Body, after: Body) -> list[str]:
    """Return what differs between two bodies in words; rules that cannot be read any more are said to be so."""
    if area.differs:
        return area.differs(before, after)
    if area.says:
        return _restated(area.says(before), area.says(after))
    found = [
        _now(term.field.label, term_of(term, before), term_of(term, after))
        for term in area.terms
        if term.of(before) != term.of(after)
    ]
    found += [explanations.step(change) for change in differences.of_steps(before, after)]
    if area.catalogue is None:
        return found
    old, _one = _read(rules_of(before), area.catalogue(before))
    new, _two = _read(rules_of(after), area.catalogue(after))
    if old is None or new is None:
        return [*found, _("One of the versions names what is gone by now, so that its rules cannot be compared.")]
    return [*found, *(explanations.change(change, new) for change in differences.between(old, new))]


def _restated(before: Sequence[Said], after: Sequence[Said]) -> list[str]:
    """Return what differs between what two versions say; then what only the earlier one says."""
    old, new = ({said.key: said for said in side} for side in (before, after))
    found = []
    for key in [*new, *(key for key in old if key not in new)]:
        was, now = old.get(key), new.get(key)
        if was is None and now is not None:
            found.append(_("%(term)s: new is %(after)s.") % {"term": capfirst(now.label), "after": now.words})
        elif now is None and was is not None:
            found.append(_("%(term)s: gone is %(before)s.") % {"term": capfirst(was.label), "before": was.words})
        elif now is not None and was is not None and now.words != was.words:
            found.append(_now(now.label, was.words, now.words))
    return found


def _now(label: Any, before: str, after: str) -> str:
    facts = {"term": capfirst(label), "after": after or _("nothing"), "before": before or _("nothing")}
    return _("%(term)s: now %(after)s, before %(before)s.") % facts


def _read(
    kept: Mapping[str, Any], catalogue: Catalogue, *, is_draft: bool = False
) -> tuple[RuleSet | None, Sequence[Problem]]:
    try:
        return rules_reading.read(kept, catalogue, refuses_retired=is_draft), ()
    except Invalid as refusal:
        return None, refusal.problems


def _beside(told: Told, findings: list[Finding], catalogue: Catalogue) -> None:
    """Put each finding beside the rule that it is about."""
    lines = {line.key: line for line in told.lines}
    for found in findings:
        said = (explanations.finding(found, catalogue), found.is_note)
        line = lines.get(found.rules[0].key) if found.rules else None
        (line.findings if line else told.findings).append(said)
