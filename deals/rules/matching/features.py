"""What scoring sees of a comparison: numbers, mostly between 0 and 1, each of which has a weight and can be shown.

The part before the colon says what kind of evidence it is; a person is shown the sum of each kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from deals.rules.matching import words
from deals.rules.matching.comparing import Alignment, Comparison, How, Letter, Rarity
from deals.rules.matching.names import Name
from deals.rules.matching.profiles import Address, Profile

Features = dict[str, float]


def of(found: Comparison, rarity: Rarity, sharers: int) -> Features:
    """Return the features that are not zero; `sharers` is how many candidates have the shared web domain."""
    name = found.name
    values = [*_name(name, rarity), *_names_places(found), *_place(found), *_numbers(found), *_web(found, sharers)]
    return {feature: value for feature, value in values if value}


NOBODY = -7.0  # what a stranger scores: to be ahead of less, or of nobody, means no more


def beside(scores: Sequence[float], place: int, *, has_domain: bool, rival_has_domain: bool) -> Features:
    """Return what the other candidates say about one: how far it is ahead of them or behind."""
    mine = scores[place]
    best_other = max([NOBODY, *(score for other, score in enumerate(scores) if other != place)])
    ahead = mine - best_other
    near = sum(score > mine - 1 for other, score in enumerate(scores) if other != place)
    return {
        "rival:ahead": _within(ahead, 6),
        "rival:ahead_little": _within(ahead, 3),
        "rival:behind": _within(-ahead, 6),
        "rival:first": float(ahead >= 0),
        "rival:near": min(near, 5) / 5,
        "rival:other_domain": float(rival_has_domain and not has_domain),
    }


def _within(value: float, most: float) -> float:
    return min(max(value, 0.0), most) / most


def _above(value: float, knot: float) -> float:
    return max(0.0, value - knot) / (1 - knot)


def _name(name: Alignment, rarity: Rarity) -> Iterator[tuple[str, float]]:
    a, b = name.one, name.other
    weak = name.weak
    yield "name:words_equal", float(a.core != b.core and sorted(a.core) == sorted(b.core))
    yield "name:cover_other", name.cover_other
    for knot in (0.35, 0.8, 0.92):
        yield f"name:weak>{knot}", _above(weak, knot)
    for knot in (0.3, 0.7, 1.2, 2.0):
        yield f"name:information>{knot}", min(1.0, max(0.0, name.information - knot))
    yield "name:heads", float(name.heads_meet)
    yield "name:heads_differ", float(bool(a.core and b.core) and a.core[0] in name.left and b.core[0] in name.right)
    own_right = [word for word in name.right if not words.concept(word)]
    yield "name:both_left_over", float(bool(name.left) and bool(name.right))
    yield "name:general_left", min(sum(bool(words.concept(word)) for word in name.left), 3) / 3
    yield "name:rarest_right", max(map(rarity, own_right), default=0.0)
    for how in (How.TYPO, How.MEANING, How.SOUND):
        yield f"name:{how.value}", min(sum(pair.how is how for pair in name.pairs), 2) / 2
    yield "name:rare_typo", max((pair.rarity for pair in name.pairs if pair.how is How.TYPO), default=0.0)
    yield "name:single", float(len(a.core) == 1)
    yield "name:single_equal", float(a.core == b.core and len(a.core) == 1)
    yield "name:short", float(len(a.joined) <= 4)
    letters = fuzz.ratio(a.joined, b.joined) / 100
    for knot in (0.5, 0.75):
        yield f"name:letters>{knot}", _above(letters, knot)
    yield "name:start", max(0.0, JaroWinkler.similarity(a.joined, b.joined) - 0.8) * 5
    yield "name:extends", float(name.extends)
    yield "name:is_extended", float(name.is_extended)
    yield "name:series", float(name.series_differ)
    yield "name:series_alone", name.series_differ * weak
    yield "name:one_series", float(bool(a.numbers) != bool(b.numbers)) * weak
    yield "name:same_form", float(bool(a.forms & b.forms))
    yield "name:other_form", float(bool(a.forms) and bool(b.forms) and not a.forms & b.forms)
    yield "name:acronym", acronym(a, b)
    yield "name:cut", float(a.is_cut)


def _names_places(found: Comparison) -> Iterator[tuple[str, float]]:
    left = found.name.left
    yield "name:place_left", float(any(_is_place(word, found.other) for word in left))
    yield "name:elsewhere_left", float(any(_is_elsewhere(word, found.other) for word in left))


def _place(found: Comparison) -> Iterator[tuple[str, float]]:
    weak, strong = found.name.weak, found.name.strong
    yield "place:same_country", float(found.country is Letter.SAME)
    if found.country is Letter.DIFFERENT:
        yield "place:other_country", 1.0
        yield "place:other_country_and_name", weak
    if found.city is Letter.DIFFERENT:
        yield "place:other_city", 1.0
        yield "place:other_city_and_name", weak
        yield "place:other_city_general_name", float(found.name.information < 0.8)
    if found.city is Letter.SAME:
        yield "place:city_and_name", weak
        yield "place:city_and_half", strong
    yield "place:other_postcode", float(found.postcode is Letter.DIFFERENT)
    yield "place:other_street", float(found.street is Letter.DIFFERENT)


def _numbers(found: Comparison) -> Iterator[tuple[str, float]]:
    name = found.name
    yield "number:same", float(found.number is Letter.SAME)
    yield "number:phone", float(found.phone is Letter.SAME)
    yield "number:other_phone", float(found.phone is Letter.DIFFERENT)
    yield "place:without_name", float(found.is_at_one_place) * (1 - name.strong)
    if found.is_at_one_place or found.domain is Letter.SAME or found.number is Letter.SAME:
        return
    yield "name:alone_initials", float(any(pair.how is How.INITIALS for pair in name.pairs))
    yield "name:alone_acronym", max(acronym(name.one, name.other), acronym(name.other, name.one))
    if found.city is not Letter.SAME:
        yield "name:alone", 1.0
        yield "name:alone_weak", 1 - name.weak


def _web(found: Comparison, sharers: int) -> Iterator[tuple[str, float]]:
    name = found.name
    mine, theirs = found.one.addresses, found.other.addresses
    own, their_own = _said(mine, name.one), _said(theirs, name.other)
    yield "web:own", own
    yield "web:their_own", their_own
    yield "web:theirs", _said(theirs, name.one)
    yield "web:mine", _said(mine, name.other)
    yield "web:similar", float(found.domain is Letter.SIMILAR)
    if found.domain is Letter.DIFFERENT:
        yield "web:different", 1.0
        yield "web:different_and_name", name.weak
    if found.shared is None or found.domain is not Letter.SAME:
        return
    one, other = found.shared
    yield "web:same", 1.0
    yield "web:alone", float(sharers <= 1)
    yield "web:by_mail", float(one.from_mail)
    yield "web:same_host", float(one.host == other.host)
    yield "web:their_page", float(bool(other.path) and other.path not in ("en", "index.html"))
    yield "web:and_name", name.weak
    yield "web:without_name", float(name.strong < 0.2)
    yield "web:crowd_and_name", name.weak * (sharers > 1)
    yield "web:both", min(own, their_own)
    yield "web:only_mine", float(own > their_own)
    yield "web:only_mine_no_name", (own > their_own) * (1 - name.strong)
    yield "web:only_theirs_no_name", (their_own > own) * (1 - name.strong)
    yield "web:other_script", float(words.has_other_script(name.one.raw))
    yield (
        "web:own_words_left",
        float(all(any(not words.concept(word) for word in rest) for rest in (name.left, name.right))),
    )
    yield "web:heads", float(name.heads_meet)
    yield "web:same_city", float(found.city is Letter.SAME)
    yield "web:acronym", max(acronym(name.one, name.other), acronym(name.other, name.one))


def _is_place(word: str, of: Profile) -> bool:
    return word in of.places or (words.countries().get(word) == of.country and bool(of.country))


def _is_elsewhere(word: str, of: Profile) -> bool:
    country = words.countries().get(word)
    return bool(country and of.country and country != of.country)


def acronym(short: Name, long: Name) -> float:
    """Say how surely one name is the initials of the other: 1 for five letters or more."""
    joined = short.joined
    if not 2 <= len(joined) <= 8 or len(long.core) < 2 or len(short.core) > 2:
        return 0.0
    if joined in long.acronyms or short.spelt_out in long.acronyms:
        return min(1.0, len(joined) / 5)
    if joined in long.brackets:
        return 1.0
    if len(joined) >= 3 and any(initials.startswith(joined) for initials in long.acronyms):
        return 0.5 * min(1.0, len(joined) / 5)
    letters = iter(long.joined)
    if len(joined) >= 4 and joined[0] == long.joined[0] and all(letter in letters for letter in joined):
        return 0.3
    return 0.0


def _said(addresses: Sequence[Address], name: Name) -> float:
    """Say how surely web addresses are made from a name."""
    return max((_says(address.label, name) for address in addresses), default=0.0)


def _says(label: str, name: Name) -> float:
    joined = name.joined
    if len(label) < 2 or not joined:
        return 0.0
    if label in (joined, name.spelt_out):
        return 1.0
    if len(label) > 2 and label in name.acronyms:
        return 0.9
    shorter, longer = sorted((label, joined), key=len)
    if len(shorter) >= 4 and longer.startswith(shorter):
        return 0.5 + 0.5 * len(shorter) / len(longer)
    return 0.4 if len(shorter) >= 5 and shorter in longer else 0.0
