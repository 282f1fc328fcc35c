"""Two companies side by side: what agrees, what differs, what is left over. All that scoring and explaining need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rapidfuzz.distance import OSA

from deals.rules.matching import words
from deals.rules.matching.names import Name
from deals.rules.matching.profiles import Address, Profile

Rarity = Callable[[str], float]


class Letter(StrEnum):
    """How a field compares."""

    SAME = "same"
    SIMILAR = "similar"
    DIFFERENT = "different"
    MISSING = "missing"


class How(StrEnum):
    """Why two words are taken for one."""

    EQUAL = "equal"
    TYPO = "typo"
    SPELLING = "spelling"
    MEANING = "meaning"
    SHORT = "short"
    JOINED = "joined"
    INITIALS = "initials"
    SOUND = "sound"


STRENGTH = {
    How.EQUAL: 1.0,
    How.JOINED: 0.97,
    How.SPELLING: 0.97,
    How.MEANING: 0.9,
    How.TYPO: 0.88,
    How.SHORT: 0.8,
    How.INITIALS: 0.7,
    How.SOUND: 0.65,
}


@dataclass(frozen=True)
class Pair:
    """Words of one name that mean words of the other."""

    one: tuple[str, ...]
    other: tuple[str, ...]
    how: How
    rarity: float

    @property
    def strength(self) -> float:
        return STRENGTH[self.how]


@dataclass(frozen=True)
class Alignment:
    """The words of two names laid side by side."""

    one: Name
    other: Name
    pairs: tuple[Pair, ...]
    left: tuple[str, ...]  # of `one`
    right: tuple[str, ...]  # of `other`
    cover_one: float  # share of the information of `one` that the other has, 0–1
    cover_other: float
    information: float  # how much the words that agree tell: nats, divided by ten

    @property
    def weak(self) -> float:
        """The smaller of both shares: 1 for names that say the same."""
        return min(self.cover_one, self.cover_other)

    @property
    def strong(self) -> float:
        return max(self.cover_one, self.cover_other)

    @property
    def heads_meet(self) -> bool:
        """The first words are one: what a company is called comes first nearly everywhere."""
        if not self.one.core or not self.other.core:
            return False
        return any(self.one.core[0] in pair.one and self.other.core[0] in pair.other for pair in self.pairs)

    @property
    def extends(self) -> bool:
        """All of what was typed is in the other name, which says more."""
        return not self.left and bool(self.right) and self.weak < 1

    @property
    def is_extended(self) -> bool:
        return bool(self.left) and not self.right

    @property
    def series_differ(self) -> bool:
        """Both are counted, and differently: "Fund II" and "Fund III"."""
        return bool(self.one.numbers) and bool(self.other.numbers) and self.one.numbers != self.other.numbers


@dataclass(frozen=True)
class Comparison:
    """All that was found between what was typed (`one`) and what is known (`other`)."""

    one: Profile
    other: Profile
    name: Alignment
    country: Letter
    city: Letter
    state: Letter
    postcode: Letter
    street: Letter
    phone: Letter
    number: Letter
    domain: Letter
    shared: tuple[Address, Address] | None = None  # the addresses that agree, or else the first of each

    @property
    def is_at_one_place(self) -> bool:
        """They share a telephone, a street or a postcode: more than a city."""
        return Letter.SAME in (self.phone, self.street, self.postcode)


def compare(one: Profile, other: Profile, rarity: Rarity) -> Comparison:
    """Lay two companies side by side; of several names the pair that agrees best."""
    best = max(
        (align(a, b, one, other, rarity) for a in one.names for b in other.names),
        key=lambda found: (found.cover_one * found.cover_other, found.information),
    )
    domain, shared = _domains(one, other)
    return Comparison(
        one,
        other,
        best,
        country=_equal(one.country, other.country),
        city=_cities(one, other),
        state=_equal(one.state, other.state),
        postcode=_postcodes(one.postcode, other.postcode),
        street=_streets(one.street, other.street),
        phone=_equal(one.phone, other.phone),
        number=_numbers(one, other),
        domain=domain,
        shared=shared,
    )


def align(a: Name, b: Name, one: Profile, other: Profile, rarity: Rarity) -> Alignment:
    """Pair the words of two names one to one, the surest first."""
    left, right = list(a.core), list(b.core)
    pairs: list[Pair] = []

    def take(ones: tuple[str, ...], others: tuple[str, ...], how: How) -> None:
        for word in ones:
            left.remove(word)
        for word in others:
            right.remove(word)
        weight = max(sum(map(rarity, ones)), sum(map(rarity, others)))
        pairs.append(Pair(ones, others, how, weight))

    for word in a.core:
        if word in right and word in left:
            take((word,), (word,), How.EQUAL)
    if left and right:
        _pair_rest(a, b, left, right, take)
    weigh = _weigher(rarity, one, other)
    agreed = sum(pair.rarity * pair.strength for pair in pairs)
    ones = sum(weigh(word, one, other) for word in left)
    others = sum(weigh(word, other, one) for word in right)
    return Alignment(
        a,
        b,
        tuple(pairs),
        tuple(left),
        tuple(right),
        cover_one=_share(pairs, ones),
        cover_other=_share(pairs, others),
        information=agreed,
    )


def _share(pairs: list[Pair], left_over: float) -> float:
    agreed = sum(pair.rarity * pair.strength for pair in pairs)
    whole = sum(pair.rarity for pair in pairs) + left_over
    return agreed / whole if whole else 0.0


def _weigher(rarity: Rarity, one: Profile, other: Profile) -> Callable[[str, Profile, Profile], float]:
    def weigh(word: str, its: Profile, others: Profile) -> float:
        """A place that is the other's place too says nothing when it is left over."""
        if (
            word in its.places
            or word in others.places
            or words.countries().get(word) in {its.country, others.country} - {""}
        ):
            return 0.3 * rarity(word)
        return rarity(word)

    return weigh


