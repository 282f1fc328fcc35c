"""Rules about quotes for tests, published through the services; say only what matters."""

from __future__ import annotations

from typing import Any

from prm.policies import versions
from prm.policies.models import PolicyVersion
from quotes.areas import problems_of
from quotes.rules.catalogue import AREA
from tests.build import MONDAY
from tests.deals.rulebook import EARLIER
from tests.mdf.rulebook import body


def publish(*rules: dict[str, Any], **facts: Any) -> PolicyVersion:
    """Put rules into force; they have to be such that an administrator could publish them."""
    made = body(*rules, **facts)
    assert not problems_of(made), problems_of(made)
    PolicyVersion.objects.filter(area=AREA).delete()
    return versions.publish(AREA, made, effective_on=EARLIER, at=MONDAY)
