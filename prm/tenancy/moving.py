"""Moving the rows of all tenants in a migration."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import migrations


class MoveRows(migrations.RunSQL):
    """SQL that reads or writes rows of the tables it names, while their wall is down for their owner.

    A forced wall hides every row from whoever migrates, too: without this the SQL would find nothing to move, and say
    nothing of it.
    """

    def __init__(self, tables: Sequence[str], sql: str, reverse_sql: str = "") -> None:
        super().__init__(_beside_the_wall(tables, sql), _beside_the_wall(tables, reverse_sql) if reverse_sql else "")


def _beside_the_wall(tables: Sequence[str], sql: str) -> list[str]:
    down = [f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY" for table in tables]
    up = [f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in tables]
    return [*down, sql, "SET CONSTRAINTS ALL IMMEDIATE", *up, "SET CONSTRAINTS ALL DEFERRED"]
