"""What a transfer was for: its text, of which only the commune's words are left, against fees and stalls."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from models.payments.content import folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.payments.configuration import Fee, Merchant, Payments, Stall

_HOUSEHOLD = re.compile(r"HO([0-9]{4})")
MOST_KNOWN = 50_000
"""Matches that are remembered: people write the same few hundred texts."""


class Match(msgspec.Struct, frozen=True):
    """Codes of what was found, None where the text says nothing; `vi`, `en` say why nothing was chosen."""

    fee: str | None
    stall: str | None
    household: str | None
    hamlet: str
    vi: str = ""
    en: str = ""


@dataclass(slots=True)
class Catalogue:
    """The commune's fees and stalls, laid out for the hot path."""

    payments: Payments
    merchants: dict[str, Merchant]
    fees: dict[str, list[tuple[tuple[str, ...], Fee]]]
    """By merchant: the words of a fee, the longest first."""
    stalls: dict[tuple[str, str], Stall]
    """By merchant and mark."""
    tariffs: dict[str, int | None]
    """By fee."""
    known: dict[tuple[str, str, int], Match] = field(default_factory=dict)


def catalogue(payments: Payments) -> Catalogue:
    """Lay out the configuration."""
    fees: dict[str, list[tuple[tuple[str, ...], Fee]]] = {}
    for fee in payments.fees:
        phrases = [(tuple(folded(words).split()), fee) for words in fee.words]
        fees[fee.merchant] = sorted(fees.get(fee.merchant, []) + phrases, key=lambda phrase: -len(phrase[0]))
    return Catalogue(
        payments,
        {merchant.code: merchant for merchant in payments.merchants},
        fees,
        {(stall.merchant, stall.mark): stall for stall in payments.stalls},
        {fee.code: fee.amount_vnd for fee in payments.fees},
    )


def match(own: Catalogue, content: str, merchant: str, amount_vnd: int) -> Match:
    """The fee, the stall and the household that a text names.

    A longer phrase goes before a shorter one. Of two fees that fit alike the one whose tariff is the amount is
    taken; else neither: it is named, not guessed. KeyError: the merchant is not the commune's.
    """
    key = (content, merchant, amount_vnd)
    found = own.known.get(key)
    if found is None:
        found = _match(own, content.split(), own.merchants[merchant], amount_vnd)
        if len(own.known) < MOST_KNOWN:
            own.known[key] = found
    return found


def _match(own: Catalogue, tokens: Sequence[str], merchant: Merchant, amount_vnd: int) -> Match:
    household = _household(own, tokens)
    stall = next(
        (found for token in tokens if (found := own.stalls.get((merchant.code, token))) is not None), None
    )
    hamlet = merchant.hamlet if stall is None else stall.hamlet
    fees = _named(own.fees.get(merchant.code, []), tokens)
    if len(fees) > 1:
        fees = [fee for fee in fees if fee.amount_vnd == amount_vnd] or fees
    code = None if stall is None else stall.code
    if len(fees) > 1:
        names = ", ".join(sorted(fee.code for fee in fees))
        return Match(
            None, code, household, hamlet, f"hợp với nhiều khoản: {names}", f"fits several fees: {names}"
        )
    if not fees and stall is None and own.fees.get(merchant.code):
        return Match(None, None, household, hamlet, "nội dung không nêu khoản nào", "the text names no fee")
    return Match(fees[0].code if fees else None, code, household, hamlet)


def _named(phrases: Sequence[tuple[tuple[str, ...], Fee]], tokens: Sequence[str]) -> list[Fee]:
    """The fees of the longest phrases that stand in the text, each once."""
    found: dict[str, Fee] = {}
    longest = 0
    for words, fee in phrases:
        if len(words) < longest:
            break
        if any(tuple(tokens[i : i + len(words)]) == words for i in range(len(tokens) - len(words) + 1)):
            found[fee.code] = fee
            longest = len(words)
    return list(found.values())


def _household(own: Catalogue, tokens: Sequence[str]) -> str | None:
    """HO0001 up to the number of households; the first that is written."""
    for token in tokens:
        number = _HOUSEHOLD.fullmatch(token)
        if number is not None and 1 <= int(number[1]) <= own.payments.targets.households:
            return token
    return None