def _pair_rest(a: Name, b: Name, left: list[str], right: list[str], take: Callable[..., None]) -> None:
    for word in left.copy():
        for candidate in right:
            if (how := likeness(word, candidate, a, b)) is not None and how is not How.SOUND:
                take((word,), (candidate,), how)
                break
    if not left or not right:
        return
    _pair_joined(left, right, take)
    _pair_joined(right, left, lambda ones, others, how: take(others, ones, how))
    _pair_initials(left, right, b, take)
    _pair_initials(right, left, a, lambda ones, others, how: take(others, ones, how))
    for word in left.copy():
        for candidate in right:
            if likeness(word, candidate, a, b) is not None:
                take((word,), (candidate,), How.SOUND)
                break


def likeness(one: str, other: str, a: Name, b: Name) -> How | None:
    """Say why two words are taken for one, or nothing."""
    number, second = words.number(one), words.number(other)
    if number is not None or second is not None:
        return How.SPELLING if number == second else None
    meaning = words.concept(one)
    if meaning and meaning == words.concept(other):
        return How.MEANING
    if _plain(one) == _plain(other) or words.cities().get(one, one) == words.cities().get(other, other):
        return How.SPELLING
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= 3:
        distance = OSA.distance(one, other, score_cutoff=2)
        if distance == 1 and len(longer) >= 4 and (len(longer) >= 5 or one[0] == other[0]):
            return How.TYPO
        if distance == 2 and len(shorter) >= 7:
            return How.TYPO
    if len(shorter) >= 3 and longer.startswith(shorter) and (shorter in a.cut or shorter in b.cut or len(shorter) >= 4):
        return How.SHORT
    if (
        len(shorter) >= 2
        and (shorter in a.cut or shorter in b.cut or 2 < len(shorter) < 5)
        and _is_cut_of(shorter, longer)
    ):
        return How.SHORT
    if len(shorter) >= 5 and words.sound(one) == words.sound(other) and len(words.sound(one)) >= 3:
        return How.SOUND
    return None


