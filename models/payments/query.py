"""Names and values of a query or form, as PHP's urlencode writes them: VNPay and Viettel sign by that.

The standard library's own is in `urllib`, a room of the network.
"""

from __future__ import annotations

import re

from models.envelope.rejected import Reason
from models.payments.contract import Refusal

_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
_CODES = [chr(i) if i in _SAFE else "+" if i == 0x20 else f"%{i:02X}" for i in range(256)]
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
MOST_FIELDS = 64


def encoded(text: str) -> str:
    """As application/x-www-form-urlencoded: a space is +.

    >>> encoded("Thanh toán: 5")
    'Thanh+to%C3%A1n%3A+5'
    """
    return "".join([_CODES[one] for one in text.encode("utf-8", "surrogatepass")])


def decoded(text: str) -> str:
    """Its inverse; raises Refusal for what is no UTF-8."""
    raw = _ESCAPE.sub(lambda one: bytes([int(one[1], 16)]), text.replace("+", " ").encode())
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise Refusal(Reason.WRONG_CONTENT, "tham số không phải UTF-8", "a parameter is not UTF-8") from None


def fields(raw: str) -> dict[str, str]:
    """Name -> value; raises Refusal for doubled names and too many."""
    pairs = [one.partition("=") for one in raw.split("&") if one]
    found = {decoded(name): decoded(value) for name, _, value in pairs}
    if len(found) != len(pairs) or len(found) > MOST_FIELDS:
        raise Refusal(Reason.WRONG_TYPE, "một tham số có hai lần", "a parameter stands twice")
    return found


def written(values: dict[str, str]) -> str:
    """`name=value&...` sorted by name."""
    return "&".join(f"{encoded(name)}={encoded(values[name])}" for name in sorted(values))
