"""NowCast of PM2.5 and PM10: the last twelve hours, the newest weighing most (Decision 1459/QD-TCMT).

Where the weight is 1/2 the Decision's formula is not divided by the sum of its weights. With twelve hours that changes
nothing (0.9998); with hours missing it reads too low: of 100, missing and ten times 20 ug/m3 it makes 55 where the
weighted mean is 73. We divide always; `literal` gives the printed form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

HOURS = 12
NEWEST, LEAST_OF_NEWEST = 3, 2
"""Two of the three newest hours must be known."""
LEAST_WEIGHT = 0.5


def nowcast(newest_first: Sequence[float | None], *, literal: bool = False) -> float | None:
    """The concentration of now from hourly means (ug/m3), the current hour first, None where an hour has none.

    None ("no data") where fewer than two of the three newest hours are known. Hours beyond the twelfth are not looked at.
    """
    hours = newest_first[:HOURS]
    if sum(hour is not None for hour in hours[:NEWEST]) < LEAST_OF_NEWEST:
        return None
    known = [(i, hour) for i, hour in enumerate(hours) if hour is not None]
    highest = max(one for _, one in known)
    if highest <= 0:
        return 0.0
    ratio = min(one for _, one in known) / highest
    weight = max(ratio, LEAST_WEIGHT)
    if literal and ratio <= LEAST_WEIGHT:
        return sum(one * LEAST_WEIGHT ** (i + 1) for i, one in known)
    return sum(one * weight**i for i, one in known) / sum(weight**i for i, _ in known)
