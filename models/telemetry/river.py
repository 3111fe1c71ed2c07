"""A gauge in the telemetry flow: how fast it rises, when it will be at the next alarm level, its floods; sums of rain.

river_rise                          m/h, the greatest of the gauge's windows
river_next, _low, _high             hours to the next alarm level: likely, earliest, latest; `count` is the level
release_low, release_high           hours until a wave that a reservoir let go is at the gauge; `count` is its flow, m3/s
rain_1h ... rain_24h                mm; flagged SUSPECT where gaps make it "at least"
street_10min, street_30min          cm, the depth of a street then if its trend goes on
Each is a function of the readings up to its time, whenever they came.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING

from models.catalogue.derived import RAIN, RELEASE, RIVER, STREET
from models.envelope.period import DAY_MS, HOUR_MS
from models.envelope.reading import Flag
from models.envelope.recent import Recent
from models.quality.trust import trusted
from models.river.arrival import arrival
from models.river.flood import Flood, FloodLimits, FloodState
from models.river.rain import Rain
from models.river.release import Releases
from models.river.street import KEEP_MS, TRENDS, expected
from models.telemetry.batch import FloodRow
from models.telemetry.points import instant, of, previous
from models.telemetry.seen import FLAG

if TYPE_CHECKING:
    from models.telemetry.out import Out
    from models.telemetry.points import Reckoning
    from models.telemetry.sensor import Shard, Site, SiteState

WINDOWS_MS = (HOUR_MS, 3 * HOUR_MS)
"""Of the trend where the gauge has no habit yet."""
SPACING = 12
"""Readings in the shortest window that count, every five minutes of an hour: a gauge of every minute would cost five times as much."""
_FAIL = int(Flag.FAIL)


def rise(told: Reckoning) -> None:
    """The trend at each reading of the level, and the next alarm level."""
    site = told.site
    habit = site.gauge.habit if site.gauge is not None else None
    windows = habit.windows_ms if habit is not None else WINDOWS_MS
    spacing = min(windows) // SPACING
    points = _first_of_slots(told, spacing)
    if not points:
        return
    thinned = Recent(max(windows))
    # From the beginning of a slot, so that the first reading of each is the same whatever came first.
    slot = (told.from_ms - max(windows)) // spacing - 1
    _slots(told, spacing, slot, points[0][0], thinned)
    for at_ms, level in points:
        thinned.append(at_ms, level)
        slope = thinned.fastest(windows)
        if slope is not None:
            told.emit("river_rise", at_ms, slope, "m/h", len(thinned.times))
        if habit is None:
            continue
        following = next((alarm for alarm in site.alarms if level < alarm.raise_at), None)
        if following is not None:
            coming = arrival(at_ms, level, slope, following.raise_at, habit)
            if coming is not None:
                found = (("", coming.likely_ms), ("_low", coming.earliest_ms), ("_high", coming.latest_ms))
                for part, then_ms in found:
                    if then_ms is not None:
                        hours = (then_ms - at_ms) / HOUR_MS
                        told.emit(f"river_next{part}", at_ms, hours, "h", following.level)


def _first_of_slots(told: Reckoning, spacing: int) -> list[tuple[int, float]]:
    """The readings from `from_ms` on that are the first of their slot: the others count into no trend."""
    found = []
    start_ms = told.from_ms // spacing * spacing
    slot = None
    for at_ms, level, _use in of(told.shard, told.site, RIVER, start_ms - 1):
        if at_ms // spacing != slot:
            slot = at_ms // spacing
            if at_ms >= told.from_ms:
                found.append((at_ms, level))
    return found


def _slots(told: Reckoning, spacing: int, slot: int, before_ms: int, thinned: Recent) -> None:
    """Put the first reading of each slot from `slot` on, before `before_ms`, into `thinned`."""
    state = told.shard[told.site.station, RIVER]
    seen, trust = state.seen, state.trust
    place = bisect_left(seen.times, slot * spacing)
    end = bisect_left(seen.times, before_ms, place)
    times, values, marks = seen.times[place:end], seen.values[place:end], seen.marks[place:end]
    i, count, low = 0, end - place, bool(trust.poor)
    while i < count:
        at_ms = times[i]
        if marks[i] & FLAG >= _FAIL or (low and not trusted(trust, at_ms)):
            i += 1
            continue
        thinned.times.append(at_ms)
        thinned.values.append(values[i])
        i = bisect_left(times, (at_ms // spacing + 1) * spacing, i + 1, count)


def floods(site: Site, state: SiteState, shard: Shard, from_ms: int, out: Out) -> None:
    """The record of the gauge's floods; one that late readings move is told anew, and its old row goes."""
    if site.gauge is None or not site.alarms:
        return
    first, sensor = site.alarms[0], site.sensors[RIVER]
    merge_ms = round(site.gauge.merge_h * HOUR_MS)
    limits = FloodLimits(first.raise_at, first.clear_at, merge_ms, sensor.parameter.silent_after_s * 1000)
    before = {one.flood.start_ms for at, one in state.floods if at >= from_ms and one.flood is not None}
    again = bool(state.floods) and state.floods[-1][0] >= from_ms
    while state.floods and state.floods[-1][0] >= from_ms:
        state.floods.pop()
    own = state.floods[-1][1] if state.floods else FloodState()
    before_ms = previous(shard, site, RIVER, from_ms)
    own = replace(own, newest_ms=own.newest_ms if before_ms is None else before_ms)
    rows: list[Flood] = []
    for at_ms, level, _use in of(shard, site, RIVER, from_ms - 1):
        was = (own.flood, own.below_ms, own.below_blind_ms)
        flood = own.add(limits, at_ms, level)
        # Each reading of an open flood tells it again: only what is new goes on.
        rows += [
            fromkey
            for fromkey in dict.fromkeys((flood, own.flood))
            if fromkey is not None and fromkey != was[0]
        ]
        if (own.flood, own.below_ms, own.below_blind_ms) != was:
            state.floods.append((at_ms, replace(own)))
    if again and own.flood is not None and own.flood not in rows:
        rows.append(own.flood)  # what was told of it may have hung on a reading that is used no more
    kept_ms = from_ms - sensor.span_ms
    while len(state.floods) > 1 and state.floods[1][0] < kept_ms:
        state.floods.pop(0)
    out.floods += [_row(site.station, row) for row in rows]
    still = {row.start_ms for row in rows} | {
        one.flood.start_ms for _, one in state.floods if one.flood is not None
    }
    out.floods += [_row(site.station, Flood(one, one, 0.0), gone=True) for one in sorted(before - still)]


