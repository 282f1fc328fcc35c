"""What rules name, in any version or draft: as long as something does, it cannot go away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from prm.policies.models import PolicyDraft, PolicyVersion

Body = Mapping[str, Any]


def bodies(**asked: Any) -> list[Body]:
    """Return every version and draft of some areas, or of all."""
    kept = (model.objects.filter(**asked).values_list("body", flat=True) for model in (PolicyVersion, PolicyDraft))
    return [body for rows in kept for body in rows if isinstance(body, Mapping)]


def rules_in(body: Body) -> list[Body]:
    """Return the rules of a body, none if there are none or they cannot be read."""
    rules = body.get("rules")
    listed = rules.get("rules") if isinstance(rules, Mapping) else None
    return [rule for rule in listed if isinstance(rule, Mapping)] if isinstance(listed, list) else []


def by_calendar(pk: str) -> list[str]:
    """Return the names of the rules by which promises count by a calendar."""
    return sorted({name for body in bodies() for name in _counting_by(pk, body)})


def _counting_by(pk: str, body: Body) -> Iterator[str]:
    for rule in rules_in(body):
        given = rule.get("then")
        if isinstance(given, Mapping) and given.get("calendar") == pk:
            yield str(rule.get("name", ""))
    rules = body.get("rules")
    default = rules.get("default") if isinstance(rules, Mapping) else None
    if isinstance(default, Mapping) and default.get("calendar") == pk:
        yield _("what holds unless a rule says otherwise")
