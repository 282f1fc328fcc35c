"""What becomes of a record by the rules of its area: decided at once, refused, or left to a person, and why.

An area whose rules decide about records declares `effects`, reads its rules with `rules_of`, and lets `judge` follow
them. What is uncertain, contested or has approval steps to pass is for a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from prm.choices import TextChoices
from prm.clocks.clock import Promise, Unit
from prm.money import Money
from prm.policies import conditions, rules_reading, rulesets, values
from prm.policies.evaluation import Facts
from prm.policies.fields import Catalogue, Choice, Effect, Field, Kind, Merge
from prm.policies.past import Outcome
from prm.policies.rulesets import Decision, RuleSet


class Course(TextChoices):
    """What becomes of a record by the rules, the strictest last."""

    APPROVE = "approve", _("Approve at once")
    PERSON = "person", _("A person decides")
    REFUSE = "refuse", _("Refuse")


class Because(TextChoices):
    """Why a record takes its course."""

    RULES = "rules", _("The rules say so")
    UNCERTAIN = "uncertain", _("The rules cannot tell")
    CONTESTED = "contested", _("Somebody else is after the customer")
    STEPS = "steps", _("It has to pass approval steps")


class Deemed(TextChoices):
    """What a decision counts as that nobody made in time."""

    NONE = "none", _("Nothing, it is late")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")


NOBODY_RULES: Mapping[str, Any] = {"mode": "first", "rules": [], "default": {"decision": Course.PERSON.value}}


@dataclass(frozen=True)
class Ruled:
    """What the rules make of a record: its course and why, and all that they give, as it is stored."""

    course: Course
    because: Because
    effects: Mapping[str, Any] = field(default_factory=dict)
    rules: tuple[str, ...] = ()  # names of those that matched
    decision: Decision | None = None  # nothing if the version could not be read


def rules_of(body: Mapping[str, Any], catalogue: Catalogue, *, refuses_retired: bool = False) -> RuleSet:
    """Read the rules of a version; without any, a person decides. Raises `Invalid`."""
    return rules_reading.read(body.get("rules") or NOBODY_RULES, catalogue, refuses_retired=refuses_retired)


def judge(rules: RuleSet, facts: Facts, *, is_contested: bool = False) -> Ruled:
    """Follow the rules. What is uncertain, contested or has approval steps to pass is for a person."""
    decision = rulesets.decide(rules, facts)
    effects = {name: values.body_of(found.value) for name, found in decision.settled.items() if found.value is not None}
    course, because = Course(decision.value("decision") or Course.PERSON), Because.RULES
    if not decision.is_certain:
        course, because = Course.PERSON, Because.UNCERTAIN
    elif course == Course.APPROVE and is_contested:
        course, because = Course.PERSON, Because.CONTESTED
    elif course == Course.APPROVE and decision.value("steps"):
        course, because = Course.PERSON, Because.STEPS
    return Ruled(course, because, effects, tuple(rule.name for rule in decision.matched), decision)


def unreadable() -> Ruled:
    """Return what becomes of a record under rules that cannot be read: a person decides."""
    return Ruled(Course.PERSON, Because.UNCERTAIN, {"decision": Course.PERSON.value})


# -- what rules give -------------------------------------------------------------------------------------
def effects(
    reasons: tuple[Choice, ...] = (), steps: tuple[Choice, ...] = (), calendars: tuple[Choice, ...] = ()
) -> tuple[Effect, ...]:
    """Return what rules about any record that is decided can give."""
    decision = Field("decision", _("decision"), Kind.CHOICE, choices=choices_of(Course))
    reason = Field("reason", _("reason for refusing"), Kind.CHOICE, choices=reasons, help=_("Partners see it."))
    guidance = Field("guidance", _("what to check"), Kind.TEXT, help=_("Whoever decides reads it beside the decision."))
    hours = Field(
        "promise_hours",
        _("decision within business hours"),
        Kind.NUMBER,
        unit=_("hours"),
        help=_("Counts in place of business days."),
        is_whole=True,
    )
    return (
        Effect(decision, Merge.HIGHEST, is_required=True),
        Effect(reason),
        Effect(Field("steps", _("approval steps"), Kind.CHOICES, choices=steps), Merge.UNION),
        Effect(guidance),
        promised_days(),
        Effect(hours, Merge.LOWEST),
        calendar(calendars),
    )


def promised_days() -> Effect:
    """Return the effect that says within how many business days a decision is promised."""
    days = Field("promise_days", _("decision within"), Kind.NUMBER, unit=_("business days"), is_whole=True)
    return Effect(days, Merge.LOWEST)


def deemed() -> Effect:
    """Return the effect that says what silence counts as."""
    return Effect(Field("deemed", _("without a decision in time"), Kind.CHOICE, choices=choices_of(Deemed)))


def deemed_in(effects: Mapping[str, Any], because: str) -> Deemed:
    """Return what silence counts as: nothing where the rules cannot tell."""
    if because == Because.UNCERTAIN:
        return Deemed.NONE
    return Deemed(effects.get("deemed", Deemed.NONE))


def deems(rules: RuleSet) -> bool:
    """Say whether silence may count as a decision under some rule, or without any."""
    given = [rules.default, *(rule.then for rule in rules.rules)]
    return any(str(effects.get("deemed", Deemed.NONE)) != Deemed.NONE for effects in given)


def calendar(choices: tuple[Choice, ...]) -> Effect:
    """Return the effect that says by whose opening hours and holidays the promised time counts."""
    return Effect(
        Field(
            "calendar",
            _("counted by the calendar"),
            Kind.CHOICE,
            choices=choices,
            help=_("One of your calendars; without any, the one that promises count by."),
        )
    )


def choices_of(words: type[TextChoices]) -> tuple[Choice, ...]:
    """Return the words of an enumeration as choices of a field."""
    return tuple(Choice(word.value, word.label) for word in words)  # type: ignore[attr-defined]


def promise_in(effects: Mapping[str, Any], otherwise: int) -> Promise:
    """Return within how many business hours or days a decision is promised; `otherwise` are days."""
    calendar = str(effects.get("calendar", ""))
    if "promise_hours" in effects:
        return Promise(_whole(effects["promise_hours"]), Unit.HOURS, calendar=calendar)
    days = _whole(effects["promise_days"]) if "promise_days" in effects else otherwise
    return Promise(days, calendar=calendar)


def _whole(value: Any) -> int:
    return max(0, int(Decimal(value)))


def outcome(rules: RuleSet | None, facts: Facts, *, usual_days: int, at_stake: Money | None = None) -> Outcome:
    """Return what rules make of a past record, for a replay; `usual_days` are promised where no rule says it.

    `at_stake` is the money that an approval gives; what a person decides, nobody can say.
    """
    ruled = judge(rules, facts) if rules else unreadable()
    found: dict[str, Any] = {"decision": ruled.course.value}
    if ruled.course == Course.REFUSE:
        found["reason"] = str(ruled.effects.get("reason", "other"))
    if ruled.course == Course.PERSON:
        promise = promise_in(ruled.effects, usual_days)
        found[f"promise_{promise.unit}"] = str(promise.amount)
        silence = deemed_in(ruled.effects, ruled.because)
        found |= {"deemed": silence.value} if silence != Deemed.NONE else {}
        found |= {"calendar": promise.calendar} if promise.calendar else {}
        found |= {"steps": sorted(ruled.effects["steps"])} if ruled.effects.get("steps") else {}
    given = {Course.APPROVE: at_stake, Course.REFUSE: at_stake and at_stake * 0}.get(ruled.course)
    return Outcome(found, ruled.rules, given)


# -- what is asked ---------------------------------------------------------------------------------------
def asked(rules: RuleSet) -> frozenset[str]:
    """Return the names of the fields and collections that rules are about: nothing else has to be known."""
    return frozenset(name for rule in rules.rules if rule.when for name in conditions.names(rule.when))
