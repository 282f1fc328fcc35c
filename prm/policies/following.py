"""Following the rules of a version for a record, and keeping beside it what they said.

    taken = following.follow(request, version, rules.rules_in(version), known, at=at)

Partners learn the outcome only, so that what is kept is the vendor's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from prm.clocks.clock import Promise
from prm.custom_fields import queries as custom_fields
from prm.events.service import service
from prm.policies import courses, rulesets, telling
from prm.policies.areas import AREAS, Area
from prm.policies.evaluation import Facts, Outcome
from prm.policies.fields import Catalogue
from prm.policies.models import CourseTaken, PolicyVersion
from prm.policies.rulesets import RuleSet
from prm.policies.values import Invalid
from prm.tenancy.context import seeing_all_partners
from prm.tenancy.models import TenantModel

Body = Mapping[str, Any]


@service
def follow(
    subject: TenantModel,
    version: PolicyVersion,
    known: Callable[[frozenset[str]], Facts],
    *,
    at: datetime,
    is_contested: bool = False,
) -> CourseTaken:
    """Follow the rules of a version and keep what they say; `known` returns the facts that are asked for."""
    rules = rules_in(version)
    ruled = courses.judge(rules, known(courses.asked(rules)), is_contested=is_contested) if rules else None
    ruled = ruled or courses.unreadable()
    taken = CourseTaken(
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        policy=version,
        at=at,
        course=ruled.course,
        because=ruled.because,
        effects=dict(ruled.effects),
        trace=rulesets.trace_of(ruled.decision) if ruled.decision else [],
    )
    with seeing_all_partners():
        taken.save(force_insert=True)
    return taken


def foreseen(area: str, on: Any, known: Callable[[frozenset[str]], Facts]) -> tuple[Body, courses.Ruled] | None:
    """Return what a person would decide about a record that is not sent yet, and the body of the rules that say so.

    Nothing if rules would decide alone, or nobody can tell: what is kept from its owner is left out, so that nobody
    learns of it by trying. `known` returns what is known of it, as far as it is asked.
    """
    version = in_force(area, on)
    if version is None:
        return {}, courses.Ruled(courses.Course.PERSON, courses.Because.RULES)
    rules = rules_in(version)
    if rules is None:
        return None
    internal = {field.name for field in rules.catalogue.fields if field.is_internal}
    ruled = courses.judge(rules, known(courses.asked(rules) - internal))
    is_told = ruled.course == courses.Course.PERSON and ruled.because != courses.Because.UNCERTAIN
    return (version.body, ruled) if is_told else None


def leave_to_person(taken: CourseTaken, *, at: datetime) -> CourseTaken:
    """Note that a person decides in place of the rules, because what they say cannot be done without asking anybody."""
    left = CourseTaken(
        subject_type=taken.subject_type,
        subject_id=taken.subject_id,
        policy=taken.policy,
        at=at,
        course=courses.Course.PERSON,
        because=courses.Because.CONTESTED,
        effects=taken.effects,
        trace=taken.trace,
    )
    with seeing_all_partners():
        left.save(force_insert=True)
    return left


def latest(subject: TenantModel) -> CourseTaken | None:
    """Return what the rules last made of a record, nothing if there were none to follow."""
    with seeing_all_partners():
        rows = CourseTaken.objects.filter(subject_id=subject.pk).select_related("policy")
        return rows.order_by("-at", "-id").first()


def promise_of(subject: TenantModel, usual_days: int) -> Promise:
    """Return within how much business time a decision on a record was promised: as rules said last, or as usual."""
    taken = latest(subject)
    return courses.promise_in(taken.effects if taken else {}, usual_days)


def in_force(area: str, on: Any) -> PolicyVersion | None:
    """Return the version of an area that applies on a day, nothing for a vendor that never made any."""
    rows = PolicyVersion.objects.filter(area=area, effective_on__lte=on)
    return rows.order_by("-effective_on", "-number").first()


def rules_in(version: PolicyVersion) -> RuleSet | None:
    """Return the rules of a version, nothing if they cannot be read."""
    if version.pk not in _READ:
        while len(_READ) >= MOST_READ:
            _READ.pop(next(iter(_READ)), None)
        _READ[version.pk] = _read(version.body, AREAS[version.area].anything)
    return _READ[version.pk] or _read(version.body, _with_custom_fields(AREAS[version.area]))


# A version never changes, and reading a long one takes longer than following it.
_READ: dict[UUID, RuleSet | None] = {}
MOST_READ = 64


def read(area: str, body: Body) -> RuleSet | None:
    """Return the rules of a body with the vendor's names in them, nothing if they cannot be read."""
    declared = AREAS[area]
    return _read(body, declared.catalogue(body) if declared.catalogue else None)


def followed(area: str, body: Body) -> RuleSet | None:
    """Return the rules of a body as they are followed, nothing if they cannot be read."""
    return _read(body, AREAS[area].anything) or _read(body, _with_custom_fields(AREAS[area]))


def _with_custom_fields(area: Area) -> Catalogue | None:
    """Return what reads any version, and the vendor's own fields besides: not its other choices, which may be gone."""
    if area.anything is None:
        return None
    return replace(area.anything, fields=(*area.anything.fields, *custom_fields.rule_fields(area.key)))


def _read(body: Body, catalogue: Catalogue | None) -> RuleSet | None:
    try:
        return courses.rules_of(body, catalogue) if catalogue else None
    except Invalid:
        return None


def matched(taken: CourseTaken) -> tuple[str, ...]:
    """Return the names of the rules that matched, as their version has them."""
    names = {rule["key"]: rule["name"] for rule in taken.policy.body.get("rules", {}).get("rules", ())}
    return tuple(names[row["rule"]] for row in taken.trace if row["outcome"] == Outcome.HOLDS)


def told(taken: CourseTaken | None) -> dict[str, Any] | None:
    """Return what a page of the vendor says of the rules; nothing where there were none to follow."""
    if taken is None or not (taken.trace or taken.because == courses.Because.UNCERTAIN):
        return None
    rules = read(taken.policy.area, taken.policy.body) or rules_in(taken.policy)
    decision = rulesets.decision_from(taken.trace, rules) if rules and taken.trace else None
    judged = decision.judged if decision else ()
    return {
        "taken": taken,
        "is_readable": decision is not None,
        "rules": [telling.rule(found) for found in judged],
        "missing": telling.missing(judged),
        "conflicts": [found.effect.field.label for found in decision.conflicts] if decision else [],
        "guidance": taken.effects.get("guidance", ""),
        "steps": taken.effects.get("steps", ()),
    }
