"""What identifies a company exactly: a normalised name, website, e-mail domain or tax number.

Two spellings that differ only in case, accents, script, punctuation or legal form give one name key.
Fuzzy matching is another rule; these keys are the ones that may decide without a person. Pure: no database.
"""

from __future__ import annotations

import re
from functools import cache

import tldextract
from anyascii import anyascii
from stdnum import get_cc_module
from stdnum.exceptions import ValidationError

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
# Where people, not companies, have their mail.
FREE_MAIL = frozenset(
    """
    126.com 163.com aol.com bluewin.ch bk.ru cox.net comcast.net fastmail.com free.fr freenet.de gmail.com
    gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com hey.com hotmail.com hotmail.co.uk hotmail.de hotmail.fr
    hotmail.it hushmail.com icloud.com inbox.ru interia.pl laposte.net libero.it live.com live.de live.nl
    mac.com mail.com mail.de mail.ru me.com msn.com naver.com onet.pl orange.fr outlook.com outlook.de
    outlook.fr pm.me posteo.de proton.me protonmail.com qq.com rediffmail.com rocketmail.com seznam.cz sina.com
    sfr.fr t-online.de tiscali.it tutanota.com ukr.net verizon.net virgilio.it wanadoo.fr web.de wp.pl yahoo.ca
    yahoo.co.jp yahoo.co.uk yahoo.com yahoo.de yahoo.es yahoo.fr yahoo.it yandex.com yandex.ru ymail.com
    zoho.com
    """.split()  # noqa: SIM905  (as above)
)
LONGEST_KEY = 260  # what is kept of a name: one of a few characters may be long in Latin letters
_NOT_WORDS = re.compile(r"[^a-z0-9]+")
_NOT_CODE = re.compile(r"[^A-Z0-9]+")


def name_key(name: str, country: str) -> str:
    """Return `DE:muller maschinenbau` for "Müller Maschinenbau GmbH & Co. KG", or nothing for a nameless name."""
    words = _NOT_WORDS.sub(" ", anyascii(name).lower().replace("&", " ").replace("'", "").replace(".", "")).split()
    kept = _without_legal_form(words)
    return f"{country}:{' '.join(kept)}"[:LONGEST_KEY] if kept else ""


def _without_legal_form(words: list[str]) -> list[str]:
    """Drop legal forms from the end, and "the" from the front, but never the whole name."""
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words = words[:-1]
    return words[1:] if len(words) > 1 and words[0] == "the" else words


def domain_key(website: str) -> str:
    """Return the registrable domain of an address: `globex.example` for "https://Shop.Globex.example/de"."""
    parts = _suffixes()(website.strip().lower())
    if parts.ipv4 or parts.ipv6:  # whose it is, nobody knows
        return ""
    domain = parts.top_domain_under_public_suffix
    if not domain and parts.domain and parts.suffix == "" and "." in website:
        domain = ".".join(website.strip().lower().split("//")[-1].split("/")[0].split(":")[0].split(".")[-2:])
    try:
        return domain.encode("idna").decode("ascii")[:253]
    except UnicodeError:
        return ""


def is_web_address(text: str) -> bool:
    """Say whether a text ends as web addresses do: "booking.com" does, "J.Crew" and "E.ON" do not."""
    return bool(_suffixes()(text.strip().lower()).suffix)


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


def tax_id_is_valid(tax_id: str, country: str) -> bool | None:
    """Say whether a tax number can exist in a country; nothing where its numbers are not known here."""
    module = get_cc_module(country.lower(), "vat") if country else None
    if module is None:
        return None
    try:
        module.validate(tax_id)
    except ValidationError:
        return False
    except Exception:  # what the library cannot read is no number either
        return False
    return True


def email_domain(email: str) -> str:
    """Return the registrable domain of an e-mail address: `globex.example` for "ida@mail.globex.example"."""
    return domain_key(email.strip().rpartition("@")[2])


def is_free_mail(domain: str) -> bool:
    """Say whether anybody can have an address there, so that it says nothing about a company."""
    return domain in FREE_MAIL