@lru_cache(maxsize=65536)
def _plain(word: str) -> str:
    """Return a word without what spellings and the plural change."""
    if word.endswith("ies") and len(word) > 5:
        word = f"{word[:-3]}y"
    return word.replace("ae", "a").replace("oe", "o").replace("ue", "u").replace("ph", "f").rstrip("s")


def _is_cut_of(short: str, long: str) -> bool:
    """Say whether a word is another with letters left out: `svcs` of `services`. First letter and consonants only."""
    if short[0] != long[0] or len(long) < len(short) + 3 or len(short) < 3:
        return False
    rest = iter(long)
    return all(letter in rest for letter in short) and not any(letter in "aeiou" for letter in short[1:])


def _pair_joined(left: list[str], right: list[str], take: Callable[..., None]) -> None:
    """Pair "hunter douglas" with "hunterdouglas"."""
    for count in (2, 3):
        for start in range(len(left) - count + 1):
            part = tuple(left[start : start + count])
            joined = "".join(part)
            if len(joined) >= 4 and joined in right:
                take(part, (joined,), How.JOINED)
                return


def _pair_initials(left: list[str], right: list[str], b: Name, take: Callable[..., None]) -> None:
    """Pair "ibm" with "international business machines"."""
    for word in left:
        if not 2 <= len(word) <= 6:
            continue
        for start in range(len(right) - len(word) + 1):
            part = tuple(right[start : start + len(word)])
            if "".join(each[0] for each in part) == word:
                take((word,), part, How.INITIALS)
                return


def _equal(one: str, other: str) -> Letter:
    if not one or not other:
        return Letter.MISSING
    return Letter.SAME if one == other else Letter.DIFFERENT


def _numbers(one: Profile, other: Profile) -> Letter:
    """Numbers are given by countries: those of two say nothing about each other."""
    if one.country and other.country and one.country != other.country:
        return Letter.MISSING
    return _equal(one.number, other.number)


def _cities(one: Profile, other: Profile) -> Letter:
    if not one.city or not other.city:
        return Letter.MISSING
    if one.city == other.city:
        return Letter.SAME
    shorter, longer = sorted((one.city, other.city), key=len)
    if (len(shorter) >= 4 and shorter in longer) or (
        shorter in one.places | other.places and longer in (one.state, other.state)
    ):
        return Letter.SIMILAR
    if one.city == other.state or other.city == one.state:
        return Letter.SIMILAR
    return (
        Letter.SIMILAR
        if len(shorter) >= 5 and OSA.distance(one.city, other.city, score_cutoff=1) <= 1
        else Letter.DIFFERENT
    )


def _postcodes(one: str, other: str) -> Letter:
    if not one or not other:
        return Letter.MISSING
    if one.lstrip("0") == other.lstrip("0"):
        return Letter.SAME
    shorter, longer = sorted((one, other), key=len)
    if longer.startswith(shorter) and len(shorter) >= 3:
        return Letter.SAME
    return Letter.SIMILAR if one[:3] == other[:3] else Letter.DIFFERENT


def _streets(one: frozenset[str], other: frozenset[str]) -> Letter:
    if not one or not other:
        return Letter.MISSING
    share = len(one & other) / min(len(one), len(other))
    mine, theirs = ({word for word in street if word[0].isdigit()} for street in (one, other))
    agree = mine <= theirs or theirs <= mine
    return (
        Letter.SAME
        if share >= 0.7 and agree and (mine or share == 1)
        else Letter.SIMILAR
        if share >= 0.4
        else Letter.DIFFERENT
    )


def _domains(one: Profile, other: Profile) -> tuple[Letter, tuple[Address, Address] | None]:
    pairs = [(a, b) for a in one.addresses for b in other.addresses]
    if not pairs:
        return Letter.MISSING, None
    for a, b in sorted(pairs, key=lambda pair: pair[0].host != pair[1].host):
        if a.domain == b.domain:
            return Letter.SAME, (a, b)
    for a, b in pairs:
        if a.label == b.label and len(a.label) >= 4:
            return Letter.SIMILAR, (a, b)
    return Letter.DIFFERENT, pairs[0]
