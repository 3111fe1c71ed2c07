"""The one rule for a payment that deserves a second look: far above the tariff, or above what is usual there."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from statistics import median_low
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.payments.configuration import Odd

KEPT = 101
"""Payments of a merchant from which the usual amount is taken."""
ANEW = 16
"""The median is taken anew after so many: a crowd of payments must not sort a hundred numbers each time."""


@dataclass(slots=True)
class Usual:
    """The last amounts of one merchant, and their median as of a little while ago."""

    amounts: deque[int] = field(default_factory=lambda: deque(maxlen=KEPT))
    seen: int = 0
    median: int | None = None


def limit(rule: Odd, tariff_vnd: int | None, usual: Usual, amount_vnd: int) -> int | None:
    """The limit that the amount has reached, or None; then remember the amount.

    The limit is `times_usual` the tariff of the fee; without a tariff, of the merchant's median, once
    `least_known` payments are known. Below `least_vnd` nothing is odd. An odd amount is not remembered.
    """
    base = tariff_vnd if tariff_vnd is not None else usual.median
    bound = None if base is None else max(rule.least_vnd, round(rule.times_usual * base))
    if bound is not None and amount_vnd >= bound:
        return bound
    if tariff_vnd is None:
        _remember(rule, usual, amount_vnd)
    return None


def _remember(rule: Odd, usual: Usual, amount_vnd: int) -> None:
    usual.amounts.append(amount_vnd)
    usual.seen += 1
    if len(usual.amounts) >= rule.least_known and (usual.median is None or usual.seen % ANEW == 0):
        usual.median = median_low(usual.amounts)
