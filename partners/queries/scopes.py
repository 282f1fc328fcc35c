"""What a requirement can be narrowed to: product families, which belong to an app above, and certifications."""

from __future__ import annotations

from collections.abc import Callable

from partners.enums import CertifiedRole
from partners.models import Certification

Pairs = list[tuple[str, str]]
Source = Callable[[], Pairs]
_FAMILIES: list[Source] = []


def offers_families(source: Source) -> Source:
    """Let an app say which product families there are: the ids that it credits with, and their names."""
    _FAMILIES.append(source)
    return source


def families() -> Pairs:
    """Return the product families a requirement can be about."""
    return [pair for source in _FAMILIES for pair in source()]


def certifications() -> Pairs:
    """Return the certifications a requirement can ask for."""
    rows = Certification.objects.filter(is_active=True).order_by("name", "id")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]


def roles() -> Pairs:
    """Return what kinds of work people are certified for."""
    return [(code, str(label)) for code, label in CertifiedRole.choices]
