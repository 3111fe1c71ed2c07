"""Levels as people print them: `<3`, `>9`, `0.2-0.3`, `<0.2 | >0.5`."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

_ONE = re.compile(r"(?P<sign><=|>=|<|>)\s*(?P<bound>-?[\d.]+)|(?P<low>-?[\d.]+)\s*-\s*(?P<high>-?[\d.]+)")


class Interval(NamedTuple):
    """From `low` to `high`; each end belongs to it or not."""

    low: float
    high: float
    with_low: bool
    with_high: bool

    def holds(self, value: float) -> bool:
        """Whether the value lies in it."""
        above = value > self.low or (self.with_low and value == self.low)
        return above and (value < self.high or (self.with_high and value == self.high))


def intervals(text: str) -> tuple[Interval, ...]:
    """Read a printed level; several are joined by `|`, none is an empty text. ValueError names what cannot be read.

    >>> intervals("<0.2 | >0.5")[0]
    Interval(low=-inf, high=0.2, with_low=False, with_high=False)
    """
    return tuple(_one(part.strip()) for part in text.split("|") if part.strip())


def _one(text: str) -> Interval:
    found = _ONE.fullmatch(text)
    if found is None:
        msg = f"{text!r}: cần <3, >9, <=4, >=2 hoặc 0.2-0.3 (expected <3, >9, <=4, >=2 or 0.2-0.3)"
        raise ValueError(msg)
    if found["sign"] is None:
        low, high = float(found["low"]), float(found["high"])
        if low >= high:
            msg = f"{text!r}: đầu phải nhỏ hơn cuối (the first must be less than the second)"
            raise ValueError(msg)
        return Interval(low, high, with_low=True, with_high=True)
    bound, with_it = float(found["bound"]), "=" in found["sign"]
    if found["sign"].startswith("<"):
        return Interval(-math.inf, bound, with_low=False, with_high=with_it)
    return Interval(bound, math.inf, with_low=with_it, with_high=False)
