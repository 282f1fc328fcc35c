"""Wall 2: the row-level security policies of a tenant's model, in two dialects.

Plain PostgreSQL evaluates a setting once when it is wrapped in a sub-select; Citus cannot push
sub-selects to its workers and takes the bare call. `nullif` is needed before each cast, because
a setting is an empty string, not null, once a transaction that set it has ended.
Only leakproof operators are used, so that the policies never keep a query from its index.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from prm.operations.roles import APP, SEARCH, SYSTEM
from prm.tenancy.models import TenantModel, Wall

Dialect = Literal["postgresql", "citus"]


@dataclass(frozen=True)
class Policy:
    """One `CREATE POLICY`; `check` is what a new row must satisfy, by default the same."""

    name: str
    role: str
    using: str  # empty for an `INSERT`, which finds no rows
    command: str = "ALL"
    check: str = ""
    is_restrictive: bool = False  # holds beside the others instead of being one way in

    def sql(self, table: str) -> str:
        new = self.check or (self.using if self.command == "ALL" else "")
        kind = "RESTRICTIVE" if self.is_restrictive else "PERMISSIVE"
        parts = [
            f'CREATE POLICY {self.name} ON "{table}" AS {kind} FOR {self.command} TO {self.role}',
            f"USING ({self.using})" if self.using else "",
            f"WITH CHECK ({new})" if new else "",
        ]
        return " ".join(part for part in parts if part)


def policies(model: type[TenantModel], dialect: Dialect) -> list[Policy]:
    """Return the policies of a model's table."""
    tenant = f"tenant_id = {_setting('app.tenant_id', 'uuid', dialect)}"
    reach = _reach(model.wall, dialect)
    made = [
        Policy("members", APP, f"{tenant} AND ({reach})" if reach else tenant),
        Policy("system_reads", SYSTEM, "true", "SELECT"),
        Policy("search_reads", SEARCH, "true", "SELECT"),
    ]
    if getattr(model, "is_seen_by_its_user_everywhere", False):
        own = f"user_id = {_setting('app.user_id', 'uuid', dialect)}"
        made.append(Policy("own_rows", APP, own, "SELECT"))
    if model.is_sealable:
        made.append(Policy("sealed_stays", APP, "NOT is_sealed", "UPDATE", check="true", is_restrictive=True))
        made.append(Policy("sealed_is_kept", APP, "NOT is_sealed", "DELETE", is_restrictive=True))
        made.append(Policy("sealed_is_whole", APP, "", "INSERT", check="NOT is_sealed", is_restrictive=True))
    if model.can_be_thrown_away:
        sees = f"{_setting('app.sees_thrown_away', 'text', dialect)} = 'yes'"
        made.append(
            Policy("thrown_away_is_hidden", APP, f"thrown_away_at IS NULL OR {sees}", "SELECT", is_restrictive=True)
        )
    return made


def grants(model: type[TenantModel]) -> dict[str, list[str]]:
    """Return what each role may do with a model's table."""
    change = "UPDATE (is_sealed)" if model.is_sealable else "UPDATE"  # never moved to what is sealed already
    write = ["INSERT"] if model.is_append_only else ["INSERT", change, "DELETE"]
    return {APP: ["SELECT", *write], SYSTEM: ["SELECT"], SEARCH: ["SELECT"]}


def _reach(wall: Wall, dialect: Dialect) -> str:
    scope = _setting("app.scope", "text", dialect)
    path = _setting("app.partner_path", "text", dialect)
    user = _setting("app.user_id", "uuid", dialect)
    match wall:
        case Wall.SHARED:
            return f"{scope} IN ('vendor', 'partner', 'tree', 'system')"
        case Wall.VENDOR:
            return f"{scope} IN ('vendor', 'system')"
        case Wall.PARTNER:
            return (
                f"{scope} IN ('vendor', 'system')"
                f" OR ({scope} = 'partner' AND partner_path = {path})"
                f" OR ({scope} = 'tree' AND starts_with(partner_path, {path}))"
            )
        case Wall.FIRM:
            return f"{scope} = 'system' OR ({scope} IN ('partner', 'tree') AND partner_path = {path})"
        case Wall.PERSON:
            return f"{scope} = 'system' OR user_id = {user}"


def _setting(name: str, cast: str, dialect: Dialect) -> str:
    value = f"nullif(current_setting('{name}', true), '')::{cast}"
    return f"(SELECT {value})" if dialect == "postgresql" else value
