"""The night of the caged fish in the telemetry flow.

oxygen_fall                          mg/L an hour; positive: it falls
oxygen_dawn, _low, _high             mg/L at the next sunrise
oxygen_limit, _low, _high            hours to the lowest limit of the station's oxygen rule, where it may be reached before sunrise
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.fish.night import by_day, crossing, dawn
from models.river.rise import HOUR_MS, Recent
from models.telemetry.emit import eased, emit

if TYPE_CHECKING:
    from models.telemetry.consequence import Out
    from models.telemetry.sensor import Shard, Site, SiteState


def breathe(site: Site, state: SiteState, shard: Shard, at_ms: int, oxygen: float, out: Out) -> None:
    """A newest reading of dissolved oxygen at cages."""
    habit = site.nights
    if habit is None:
        return
    if state.night is None or state.night.keep_ms != habit.window_ms:
        state.night = Recent(habit.window_ms)
    state.night.add(at_ms, oxygen)
    coming = dawn(state.night, habit)
    if coming is None:
        # By day what it warned of ends with what the water holds now; at night too few readings end nothing.
        if by_day(at_ms, habit):
            eased(site, shard, "oxygen_dawn", at_ms, oxygen, out)
        return
    count = len(state.night.times)
    emit(site, shard, "oxygen_fall", at_ms, coming.fall, "mg/L/h", count, out)
    for part, value in (("", coming.likely), ("_low", coming.low), ("_high", coming.high)):
        emit(site, shard, f"oxygen_dawn{part}", at_ms, value, "mg/L", count, out)
    if site.oxygen_limit is None:
        return
    reached = crossing(at_ms, oxygen, site.oxygen_limit, coming)
    if reached is not None:
        found = (("", reached.likely_ms), ("_low", reached.earliest_ms), ("_high", reached.latest_ms))
        for part, then_ms in found:
            if then_ms is not None:
                emit(site, shard, f"oxygen_limit{part}", at_ms, (then_ms - at_ms) / HOUR_MS, "h", count, out)
