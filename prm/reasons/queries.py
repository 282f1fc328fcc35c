"""The reasons of a vendor, and those that the product has come with since."""

from __future__ import annotations

from prm.policies.models import ReasonCode
from prm.reasons.lists import ReasonList


def of_list(area: str) -> list[ReasonCode]:
    """Return the reasons that the vendor keeps, in their order, also those that cannot be chosen."""
    return list(ReasonCode.objects.filter(area=area).order_by("position", "code"))


def by_list() -> dict[str, list[ReasonCode]]:
    """Return all reasons that the vendor keeps by their list."""
    found: dict[str, list[ReasonCode]] = {}
    for row in ReasonCode.objects.order_by("area", "position", "code"):
        found.setdefault(row.area, []).append(row)
    return found


def new_in(listed: ReasonList, kept: list[ReasonCode]) -> list[ReasonCode]:
    """Return the reasons of the product that a vendor does not have yet, as they would be taken over."""
    known, last = {row.code for row in kept}, max((row.position for row in kept), default=-1)
    codes = [code for code in listed.codes if code not in known]
    return [ReasonCode(area=listed.area, code=code, position=last + number) for number, code in enumerate(codes, 1)]
