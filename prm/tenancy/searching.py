"""Finding rows by parts of words.

Row-level security lets only leakproof operators reach an index, and `LIKE` is none. An app therefore makes a
function in a migration (`make` writes it): STABLE, SECURITY DEFINER, with a pinned search path, owned by the role
`prm_search`, whose own policy lets it read. The function itself keeps to the tenant, scope and partner of the request
and returns ids.
"""

from __future__ import annotations

import re
import unicodedata
from uuid import UUID

from anyascii import anyascii
from django.db import connection

from prm.operations.roles import APP, SEARCH

MOST_WORDS = 6
LONGEST = 60
SHORT = 3  # trigrams find parts of words from here on; shorter ones are looked for where words begin


def ids(function: str, text: str, *, most: int) -> list[UUID]:
    """Return the ids that a search function finds for what somebody typed; nothing for less than two characters."""
    words = words_of(text)
    if sum(map(len, words)) < 2:
        return []
    plain = [anyascii(word).lower() for word in words]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s, %s)", [patterns(words), patterns(plain), most])
        return [row[0] for row in cursor.fetchall()]


def words_of(text: str) -> list[str]:
    """Return the words in lower case, without characters that nobody sees or that no database stores."""
    seen = ("".join(c for c in word if unicodedata.category(c) not in ("Cc", "Cs", "Cf")) for word in text.split())
    return [word.lower()[:LONGEST] for word in seen if word][:MOST_WORDS]


def patterns(words: list[str]) -> list[str]:
    """Return what `LIKE` looks for, the longest word first, because that is the one the index is asked for."""
    return [pattern(word) for word in sorted(filter(None, words), key=len, reverse=True)]


def pattern(word: str) -> str:
    """Return the pattern of a word: `%` and `_` stand for themselves."""
    literal = re.sub(r"([\\%_])", r"\\\1", word)
    return f"%{literal}%" if len(word) >= SHORT else f"% {literal}%"


def make(function: str, table: str, *, index: str, words: str, latest: str, for_partners: bool = True) -> list[str]:
    """Return the statements of a migration that make a search function and the index it asks.

    A table that is not `for_partners` has no `partner_path`; its rows are found by the vendor's own people only.
    `words` is an immutable expression over the columns of the table, in lower case and with a space before each
    column; `latest` is the column whose latest come first. Those are looked among at first: a word that most rows
    have would make the index return them all, and row-level security hides from the planner how common words are.
    """
    partners = """ OR (reach = 'partner' AND row.partner_path = path)
                 OR (reach = 'tree' AND starts_with(row.partner_path, path))"""
    reach = f"row.tenant_id = tenant AND (reach IN ('vendor', 'system'){partners if for_partners else ''})"
    fits = " OR ".join(f"({_fit(words, patterns)})" for patterns in ("words", "plain_words"))
    order = f"ORDER BY {latest} DESC, id DESC LIMIT"
    signature = f"{function}(text[], text[], integer)"
    return [
        f"CREATE INDEX {index} ON {table} USING gin (({words}) gin_trgm_ops)",
        f"""
        CREATE FUNCTION {function}(words text[], plain_words text[], most integer)
        RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
        DECLARE
            tenant uuid := nullif(current_setting('app.tenant_id', true), '');
            reach text := nullif(current_setting('app.scope', true), '');
            path text := nullif(current_setting('app.partner_path', true), '');
            wanted integer := least(most, 200);
            found uuid[];
        BEGIN
            found := ARRAY(
                SELECT id FROM (SELECT * FROM public.{table} row WHERE {reach} {order} 2000) latest
                WHERE {fits} {order} wanted
            );
            IF cardinality(found) < wanted THEN
                found := ARRAY(SELECT id FROM public.{table} row WHERE {reach} AND ({fits}) {order} wanted);
            END IF;
            RETURN QUERY SELECT unnest(found);
        END
        $$
        """,
        f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION {signature} TO {APP}",
        f"ALTER FUNCTION {signature} OWNER TO {SEARCH}",
    ]


def unmake(function: str, *, index: str) -> list[str]:
    """Return the statements that drop what `make` made."""
    return [f"DROP FUNCTION {function}(text[], text[], integer)", f"DROP INDEX {index}"]


def _fit(words: str, patterns: str) -> str:
    """All words have to fit; the index is asked for the three longest at once."""
    asked = [f"({words}) LIKE coalesce({patterns}[{number}], {patterns}[1])" for number in (1, 2, 3)]
    return f"{' AND '.join(asked)} AND ({words}) LIKE ALL ({patterns})"