def _row(station: str, flood: Flood, *, gone: bool = False) -> FloodRow:
    start, peak_at = instant(flood.start_ms), instant(flood.peak_ms)
    end = None if flood.end_ms is None else instant(flood.end_ms)
    return FloodRow(station, start, peak_at, flood.peak, end, flood.blind_ms / 1000, gone)


def rain(told: Reckoning) -> None:
    """The sums at each reading: what fell since the reading before it, or in the announced interval."""
    interval_ms = told.site.sensors[RAIN].parameter.interval_s * 1000
    points = [
        one for one in of(told.shard, told.site, RAIN, told.from_ms - DAY_MS - 2 * interval_ms) if one[1] >= 0
    ]
    gauge = Rain(interval_ms // 2)
    before_ms: int | None = None
    for at_ms, mm, _use in points:
        # A station that sends more often than was announced tells what fell since its last message.
        start_ms = at_ms - interval_ms if before_ms is None else max(before_ms, at_ms - interval_ms)
        if len(gauge.ends) == 1 and before_ms is not None:
            # Of the first of all nothing says since when: as long as the second took.
            gauge.starts[0] = max(gauge.starts[0], 2 * before_ms - at_ms)
        before_ms = at_ms
        gauge.add(start_ms, at_ms, mm)
        if at_ms >= told.from_ms:
            for total in gauge.totals(at_ms):
                if total.mm is not None:
                    share = round(100 * total.measured)
                    code = f"{RAIN}_{total.hours}h"
                    told.emit(code, at_ms, total.mm, "mm", share, at_least=not total.whole)


def release(told: Reckoning) -> None:
    """Releases of a reservoir: a wave that begins is told with the hours until it is at the gauge."""
    reservoir = told.site.reservoir
    if reservoir is None:
        return
    waves = Releases()
    for at_ms, flow_m3_s, _use in of(told.shard, told.site, RELEASE, told.from_ms - DAY_MS - 1):
        wave = waves.add(reservoir, at_ms, flow_m3_s)
        if wave is not None and at_ms >= told.from_ms:
            for part, then_ms in (("low", wave.from_ms), ("high", wave.to_ms)):
                hours = (then_ms - at_ms) / HOUR_MS
                told.emit(f"release_{part}", at_ms, hours, "h", round(wave.flow_m3_s))


def street(told: Reckoning) -> None:
    """The depth of a street, cm, that its trend leads to."""
    recent = Recent(KEEP_MS)
    for at_ms, depth, _use in of(told.shard, told.site, STREET, told.from_ms - KEEP_MS - 1):
        recent.add(at_ms, depth)
        if at_ms >= told.from_ms:
            for trend in TRENDS:
                then = expected(recent, trend, depth)
                told.emit(trend.code, at_ms, then, "cm", len(recent.times))
