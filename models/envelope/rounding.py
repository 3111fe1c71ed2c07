"""Rounding as decrees do it."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def half_up(value: float) -> int:
    """Rounded as the Decision's examples are (109.5 is 110): not Python's round, which is half-even."""
    # From the shortest text of the float: 109.49999999999999 is what arithmetic makes of 109.5.
    return int(Decimal(repr(round(value, 9))).quantize(Decimal(1), ROUND_HALF_UP))
