"""Finding rows by parts of words.

Row-level security lets only leakproof operators reach an index, and `LIKE` is none. An app therefore makes a
function in a migration: STABLE, SECURITY DEFINER, with a pinned search path, owned by the role `prm_search`, whose
own policy lets it read. The function itself keeps to the tenant, scope and partner of the request and returns ids.
"""

from __future__ import annotations

import re
import unicodedata
from uuid import UUID

from anyascii import anyascii
from django.db import connection

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
