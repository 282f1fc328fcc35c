"""Which group a description may belong to when no single company tells: by a web domain that several share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from deals.rules.matching import words
from deals.rules.matching.names import Name
from deals.rules.matching.profiles import Profile

GROUP = 3  # companies with one web domain that make it that of a group
CROWD = 0.2  # of the candidates; so many under one web domain are not there by chance
LONGEST = 5  # words whose initials a group goes by


def labels(name: Name) -> frozenset[str]:
    """Return how the web domain of the group may be called that a name names.

    Its own words, what stands in brackets, and the initials of its first words, the first of which may be short
    already: "OrlTec Elmshain" is of orltec.example, "O.R. Tunnelling Society, Elmshain" of orts.example.
    """
    small = words.listed("small")
    own = {word for word in (*name.core, *name.brackets) if word.isalpha() and not words.concept(word)} - small
    first, *rest = [word for word in name.text.split() if word not in small] or [""]
    starts = {first[:1], first if len(first) <= 3 else first[:1]}
    initials = "".join(word[0] for word in rest[: LONGEST - 1])
    heads = {start + initials[:many] for start in starts for many in range(1, len(initials) + 1)}
    return frozenset(label for label in own | heads | name.acronyms if len(label) >= 3)


def crowded(candidates: Sequence[Profile]) -> frozenset[str]:
    """Return the web domains that many of the candidates share: a group with names like the one that was asked for."""
    found = Counter(domain for one in candidates for domain in {address.domain for address in one.addresses})
    return frozenset(domain for domain, many in found.items() if many >= max(GROUP, CROWD * len(candidates)))


def named(called: frozenset[str], companies: Iterable[Profile]) -> frozenset[str]:
    """Return the web domains of companies that are called so and belong to a group."""
    found = Counter(
        domain
        for one in companies
        for domain in {address.domain for address in one.addresses if address.label in called}
    )
    return frozenset(domain for domain, many in found.items() if many >= GROUP)
