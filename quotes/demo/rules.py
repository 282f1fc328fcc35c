"""The rules about quotes that a demo vendor follows: large discounts on large quotes pass a step of their own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from prm.demo.clock import Story
from prm.demo.filling import chapter
from prm.demo.scenes import Scene
from prm.policies import versions
from quotes.demo.stories import currency_of
from quotes.rules.catalogue import AREA

SINCE, LARGE = 25, 20_000  # days, and an amount in the vendor's currency
WORDS = {
    "halyard": ("Large quotes with a special discount", "It can be delivered and supported"),
    "ostwerk": ("Große Angebote mit Sonderrabatt", "Lieferung und Betreuung sind gesichert"),
}


@chapter
def rules(scene: Scene) -> Iterable[Story]:
    yield _publishing(scene)


def _publishing(scene: Scene) -> Story:
    day = scene.workday(scene.ago(SINCE))
    at = scene.at(day, 8, 15)
    yield at
    versions.publish(AREA, body(scene), effective_on=day, at=at)


def body(scene: Scene) -> dict[str, Any]:
    """Return what is published: finance looks at what is large and dear, beside the discount ladder."""
    name, step = WORDS[scene.vendor.slug]
    value = {"amount": str(LARGE), "currency": currency_of(scene)}
    large = [
        {"field": "special", "is": "over", "value": "10"},
        {"field": "value", "is": "at_least", "value": value},
    ]
    rule = {"key": "large", "name": name, "when": {"all": large}}
    rule["then"] = {"decision": "person", "steps": ["delivery"], "promise_days": "3"}
    steps = [{"key": "delivery", "name": step, "stage": 2, "asked": [{"role": "finance"}, {"owner": True}]}]
    return {"rules": {"mode": "first", "rules": [rule], "default": {"decision": "person"}}, "steps": steps}
