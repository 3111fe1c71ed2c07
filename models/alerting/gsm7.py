"""GSM 7-bit text: what fits into one SMS, and Vietnamese without its marks.

One character outside the alphabet turns the whole message into UCS-2, 70 characters instead
of 160; so an SMS is written unaccented, as Vietnamese offices do.
"""

from __future__ import annotations

import unicodedata

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€")
"""Two septets each: an escape comes first. Source: 3GPP TS 23.038."""
SINGLE = 160
"""Septets of one message; a text in parts has 153 in each."""
DOUBLE = 2 * 153
UNKNOWN = "?"

# NFKD takes marks off letters, but these have no decomposition, or none into the alphabet.
_BY_HAND = str.maketrans(
    {
        "đ": "d",
        "Đ": "D",
        "µ": "u",
        "μ": "u",
        "°": " do ",
        "–": "-",
        "—": "-",
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "`": "'",
    }
)


def unaccented(text: str) -> str:
    """Vietnamese without marks, in GSM-7; what has no place there becomes a question mark.

    >>> unaccented("Cảnh báo lũ sông Bồ vượt BĐ2")
    'Canh bao lu song Bo vuot BD2'
    """
    # A second pass by hand: NFKD brings forth new characters, a dash from a narrow dash say.
    spread = unicodedata.normalize("NFKD", text.translate(_BY_HAND)).translate(_BY_HAND)
    return "".join(_plain(one) for one in spread if not unicodedata.combining(one))


def _plain(one: str) -> str:
    if one.isspace():
        return " "
    return one if one.isascii() and (one in BASIC or one in EXTENDED) else UNKNOWN


def septets(text: str) -> int:
    """Length as the network counts it; raises ValueError for a character outside GSM-7."""
    alien = sorted(set(text) - BASIC - EXTENDED)
    if alien:
        msg = f"not in GSM-7: {alien}"
        raise ValueError(msg)
    return len(text) + sum(one in EXTENDED for one in text)
