"""What follows from a batch once its readings are remembered, and from time alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from models.alerting.alert import AlertChange, Change, Kind
from models.envelope.partition import partition_of
from models.telemetry import silence, ways
from models.telemetry import site as sites
from models.telemetry.consequence import QUIET_MS, pass_time, settle, since
from models.telemetry.quality import days_over
from models.telemetry.sensor import SensorState
from models.telemetry.site import site_state

if TYPE_CHECKING:
    from models.telemetry.out import Out
    from models.telemetry.sensor import Plan, Sensor, Shard

_SPELLS = (Kind.SILENT, Kind.OUTAGE, Kind.UNTRUSTED)
LONGEST_MS = 60_000
"""Time alone is looked at again at latest after this long; sooner where a deadline comes sooner."""


def follow(plan: Plan, shard: Shard, out: Out, only: str | None = None) -> None:
    """Judge what is new, each station from its earliest new reading on."""
    before = len(out.withdrawn), len(out.derived), len(out.levels)
    for (station, code), day in list(out.days.items()):
        if only is None or station == only:
            sensor = plan[station][code]
            days_over(sensor, shard[sensor.key], day, out)
            del out.days[sensor.key]
    stations: dict[str, dict[str, int]] = {}
    for (station, code), from_ms in out.touched.items():
        if only is None or station == only:
            stations.setdefault(station, {})[code] = from_ms
    for station, earliest in stations.items():
        sensors, site = plan[station], None
        for code, from_ms in earliest.items():
            sensor = sensors[code]
            since(sensor, shard[sensor.key], from_ms, out)
            site = site or sensor.site
            if only is not None:
                del out.touched[sensor.key]
        if site is not None:
            sites.since(site, shard, earliest, out)
        own = site_state(shard, station)
        own.heard_ms = out.heard[station] = out.now_ms
        own.due_ms = 0
    if before[1] + before[2] and len(out.withdrawn) > before[0]:
        _overwritten(out, *before)


def _overwritten(out: Out, withdrawn: int, derived: int, levels: int) -> None:
    """What the same batch had told before, and now has reckoned anew, goes too: the store keeps what a batch tells."""
    for one in out.withdrawn[withdrawn:]:
        exact = {code for code in one.codes if not code.endswith("*")}
        begun = tuple(code[:-1] for code in one.codes if code.endswith("*"))
        kept = [
            each
            for each in out.derived[:derived]
            if not (
                each.source == one.source
                and one.start <= each.at <= one.end
                and (each.parameter in exact or each.parameter.startswith(begun))
            )
        ]
        steps = [
            each
            for each in out.levels[:levels]
            if not (each.source == one.source and each.rule == one.rule and one.start <= each.at <= one.end)
        ]
        out.derived[:derived], out.levels[:levels] = kept, steps
        derived, levels = len(kept), len(steps)


def after_a_gap(plan: Plan, sensor: Sensor, shard: Shard, arrived_ms: int, out: Out) -> None:
    """A reading came after its deadline, and no tick had shown that: unless an outage of ours held it up, it was silent."""
    # What an outage held up comes after the beat that ends it, so that its end is known here.
    _, back_ms = ways.time_of(shard, sensor.way, arrived_ms)
    if arrived_ms - max(shard[sensor.key].silence.heard_ms, back_ms) > sensor.parameter.silent_after_s * 1000:
        state, code = site_state(shard, sensor.station), sensor.parameter.code
        silence.gap(plan[sensor.station], state, shard, code, arrived_ms, back_ms, out)


def overtaken(changes: list[AlertChange]) -> list[AlertChange]:
    """A spell of not knowing that is first seen when it is over is recorded, and rings nobody."""
    ended = {change.alert for change in changes if change.kind in _SPELLS and change.change is Change.CLEAR}
    begun = {change.alert for change in changes if change.kind in _SPELLS and change.change is Change.RAISE}
    both = ended & begun
    return [
        msgspec.structs.replace(change, over=True) if change.alert in both else change for change in changes
    ]


def tick(plan: Plan, shard: Shard, partition: int, tick_ms: int, out: Out) -> None:
    """Let time pass: close hours, tell silence, also of stations that never spoke."""
    ways.missed(shard, partition, tick_ms, out)
    for station, sensors in plan.items():
        if partition_of(station) == partition and sensors:
            own = site_state(shard, station)
            now_ms, back_ms = ways.time_of(shard, next(iter(sensors.values())).way, tick_ms)
            if now_ms >= own.due_ms:
                pass_station(station, sensors, shard, (now_ms, back_ms), out)


def pass_station(
    station: str, sensors: dict[str, Sensor], shard: Shard, times: tuple[int, int], out: Out
) -> None:
    """It is `times[0]` for a station; `times[1]` ends the last outage of ours."""
    now_ms, back_ms = times
    own = site_state(shard, station)
    settled = now_ms - own.heard_ms >= QUIET_MS
    due_ms, site = now_ms + LONGEST_MS, None
    for sensor in sensors.values():
        state = shard.get(sensor.key)
        if state is None:
            state = shard[sensor.key] = SensorState()
        state.silence.heard_ms = state.silence.heard_ms or now_ms
        site = site or sensor.site
        if state.seen.times:
            pass_time(sensor, state, now_ms, out)
            if settled:
                settle(sensor, state, out)
            due_ms = min(due_ms, now_ms + QUIET_MS if not settled else due_ms)
    if site is not None:
        sites.pass_hours(site, shard, now_ms, out)
        if settled:
            sites.settle(site, shard, out)
    silence.partly(sensors, own, shard, now_ms, out)
    following = silence.missed(sensors, own, shard, now_ms, back_ms, out)
    own.due_ms = min(due_ms, due_ms if following is None else following + 1)
