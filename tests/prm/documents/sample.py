"""A kind of document for tests, and one of it about any record."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from prm import documents
from prm.documents import rendering
from prm.documents.models import Document, PrivateDocument
from prm.money import Money
from prm.tenancy.models import TenantModel
from tests import build

SAMPLE = documents.kind("tests.sample", template="documents/sample.html", file_name="sample", label="Sample")

LEAD = "Computing at the edge"


def facts(lines: int = 2, **more: Any) -> dict[str, Any]:
    """What a small document states: texts, money, a day and a moment."""
    return {
        "lead": LEAD,
        "names": [],
        "until": date(2026, 12, 24),
        "at": datetime(2026, 11, 23, 10, tzinfo=UTC),
        "lines": [{"name": f"Gateway {n}", "net": Money(Decimal("1234.5") * n, "EUR")} for n in range(1, lines + 1)],
        **more,
    }


def document(
    on: TenantModel, *, lines: int = 2, names: Any = (), lead: str = LEAD, **more: Any
) -> Document | PrivateDocument:
    asked = {"title": "Sample", "number": "S-1", "by": None, "at": build.MONDAY, "language": "en", **more}
    return documents.request(SAMPLE.code, on=on, facts=facts(lines, names=list(names), lead=lead), **asked)


def ready(on: TenantModel, **more: Any) -> Document | PrivateDocument:
    """A document whose file is there; what is in the file does not matter."""
    made = document(on, **more)
    rendering._keep(made, b"%PDF-1.7 sample")
    made.refresh_from_db()
    return made
