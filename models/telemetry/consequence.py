"""What follows from a sensor's readings: a level crossed, an hour complete, readings that cannot be used.

A batch's readings are first put into the memory of their sensor; then what follows is reckoned from the earliest of them on, in
the order of event time. So a reading that comes late is judged in its place, and the order of arrival decides nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.alerting.alert import Kind
from models.alerting.change import Place, Unknown, unknown
from models.alerting.history import LATE_MS, Telling
from models.catalogue.kinds import UNTRUSTED
from models.envelope.reading import Flag
from models.quality.trust import trusted
from models.telemetry.out import Out
from models.telemetry.points import tell, usable, watch
from models.telemetry.seen import BROKEN, FLAG
from models.telemetry.station_hours import of_sensor

if TYPE_CHECKING:
    from models.alerting.history import Point
    from models.telemetry.sensor import Sensor, SensorState

__all__ = ["Out", "pass_time", "settle", "since"]

NAME = "telemetry"
QUIET_MS = 30_000
"""After so long without a reading of the station no more of a backlog is expected, and what is late is told."""
LEAST_DOUBT_S = 600
"""A level stands and what came by a jump that cannot be would end it: that is told before the level could have been lowered."""
_FAIL = int(Flag.FAIL)


def since(sensor: Sensor, state: SensorState, from_ms: int, out: Out) -> None:
    """Let the rules of a sensor see its readings from `from_ms` on."""
    points = usable(state, from_ms - 1)
    if len(state.levels) > len(sensor.each) + len(sensor.hourly):
        # A rule that is gone and comes back begins anew: its alert was closed by name (models/alerting/closing.py).
        rules = {one.rule.id for one in (*sensor.each, *sensor.hourly)}
        state.levels = {rule: level for rule, level in state.levels.items() if rule in rules}
    if sensor.each:
        watch(sensor, state, sensor.each, from_ms, points, out, out.telling(sensor.key, state))
    _doubt(sensor, state, from_ms, points, out)
    if sensor.hourly:
        of_sensor(sensor, state, from_ms, None, out)


def _doubt(sensor: Sensor, state: SensorState, from_ms: int, points: list[Point], out: Out) -> None:
    """Readings that come and cannot be used, for as long as would be silence: that is told, and its end too."""
    seen, doubt = state.seen, state.doubt
    places = seen.between(from_ms - 1, 2**62)
    marks, times = seen.marks, seen.times
    if (
        len(points) == len(places)
        and not doubt.onset_ms
        and not marks[places.start] & BROKEN
        and not marks[-1] & BROKEN
    ):
        doubt.heard_ms = max(doubt.heard_ms, times[-1])
        return
    limit_ms = sensor.parameter.silent_after_s * 1000
    for i in places:
        at_ms, mark = times[i], marks[i]
        if at_ms < doubt.heard_ms:
            continue
        if not doubt.onset_ms and i and at_ms - times[i - 1] > limit_ms:
            doubt.heard_ms = at_ms  # nobody could have used what was not sent
        if mark & FLAG < _FAIL and not mark & BROKEN and trusted(state.trust, at_ms):
            if doubt.onset_ms:
                spell_s = (at_ms - doubt.heard_ms) / 1000
                out.changes.append(
                    unknown(_untrusted(sensor, limit_ms), doubt.onset_ms, at_ms, spell_s, over=True)
                )
                doubt.onset_ms = 0
            doubt.heard_ms = at_ms
            continue
        doubt.heard_ms = doubt.heard_ms or at_ms
        patience_ms = limit_ms
        if mark & BROKEN and any(level.reached for level in state.levels.values()):
            longest = max((one.rule.hold_s for one in sensor.each), default=0)
            patience_ms = min(limit_ms, max(LEAST_DOUBT_S, longest) * 1000)
        if not doubt.onset_ms and at_ms - doubt.heard_ms > patience_ms and state.delay_ms <= LATE_MS:
            doubt.onset_ms = doubt.heard_ms + patience_ms
            what = _untrusted(sensor, patience_ms)
            out.changes.append(unknown(what, doubt.onset_ms, doubt.onset_ms, patience_ms / 1000))


def _untrusted(sensor: Sensor, limit_ms: int) -> Unknown:
    place = Place(NAME, sensor.station, sensor.parameter.code, "s")
    return Unknown(place, UNTRUSTED, Kind.UNTRUSTED, limit_ms / 1000)


def pass_time(sensor: Sensor, state: SensorState, now_ms: int, out: Out) -> None:
    """Nothing came and it is `now_ms`: close the hours that are over for the sensor."""
    if sensor.hourly:
        of_sensor(sensor, state, None, now_ms, out)


def settle(sensor: Sensor, state: SensorState, out: Out) -> None:
    """No more of a backlog comes: tell what is late."""
    for limits in (*sensor.each, *sensor.hourly):
        level = state.levels.get(limits.rule.id)
        if level is not None and level.waiting:
            tell(sensor, limits, level, out, Telling(out.now_ms))
