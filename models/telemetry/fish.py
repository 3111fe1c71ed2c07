"""The night of the caged fish in the telemetry flow.

oxygen_fall                          mg/L an hour; positive: it falls
oxygen_dawn, _low, _high             mg/L at the next sunrise
oxygen_limit, _low, _high            hours to the lowest limit of the station's oxygen rule, where it may be reached before sunrise
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.alerting.rule import Use
from models.catalogue.derived import OXYGEN
from models.envelope.period import HOUR_MS
from models.envelope.recent import Recent
from models.fish.night import by_day, crossing, dawn
from models.telemetry.points import of

if TYPE_CHECKING:
    from models.telemetry.points import Reckoning


def night(told: Reckoning) -> None:
    """The forecast at each reading of dissolved oxygen at cages."""
    habit = told.site.nights
    if habit is None:
        return
    recent = Recent(habit.window_ms)
    for at_ms, oxygen, _use in of(told.shard, told.site, OXYGEN, told.from_ms - habit.window_ms - 1):
        recent.add(at_ms, oxygen)
        if at_ms < told.from_ms:
            continue
        coming = dawn(recent, habit)
        if coming is None:
            # By day what it warned of ends with what the water holds now; at night too few readings end nothing.
            if by_day(at_ms, habit):
                told.see("oxygen_dawn", at_ms, oxygen, Use.LOWER_ONLY)
            continue
        count = len(recent.times)
        told.emit("oxygen_fall", at_ms, coming.fall, "mg/L/h", count)
        for part, value in (("", coming.likely), ("_low", coming.low), ("_high", coming.high)):
            told.emit(f"oxygen_dawn{part}", at_ms, value, "mg/L", count)
        limit = told.site.oxygen_limit
        reached = None if limit is None else crossing(at_ms, oxygen, limit, coming)
        if reached is not None:
            found = (("", reached.likely_ms), ("_low", reached.earliest_ms), ("_high", reached.latest_ms))
            for part, then_ms in found:
                if then_ms is not None:
                    told.emit(f"oxygen_limit{part}", at_ms, (then_ms - at_ms) / HOUR_MS, "h", count)
