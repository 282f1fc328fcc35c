"""Whether an account number can be one."""

from __future__ import annotations

import re

from stdnum import bic, iban
from stdnum.exceptions import ValidationError

_LOOKS_LIKE_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{6,}")
_PLAIN = re.compile(r"[A-Z0-9]{4,34}")


def compact(account: str) -> str:
    """Return an account number without what people put between its groups."""
    return re.sub(r"[\s./-]", "", account).upper()


def is_account(account: str) -> bool:
    """Say whether an IBAN has the right length and check digits; other numbers have 4 to 34 letters and digits."""
    if not _LOOKS_LIKE_IBAN.match(account):
        return bool(_PLAIN.fullmatch(account))
    try:
        iban.validate(account)
    except ValidationError:
        return False
    return True


def is_bic(code: str) -> bool:
    return bool(bic.is_valid(code))
