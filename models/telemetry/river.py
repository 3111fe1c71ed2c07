"""A gauge in the telemetry flow: how fast it rises, when it will be at the next alarm level, its floods; sums of rain.

river_rise                          m/h, the greatest of the gauge's windows
river_next, _low, _high             hours to the next alarm level: likely, earliest, latest; `count` is the level
release_low, release_high           hours until a wave that a reservoir let go is at the gauge; `count` is its flow, m3/s
rain_1h ... rain_24h                mm; flagged SUSPECT where gaps make it "at least"
street_10min, street_30min          cm, the depth of a street then if its trend goes on
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from models.river.arrival import arrival
from models.river.flood import FloodLimits
from models.river.rain import Rain
from models.river.release import Releases
from models.river.rise import HOUR_MS, Recent
from models.river.street import KEEP_MS, TRENDS, expected
from models.telemetry.batch import FloodRow
from models.telemetry.derived import RAIN, RIVER
from models.telemetry.emit import emit

if TYPE_CHECKING:
    from models.river.flood import Flood
    from models.telemetry.consequence import Out
    from models.telemetry.sensor import Sensor, Shard, Site, SiteState

WINDOWS_MS = (HOUR_MS, 3 * HOUR_MS)
"""Of the trend where the gauge has no habit yet."""
SPACING = 12
"""Readings in the shortest window that count, every five minutes of an hour: a gauge of every minute would cost five times as much."""


def rise(site: Site, state: SiteState, shard: Shard, at_ms: int, level: float, out: Out) -> None:
    """A newest level of the gauge."""
    habit = site.gauge.habit if site.gauge is not None else None
    windows = habit.windows_ms if habit is not None else WINDOWS_MS
    if state.rise is None or state.rise.keep_ms != max(windows):
        state.rise = Recent(max(windows), min(windows) // SPACING)
    _flood(site, state, at_ms, level, out)
    if not state.rise.add(at_ms, level):
        return
    slope = state.rise.fastest(windows)
    if slope is not None:
        emit(site, shard, "river_rise", at_ms, slope, "m/h", len(state.rise.times), out)
    following = next((one for one in site.alarms if level < one.raise_at), None)
    if habit is not None and following is not None:
        coming = arrival(at_ms, level, slope, following.raise_at, habit)
        if coming is not None:
            found = (("", coming.likely_ms), ("_low", coming.earliest_ms), ("_high", coming.latest_ms))
            for part, then_ms in found:
                if then_ms is not None:
                    hours = (then_ms - at_ms) / HOUR_MS
                    emit(site, shard, f"river_next{part}", at_ms, hours, "h", following.level, out)


def _flood(site: Site, state: SiteState, at_ms: int, level: float, out: Out) -> None:
    if site.gauge is None or not site.alarms:
        return
    first, sensor = site.alarms[0], site.sensors[RIVER]
    merge_ms = round(site.gauge.merge_h * HOUR_MS)
    limits = FloodLimits(first.raise_at, first.clear_at, merge_ms, sensor.parameter.silent_after_s * 1000)
    flood = state.flood.add(limits, at_ms, level)
    # Each reading of an open flood tells it again: only what is new goes on.
    if flood is not None and flood != state.told_flood:
        state.told_flood = flood
        out.floods.append(_row(site.station, flood))


def _row(station: str, flood: Flood) -> FloodRow:
    start, peak_at = _instant(flood.start_ms), _instant(flood.peak_ms)
    end = None if flood.end_ms is None else _instant(flood.end_ms)
    return FloodRow(station, start, peak_at, flood.peak, end, flood.blind_ms / 1000)


def rain(
    site: Site,
    state: SiteState,
    shard: Shard,
    sensor: Sensor,
    at_ms: int,
    mm: float,
    *,
    newest: bool,
    out: Out,
) -> None:
    """What fell in the interval before `at_ms`; a late reading fills its gap and is told with the next."""
    interval_ms = sensor.parameter.interval_s * 1000
    if state.rain is None:
        state.rain = Rain(interval_ms // 2)
    if mm < 0 or not state.rain.add(at_ms - interval_ms, at_ms, mm) or not newest:
        return
    for total in state.rain.totals(at_ms):
        if total.mm is not None:
            share = round(100 * total.measured)
            code = f"{RAIN}_{total.hours}h"
            emit(site, shard, code, at_ms, total.mm, "mm", share, out, at_least=not total.whole)


def release(site: Site, state: SiteState, shard: Shard, at_ms: int, flow_m3_s: float, out: Out) -> None:
    """A newest release of a reservoir: a wave that begins is told with the hours until it is at the gauge."""
    if site.reservoir is None:
        return
    if state.releases is None:
        state.releases = Releases()
    wave = state.releases.add(site.reservoir, at_ms, flow_m3_s)
    if wave is not None:
        for part, then_ms in (("low", wave.from_ms), ("high", wave.to_ms)):
            hours = (then_ms - at_ms) / HOUR_MS
            emit(site, shard, f"release_{part}", at_ms, hours, "h", round(wave.flow_m3_s), out)


def _instant(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)


def street(site: Site, state: SiteState, shard: Shard, at_ms: int, depth: float, out: Out) -> None:
    """A newest depth of a street, cm."""
    if state.street is None:
        state.street = Recent(KEEP_MS)
    state.street.add(at_ms, depth)
    for trend in TRENDS:
        then = expected(state.street, trend, depth)
        emit(site, shard, trend.code, at_ms, then, "cm", len(state.street.times), out)
