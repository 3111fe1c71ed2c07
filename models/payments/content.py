"""What may stay of a transfer's free text: the commune's own words and codes, nothing of the person's."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from models.payments.configuration import Payments

LONGEST = 256
"""Characters of `PaymentEvent.content`."""
MOST_READ = 2000
"""Characters that are looked at; banks carry some 200."""
LONGEST_DIGITS = 7
"""A phone number has 8 digits at least: no word of a vocabulary may hold so many."""
_TOKEN = re.compile(r"[A-Z0-9]+")
_CODE = r"HO[0-9]{4}|T(?:0[1-9]|1[0-2])|20[0-9]{2}"
"""Household, month, year."""


class Vocabulary(msgspec.Struct, frozen=True):
    """`phrases`: words that stand together, longest first; `glued`: what a single token may be made of."""

    phrases: frozenset[tuple[str, ...]]
    longest: int
    glued: re.Pattern[str]
    pieces: re.Pattern[str]


def folded(text: str) -> str:
    """Upper case without accents.

    >>> folded("Tiền rác tháng 10, đường Ỷ Lan")
    'TIEN RAC THANG 10, DUONG Y LAN'
    """
    if text.isascii():
        return text.upper()
    parts = unicodedata.normalize("NFKD", text).upper().replace("Đ", "D")
    return "".join(part for part in parts if not unicodedata.combining(part))


def vocabulary(payments: Payments | None) -> Vocabulary:
    """Words of the fees (a fee's several words only together: TIEN alone is also a name), marks, codes."""
    fees, stalls = (payments.fees, payments.stalls) if payments is not None else ([], [])
    written = [word for fee in fees for word in fee.words] + [stall.mark for stall in stalls]
    phrases = {tuple(_TOKEN.findall(folded(one))) for one in written}
    phrases = {phrase for phrase in phrases if phrase and not any(_long_number(word) for word in phrase)}
    single = sorted((phrase[0] for phrase in phrases if len(phrase) == 1), key=len, reverse=True)
    piece = "|".join([*(one for one in single if len(one) > 1), _CODE])
    return Vocabulary(
        frozenset(phrases),
        max((len(phrase) for phrase in phrases), default=1),
        # Possessive: words that begin alike (RAC, RACRAC) would else cost a forged text minutes.
        re.compile(f"(?:{piece})++"),
        re.compile(piece),
    )


def _long_number(word: str) -> bool:
    return re.search(f"[0-9]{{{LONGEST_DIGITS + 1}}}", word) is not None


def reduced(text: str, words: Vocabulary) -> str:
    """The vocabulary's words and codes of `text` in their order; all else is gone.

    A code may be written apart (`HO 0123`, `SAP 12`) or glued to another (`RACHO0123T10`).
    """
    tokens = _TOKEN.findall(folded(text[:MOST_READ]))
    kept: list[str] = []
    at = 0
    while at < len(tokens):
        size, found = _known(tokens, at, words)
        kept += found
        at += size
    return _cut(kept)


def _known(tokens: list[str], at: int, words: Vocabulary) -> tuple[int, list[str]]:
    """How many tokens are taken, and what is kept of them."""
    for size in range(min(words.longest, len(tokens) - at), 0, -1):
        if tuple(tokens[at : at + size]) in words.phrases:
            return size, tokens[at : at + size]
    one = tokens[at]
    if words.glued.fullmatch(one):
        return 1, words.pieces.findall(one)
    if at + 1 < len(tokens) and tokens[at + 1].isdigit():
        joined = one + tokens[at + 1]
        if one.isalpha() and ((joined,) in words.phrases or re.fullmatch(_CODE, joined)):
            return 2, [joined]
    return 1, []


def _cut(kept: list[str]) -> str:
    """Whole words up to LONGEST characters; two that would make a long number stay apart by their space."""
    size, line = 0, []
    for one in kept:
        size += len(one) + 1
        if size > LONGEST + 1:
            break
        line.append(one)
    return " ".join(line)
