"""On whose behalf the current code runs, told to PostgreSQL for row-level security.

`SET LOCAL` ends with the transaction, so a pooled connection never carries a tenant to the next
client. A nested block would leave its values behind when it commits; they are therefore put back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from django.db import connection, transaction


class Scope(StrEnum):
    """How much of a tenant an actor may reach."""

    NOBODY = ""  # signed in, but no member here: own memberships only
    VENDOR = "vendor"  # everything of the tenant
    PARTNER = "partner"  # rows of exactly one partner
    TREE = "tree"  # rows of a distributor and of the partners below it
    SYSTEM = "system"  # the platform's own tasks, inside one tenant


@dataclass(frozen=True)
class Actor:
    """Somebody acting inside a tenant; `partner_path` is empty unless a partner's scope needs it."""

    tenant_id: UUID | None
    scope: Scope = Scope.NOBODY
    partner_path: str = ""
    user_id: UUID | None = None
    sees_thrown_away: bool = False

    @property
    def is_partner(self) -> bool:
        return self.scope in (Scope.PARTNER, Scope.TREE)


class NoTenant(RuntimeError):
    """A tenant's rows were asked for outside `acting_as`."""


NOBODY = Actor(tenant_id=None)
_current: ContextVar[Actor] = ContextVar("actor", default=NOBODY)


def current() -> Actor:
    """Return who acts now; outside any context that is nobody, of no tenant."""
    return _current.get()


def current_tenant_id() -> UUID:
    """Return the tenant's id, or raise `NoTenant`."""
    tenant_id = _current.get().tenant_id
    if tenant_id is None:
        raise NoTenant("This needs a tenant: run it inside acting_as().")
    return tenant_id


@contextmanager
def acting_as(actor: Actor) -> Iterator[Actor]:
    """Run the block in a transaction as `actor`, and give the outer actor back on leaving."""
    outer = _current.get()
    with transaction.atomic():
        nested = len(connection.savepoint_ids) > 0 or outer is not NOBODY
        _tell_database(actor)
        token = _current.set(actor)
        try:
            yield actor
        finally:
            _current.reset(token)
        if nested and not connection.needs_rollback:
            _tell_database(outer)


@contextmanager
def as_system(tenant_id: UUID) -> Iterator[Actor]:
    """Run the block as the platform itself, inside one tenant."""
    with acting_as(Actor(tenant_id, Scope.SYSTEM)) as actor:
        yield actor


@contextmanager
def seeing_all_partners() -> Iterator[Actor]:
    """Let a rule of the platform look at every partner's rows of the current tenant.

    Only for services that answer with less than they saw: the conflict check tells a partner
    that a customer is taken, never by whom. Who sees every partner anyhow goes on as they are.
    """
    if current().scope in (Scope.VENDOR, Scope.SYSTEM):
        with transaction.atomic():
            yield current()
        return
    with acting_as(replace(current(), tenant_id=current_tenant_id(), scope=Scope.SYSTEM, partner_path="")) as actor:
        yield actor


@contextmanager
def seeing_thrown_away() -> Iterator[Actor]:
    """Let the block find drafts that were thrown away, too; only for putting them back or deleting them for good."""
    with acting_as(replace(current(), sees_thrown_away=True)) as actor:
        yield actor


def _tell_database(actor: Actor) -> None:
    values = {
        "app.tenant_id": str(actor.tenant_id or ""),
        "app.scope": actor.scope.value,
        "app.partner_path": actor.partner_path,
        "app.user_id": str(actor.user_id or ""),
        "app.sees_thrown_away": "yes" if actor.sees_thrown_away else "",
    }
    statements = "; ".join(f"SET LOCAL {name} = %s" for name in values)
    with connection.cursor() as cursor:
        cursor.execute(statements, list(values.values()))
