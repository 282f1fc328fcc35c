"""What is known of a company, brought into the form in which it is compared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from deals.rules.matching import names, words
from deals.rules.matching.names import Name
from prm.companies import domain_key, is_free_mail, is_web_address

_NOT_WORDS = re.compile(r"[^a-z0-9]+")
_IS_ADDRESS = re.compile(r"^\s*(?:https?://)?(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:/\S*)?\s*$", re.IGNORECASE)
_EVERYBODYS = frozenset(
    ("co", "io", "me", "tv", "cc", "ai", "ly", "eu", "ws", "fm", "sh", "to", "gg", "vc", "am", "la", "st", "su")
)
_NOT_DIGITS = re.compile(r"\D+")
_KIND = re.compile(r"^[a-z]{2,5}[ :.-]+(?=\S*\d)")
_STREETS = {
    "street": "st", "str": "st", "strasse": "st", "road": "rd", "avenue": "ave", "av": "ave", "avenida": "ave",
    "drive": "dr", "boulevard": "blvd", "suite": "ste", "floor": "fl", "lane": "ln", "place": "pl", "square": "sq",
    "highway": "hwy", "building": "bldg", "parkway": "pkwy", "court": "ct", "north": "n", "south": "s",
    "east": "e", "west": "w",
}  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """What somebody typed about a company, or what a vendor holds of it. All may be empty."""

    name: str = ""
    country: str = ""
    state: str = ""
    city: str = ""
    postcode: str = ""
    address: str = ""
    phone: str = ""
    website: str = ""
    email: str = ""
    number: str = ""  # of a register or for tax, with or without its kind
    other_names: tuple[str, ...] = ()
    other_websites: tuple[str, ...] = ()


@dataclass(frozen=True)
class Address:
    """A web address: `host` without www, `domain` the part that can be registered, `label` that without its ending."""

    host: str
    domain: str
    label: str
    path: str
    from_mail: bool = False


@dataclass(frozen=True)
class Profile:
    """A company in comparable form."""

    names: tuple[Name, ...]
    country: str
    city: str
    state: str
    postcode: str
    street: frozenset[str]
    phone: str
    number: str
    addresses: tuple[Address, ...]
    places: frozenset[str]  # words of its city, state and country, which say nothing beside a name


def of(facts: Facts) -> Profile:
    """Return the profile of what is known. Never fails; what cannot be read is left out."""
    city, state = place(facts.city), place(facts.state)
    addresses = _addresses(facts)
    return Profile(
        names=_names(facts, addresses),
        country=facts.country.upper()[:2] or _country_of(addresses),
        city=city,
        state=state,
        postcode=_NOT_WORDS.sub("", words.fold(facts.postcode)),
        street=street(facts.address),
        phone=phone(facts.phone),
        number=number(facts.number, facts.country),
        addresses=addresses,
        places=frozenset(_place_words(facts.city)) | frozenset(_place_words(facts.state)),
    )


@lru_cache(maxsize=16384)
def place(text: str) -> str:
    """Return one spelling of a city or state: `munich` for "München"."""
    joined = _NOT_WORDS.sub("", words.fold(text))
    return words.cities().get(joined, joined)


@lru_cache(maxsize=16384)
def _place_words(text: str) -> tuple[str, ...]:
    found = _NOT_WORDS.sub(" ", words.fold(text)).split()
    known = words.cities()
    return tuple({*found, *(known[word] for word in found if word in known), *(["".join(found)] if found else [])})


def street(text: str) -> frozenset[str]:
    """Return the words and numbers of a street, long forms made short."""
    found = _NOT_WORDS.sub(" ", words.fold(text)).split()
    return frozenset(
        _STREETS.get(word, word.removesuffix("strasse") + "st" if word.endswith("strasse") else word) for word in found
    )


def phone(text: str) -> str:
    """Return the last nine digits of a number: what is before is a country's or a trunk's prefix, written or not."""
    digits = _NOT_DIGITS.sub("", re.sub(r"(?:ext|x|#).*$", "", text.lower()))
    return digits[-9:] if len(digits) >= 6 else ""


def number(text: str, country: str = "") -> str:
    """Return a register or tax number without kind, country, points and leading zeros: `610201` for "CRN 00610201".

    What is too short to identify anybody, or has no digit ("n/a", "unknown"), is no number.
    """
    found = _NOT_WORDS.sub("", _KIND.sub("", words.fold(text).strip())).removeprefix(country.lower())
    return found.lstrip("0") if len(found) >= SHORTEST and any(map(str.isdigit, found)) else ""


SHORTEST = 5  # signs of a number that identifies


def _country_of(addresses: tuple[Address, ...]) -> str:
    """Return the country whose ending a web address has, where it has one that says where a company is."""
    for one in addresses:
        ending = one.domain.rpartition(".")[2]
        if len(ending) == 2 and ending not in _EVERYBODYS:
            return "GB" if ending == "uk" else ending.upper()
    return ""


def _names(facts: Facts, addresses: tuple[Address, ...]) -> tuple[Name, ...]:
    found = []
    for text in (facts.name, *facts.other_names):
        typed = address(text) if _is_address(text) else None
        found.append(names.read(typed.domain.split(".")[0] if typed else text))
    return tuple(dict.fromkeys(name for name in found if name.core)) or (names.read(""),)


def _is_address(text: str) -> bool:
    return bool(_IS_ADDRESS.match(text)) and is_web_address(text)


def _addresses(facts: Facts) -> tuple[Address, ...]:
    typed = [name for name in (facts.name, *facts.other_names) if _is_address(name)]
    found = [address(site) for site in (facts.website, *facts.other_websites, *typed)]
    if facts.email:
        by_mail = address(facts.email.strip().rpartition("@")[2], from_mail=True)
        found += [by_mail] if by_mail and not is_free_mail(by_mail.domain) else []
    return tuple(dict.fromkeys(one for one in found if one))


@lru_cache(maxsize=16384)
def address(website: str, *, from_mail: bool = False) -> Address | None:
    """Return the parts of a web address, or nothing where there is none."""
    domain = domain_key(website)
    if not domain:
        return None
    bare = website.strip().lower().split("//")[-1]
    host, _, path = bare.partition("/")
    host = host.split("@")[-1].split(":")[0].removeprefix("www.").rstrip(".")
    label = _NOT_WORDS.sub("", domain.split(".")[0])
    return Address(host, domain, label, path.split("?")[0].strip("/"), from_mail)
