"""What happened to API keys."""

from dataclasses import dataclass
from uuid import UUID

from prm.events.facts import Fact


@dataclass(frozen=True)
class ApiKeyMade(Fact):
    key_id: UUID
    key: str
    role: str
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class ApiKeyRevoked(Fact):
    key_id: UUID
    key: str
