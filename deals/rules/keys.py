"""What identifies an end customer exactly: a normalised name, website or tax number.

Two spellings that differ only in case, accents, script, punctuation or legal form give one name key.
Fuzzy matching is another rule; these keys are the ones that may decide without a person.
"""

from __future__ import annotations

import re
from functools import cache

import tldextract
from anyascii import anyascii
from stdnum import get_cc_module

from deals.enums import KeyKind

# As they end names in the registers of Europe, the Americas and Asia, without points and spaces.
LEGAL_FORMS = frozenset(
    """
    ab ag aktiengesellschaft aktiebolag aps as asa bhd bv bvba co company corp corporation cv doo dd ead eeig
    eg ehf eirl eood eu ev gbr gie gmbh gmbhcokg hf inc incorporated kabushikikaisha kft kg kgaa kk
    kommanditgesellschaft lda limited limitada llc llp ltd ltda mbh nv ohg ood oy oyj pjsc plc pte pty ptyltd
    pvt pvtltd sa saa saas sac sae sal saoc sapi sarl sarlau sas sasu sc sca scarl se sl slu snc soc sp spa
    spol spzoo srl sro sprl sro ug uab vof zao zoo ooo oao pao gongsi youxiangongsi
    """.split()  # noqa: SIM905  (a word list is easier to read and to extend than eighty quoted lines)
)
_NOT_WORDS = re.compile(r"[^a-z0-9]+")
_NOT_CODE = re.compile(r"[^A-Z0-9]+")


def name_key(name: str, country: str) -> str:
    """Return `DE:muller maschinenbau` for "Müller Maschinenbau GmbH & Co. KG", or nothing for a nameless name."""
    words = _NOT_WORDS.sub(" ", anyascii(name).lower().replace("&", " ").replace("'", "").replace(".", "")).split()
    kept = _without_legal_form(words)
    return f"{country}:{' '.join(kept)}" if kept else ""


def _without_legal_form(words: list[str]) -> list[str]:
    """Drop legal forms from the end, and "the" from the front, but never the whole name."""
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words = words[:-1]
    return words[1:] if len(words) > 1 and words[0] == "the" else words


def domain_key(website: str) -> str:
    """Return the registrable domain of an address: `globex.example` for "https://Shop.Globex.example/de"."""
    parts = _suffixes()(website.strip().lower())
    domain = parts.top_domain_under_public_suffix
    if not domain and parts.domain and parts.suffix == "" and "." in website:
        domain = ".".join(website.strip().lower().split("//")[-1].split("/")[0].split(":")[0].split(".")[-2:])
    try:
        return domain.encode("idna").decode("ascii")[:253]
    except UnicodeError:
        return ""


@cache
def _suffixes() -> tldextract.TLDExtract:
    """The public suffix list that came with the package: no network."""
    return tldextract.TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)


def tax_key(tax_id: str, country: str) -> str:
    """Return a tax number without spaces, points and its country: `DE:129273398` for "DE 129 273 398"."""
    module = get_cc_module(country.lower(), "vat") if country else None
    compact = tax_id
    if module is not None:
        try:
            compact = module.compact(tax_id)
        except Exception:  # the library raises many kinds; what it can't read is kept as typed
            compact = tax_id
    code = _NOT_CODE.sub("", anyascii(compact).upper()).removeprefix(country.upper())
    return f"{country}:{code}"[:60] if code else ""


def of_customer(*, name: str, website: str, tax_id: str, country: str) -> dict[KeyKind, str]:
    """Return the keys these facts give, the strongest first."""
    found = {
        KeyKind.TAX_ID: tax_key(tax_id, country),
        KeyKind.DOMAIN: domain_key(website),
        KeyKind.NAME: name_key(name, country),
    }
    return {kind: value for kind, value in found.items() if value}
