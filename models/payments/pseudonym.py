"""A payer without a name: the same phone or account always gives the same 32 digits, and only with the key."""

from __future__ import annotations

import hashlib
import hmac
import re

DIGITS = 32
"""128 bits: no two of a province's payers meet."""
_PHONE = re.compile(r"(?:00)?(?:84|0)([1-9][0-9]{8})")
_MASK = re.compile(r"[*#]|[xX]{3}")


def canonical(payer: str) -> str | None:
    """A phone as 84 and nine digits, an account in upper case; None where part of it is masked or missing.

    >>> canonical("+84 912 345 678"), canonical("0912.345.678"), canonical("******678")
    ('84912345678', '84912345678', None)
    """
    if _MASK.search(payer):
        # Two persons may share the digits that are left.
        return None
    bare = re.sub(r"[^0-9A-Z]", "", payer.upper())
    phone = _PHONE.fullmatch(bare)
    if phone is not None:
        return "84" + phone[1]
    return bare or None


def pseudonym(payer: str | None, key: bytes) -> str | None:
    """HMAC-SHA256 of the canonical form, its first 32 hexadecimal digits; None for nobody."""
    known = canonical(payer) if payer else None
    if known is None:
        return None
    return hmac.new(key, known.encode(), hashlib.sha256).hexdigest()[:DIGITS]
