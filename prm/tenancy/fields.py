"""Fields that keep a row and everything it points to inside one tenant."""

from __future__ import annotations

import os
import time
from threading import Lock
from typing import Any
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models.expressions import Col
from django.db.models.sql.where import AND, WhereNode

from prm.tenancy.context import current_tenant_id

A_SECOND = 1000 * 4096  # in steps of `uuid7`

_last_tick = 0
_one_at_a_time = Lock()


def uuid7() -> UUID:
    """Return a UUID that sorts by the time it was made, within a process even in one millisecond.

    The first 60 bits are the time in steps of 1/4096 ms (RFC 9562, section 6.2, method 3); a step already
    given is moved on by one, so that rows written together are read in the order they were written in.
    """
    global _last_tick
    with _one_at_a_time:
        tick = time.time_ns() * 4096 // 1_000_000
        # A clock set back by more than that is believed.
        if 0 <= _last_tick - tick < A_SECOND:
            tick = _last_tick + 1
        _last_tick = tick
    milliseconds, fraction = divmod(tick, 4096)
    random = int.from_bytes(os.urandom(8)) & (1 << 62) - 1
    return UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0x2 << 62 | random)


class WrongTenant(RuntimeError):
    """A row was about to be written into another tenant than the current one."""


class TenantKey(models.ForeignKey):
    """The tenant a row belongs to: always the current one, also on bulk inserts."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.update(to="prm.Vendor", on_delete=models.PROTECT, related_name="+", db_index=False, editable=False)
        kwargs["default"] = current_tenant_id
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, _args, _kwargs = super().deconstruct()
        return name, path, (), {}

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)
        if value != current_tenant_id():
            raise WrongTenant(f"{model_instance._meta.label} belongs to another tenant.")
        return value


class BesideTenant(models.ForeignObject):
    """The one row of another table that belongs to the same tenant: read in a join, never stored."""

    def __init__(self, to: Any) -> None:
        keys = {"from_fields": ["tenant"], "to_fields": ["tenant"]}
        super().__init__(to, models.DO_NOTHING, null=True, related_name="+", **keys)

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = True, **kwargs: Any) -> None:
        super().contribute_to_class(cls, name, private_only=True, **kwargs)  # no migration needs to know of it


class TenantForeignKey(models.ForeignKey):
    """A reference to a row of the same tenant.

    Django sees a plain foreign key to `id`. The database key is `(tenant_id, x_id)`, made by
    `prm.tenancy.walls`, so a reference to another tenant's row cannot be stored; joins carry
    tenant equality, which lets the database use keys that lead with the tenant.
    """

    def __init__(self, to: Any, on_delete: Any, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        kwargs.setdefault("db_index", False)
        super().__init__(to, on_delete, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_constraint", None)
        kwargs.pop("db_index", None)
        return name, path, args, kwargs

    def get_extra_restriction(self, alias: str | None, related_alias: str | None) -> Any:
        if alias is None or related_alias is None:
            return None
        theirs = self.remote_field.model._meta.get_field("tenant")
        ours = self.model._meta.get_field("tenant")
        if not isinstance(theirs, TenantKey):
            raise ImproperlyConfigured(f"{self} must point to a tenant's model.")
        equality = theirs.get_lookup("exact")(Col(alias, theirs), Col(related_alias, ours))
        return WhereNode([equality], connector=AND)
