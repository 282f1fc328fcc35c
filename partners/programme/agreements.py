"""The agreements that a vendor keeps, in the file of its programme: their words, which a person publishes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy

from partners.enums import PartnerType
from partners.models import AgreementText
from partners.rules.agreements import Wording
from partners.services import agreement_texts
from partners.services.agreement_texts import Content
from prm.policies.shapes import boolean, many, names, text, word
from prm.policies.values import Path
from prm.programme.sections import Taking, section

LONGEST = 60_000
WORDING = names({"title": text(160, may_be_empty=False), "text": text(LONGEST, may_be_empty=False)}, ("title", "text"))
SHAPE = many(
    names(
        {
            "name": text(120, may_be_empty=False),
            "partner_types": many(word(PartnerType.values)),
            "is_active": boolean,
            "wordings": names({code: WORDING for code, _name in settings.LANGUAGES}),
        },
        ("name",),
    )
)


def written(on: date) -> list[dict[str, Any]]:
    """Return the agreements as they are being written, published or not."""
    return [_written(row) for row in AgreementText.objects.order_by("name", "id")]


def _written(row: AgreementText) -> dict[str, Any]:
    plain = {"name": row.name, "partner_types": row.partner_types, "is_active": row.is_active}
    return plain | {"wordings": {code: row.wordings[code] for code in sorted(row.wordings)}}


def take(wanted: Any, path: Path, taking: Taking) -> None:
    """Make and change agreements by their name; nobody is bound by their words before somebody publishes them."""
    if not taking.has_shape(SHAPE, wanted, path):
        return
    for number, body in enumerate(wanted):
        row = AgreementText.objects.filter(name=body["name"]).first()
        kept = _written(row) if row else {"partner_types": [], "is_active": True, "wordings": {}}
        if {**kept, **body} != kept:
            taking.attempt((*path, number), lambda row=row, said={**kept, **body}: _save(row, said, taking))  # type: ignore[misc]


def _save(row: AgreementText | None, said: Mapping[str, Any], taking: Taking) -> None:
    wordings = {code: Wording.from_body(wording) for code, wording in said["wordings"].items()}
    content = Content(said["name"], wordings, tuple(said["partner_types"]), said["is_active"])
    if row is None:
        agreement_texts.add(content, by=taking.by, at=taking.at)
    else:
        agreement_texts.change(row, content, seen=row.revision, by=taking.by, at=taking.at)


section("agreements", gettext_lazy("Agreements"), order=60, written=written, take=take, keys=("name",))
