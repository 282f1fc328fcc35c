"""A program that comes in by a key."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.api import keys
from prm.api.models import ApiKey
from prm.api.resources import SCOPES
from prm.tenancy.fields import uuid7
from prm.tenancy.models import Vendor

YEAR = timedelta(days=365)


class Program:
    """Asks a vendor's API with a secret."""

    def __init__(self, vendor: Vendor, secret: str, key: ApiKey | None = None) -> None:
        self.vendor, self.secret, self.key = vendor, secret, key
        self.client = Client(raise_request_exception=False)

    def ask(self, method: str, name: str, said: Any = None, **headers: str) -> Any:
        address = name if name.startswith("http") else f"/{self.vendor.slug}/api/v1/{name}"
        sent = {"HTTP_AUTHORIZATION": f"Bearer {self.secret}"} if self.secret else {}
        sent |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        body = {} if said is None else {"data": json.dumps(said), "content_type": "application/json"}
        return getattr(self.client, method)(address, **body, **sent)

    def get(self, name: str, **headers: str) -> Any:
        return self.ask("get", name, **headers)

    def post(self, name: str, said: Any, key: str | None = None, **headers: str) -> Any:
        return self.ask("post", name, said, idempotency_key=str(uuid7()) if key is None else key, **headers)

    def patch(self, name: str, said: Any, **headers: str) -> Any:
        """Change what was read a moment ago."""
        headers = headers or {"if_match": self.get(name).headers["ETag"]}
        return self.ask("patch", name, said, **headers)


def program(by: Membership, role: Role | None = None, scopes: Iterable[str] = SCOPES, **facts: Any) -> Program:
    """Let a program in for the firm of somebody; it may do what they may, unless the test says otherwise."""
    at = timezone.now()
    facts = {"name": f"CRM {uuid7()}", "expires_at": at + YEAR, **facts}
    key, secret = keys.make(role=Role(role or by.role), scopes=scopes, by=by, at=at, **facts)
    return Program(Vendor.objects.get(pk=by.tenant_id), secret, key)
