"""Which customers of the vendor a description may mean. For the vendor's eyes; callers decide what to disclose.

The way: the keys of what was typed → customers that share rare ones → each compared and scored. Names and rules are in
`deals.rules.matching`; this module only fetches what they ask.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from deals.models import EndCustomer, MatchKeyCount
from deals.rules.matching import classes, groups, keys, profiles, scoring, words
from deals.rules.matching.classes import Class, Likeness
from deals.rules.matching.comparing import Rarity
from deals.rules.matching.profiles import Facts, Profile
from deals.rules.matching.scoring import Scored
from prm.tenancy.context import current_tenant_id, seeing_all_partners

CANDIDATES = 40
KIN = 60
NEAREST = 3  # candidates whose relatives are looked for
FEW = 20  # customers up to which a key is rare, and not counted
COLUMNS = (
    "id", "name", "country", "state", "city", "postcode", "address", "phone", "website", "tax_id", "other_names",
    "other_websites", "parent_id",
)  # fmt: skip


@dataclass(frozen=True)
class Match:
    """A customer that was found, and how it stands to what was typed."""

    customer: EndCustomer
    likeness: Likeness


@dataclass(frozen=True)
class Relative:
    """A customer of the same group; without a likeness, by a shared web domain or parent alone.

    The likeness is that to what was asked for, or to the customer `beside`, which may be meant by it. `group` is the
    web domain of a group that the name names, or whose names are like it.
    """

    customer: EndCustomer
    likeness: Likeness | None = None
    beside: EndCustomer | None = None
    group: str = ""


def matches(
    facts: Facts, *, but: UUID | None = None, also: Iterable[UUID] = (), beside: Sequence[EndCustomer] = ()
) -> list[Match]:
    """Return the customers that a description may mean or is related to, the likeliest first; never the one `but`.

    Those `also` named are compared whether or not they share a rare key, and so are those given `beside`, which need
    not be in the database.
    """
    found = [Match(one.key, classes.likeness(one)) for one in ranked(facts, but=but, also=also, beside=beside)]
    return [one for one in found if one.likeness.kind is not Class.DIFFERENT]


def ranked(
    facts: Facts, *, but: UUID | None = None, also: Iterable[UUID] = (), beside: Sequence[EndCustomer] = ()
) -> list[Scored[EndCustomer]]:
    """Return all candidates, the likeliest first, those that are others as well."""
    asked = profiles.of(facts)
    if not asked.names[0].core and not asked.addresses and not asked.number and not asked.phone:
        return []
    with seeing_all_partners():
        candidates, rarity = candidates_of(asked, but=but, also=also, beside=beside)
    return scoring.rank(asked, candidates, rarity)


def relatives_of(
    facts: Facts, found: Sequence[Scored[EndCustomer]], *, of: EndCustomer | None = None
) -> list[Relative]:
    """Return the customers that belong to a description, given those `found` for it, or to the customer it is `of`.

    They look related to what was typed, or to the customer that is most likely meant by it; they share a web domain
    with the nearest of those, or a parent; or they are of the group that the name names or that is many of those found.
    Customers that may be the same are no relatives.
    """
    but = of.pk if of else None
    close = [one for one in found if classes.of(one) is not Class.DIFFERENT]
    same = {one.key.pk for one in close if classes.likeness(one).may_be_same}
    known = {but, *(one.key.pk for one in close)}
    meant = close[0].key if same else None
    theirs = ranked(meant.facts, but=meant.pk) if meant else []
    theirs = [one for one in theirs if one.key.pk not in known and classes.of(one) is not Class.DIFFERENT]
    near = [*([of] if of else []), *(one.key for one in (*close[:NEAREST], *theirs[:NEAREST]))]
    known |= {one.key.pk for one in theirs}
    return [
        *(Relative(one.key, classes.likeness(one)) for one in close if one.key.pk not in same),
        *(Relative(one.key, classes.likeness(one), beside=meant) for one in theirs),
        *(one for one in _group_of(near, facts, found) if one.customer.pk not in known),
    ]


def _group_of(near: Sequence[EndCustomer], facts: Facts, found: Sequence[Scored[EndCustomer]]) -> list[Relative]:
    """Return who shares a web domain or a parent with the nearest, or is of the group that the description names."""
    asked = profiles.of(facts)
    domains = {address.domain for profile in (asked, *(one.profile for one in near)) for address in profile.addresses}
    called = groups.labels(asked.names[0])
    parents = {customer.parent_id or customer.pk for customer in near}
    with seeing_all_partners():
        so_called = _with_keys([f"{kind}:{label[:24]}" for label in called for kind in "ij"], asked)
        of_group = groups.crowded([one.key.profile for one in found])
        of_group |= groups.named(called, [customer.profile for customer in so_called])
        sharers = _with_keys([f"d:{domain}" for domain in domains | of_group], asked)
        children = EndCustomer.objects.filter(parent__in=parents).standing().only(*COLUMNS)[:KIN]
    found_by = {customer.pk: Relative(customer) for customer in children}
    for customer in sharers:
        theirs = {address.domain for address in customer.profile.addresses}
        group = "" if theirs & domains else min(theirs & of_group, default="")
        found_by.setdefault(customer.pk, Relative(customer, group=group))
    return list(found_by.values())[:KIN]


def _with_keys(shared: Iterable[str], asked: Profile) -> list[EndCustomer]:
    hashes = keys.hashed(shared, current_tenant_id())
    ids = _ids_by_keys(hashes, dict.fromkeys(hashes, 1.0), asked, KIN)
    return list(EndCustomer.objects.filter(pk__in=ids).standing().only(*COLUMNS))


def candidates_of(
    asked: Profile, *, but: UUID | None = None, also: Iterable[UUID] = (), beside: Sequence[EndCustomer] = ()
) -> tuple[list[tuple[EndCustomer, Profile]], Rarity]:
    """Return the customers that share rare keys, the most promising first, and how rare each word of theirs is."""
    hashes = keys.hashed({*keys.asked(asked), keys.EVERYTHING}, current_tenant_id())
    everything = hashes.pop(keys.EVERYTHING)
    counts = _counts((*hashes.values(), everything))
    total = counts.get(everything, FEW)
    weights = {key: _weight(key, counts.get(number, 0), total) for key, number in hashes.items()}
    ids = _ids_by_keys(hashes, {key: weight for key, weight in weights.items() if weight}, asked, CANDIDATES)
    ids = list(dict.fromkeys([*ids, *also]))
    rows = EndCustomer.objects.only(*COLUMNS).in_bulk(ids)
    candidates = [(rows[pk], rows[pk].profile) for pk in ids if pk in rows and pk != but]
    candidates += [(customer, customer.profile) for customer in beside]
    return candidates, _Rarity([asked, *(profile for _, profile in candidates)], total)


def _weight(key: str, customers: int, total: int) -> float:
    """Return how much a shared key tells, in nats; nothing for one that too many share."""
    kind = key[0]
    if customers > keys.COMMON and kind not in keys.IDENTIFIERS:
        return 0.0
    return math.log(max(total, FEW) / max(customers, FEW // 5) + 1) * keys.IDENTIFIERS.get(kind, 1.0)


def _ids_by_keys(hashes: dict[str, int], weights: dict[str, float], asked: Profile, most: int) -> list[UUID]:
    if not weights:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT deals_match_customers(%s::bigint[], %s::real[], %s, %s, %s)",
            [[hashes[key] for key in weights], list(weights.values()), asked.country, asked.city[:60], most],
        )
        return [row[0] for row in cursor.fetchall()]


def _counts(numbers: Iterable[int]) -> dict[int, int]:
    return dict(MatchKeyCount.objects.filter(key__in=list(numbers)).values_list("key", "customers"))


class _Rarity:
    """How much a word tells, by how many of the vendor's customers have it; asked of the database once."""

    def __init__(self, read: Iterable[Profile], total: int) -> None:
        meant = {word: words.concept(word) for profile in read for name in profile.names for word in name.core}
        hashes = keys.hashed({f"w:{meaning or word}" for word, meaning in meant.items()}, current_tenant_id())
        counts = _counts(hashes.values())
        self._known = {
            word: scoring.rarity(
                counts.get(hashes[f"w:{meaning or word}"], 0), total, is_general=words.is_general(word)
            )
            for word, meaning in meant.items()
        }

    def __call__(self, word: str) -> float:
        return self._known[word]
