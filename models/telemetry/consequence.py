"""What follows from a reading: a level crossed, an hour complete, a silence begun or ended."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from models.alerting.alert import AlertChange, Kind
from models.alerting.change import Place, Unknown, stepped, unknown
from models.alerting.rule import LevelState, Limits
from models.rejected import Rejected
from models.telemetry.batch import Derived, FloodRow, Verdict
from models.telemetry.hourly import HOUR_MS, Hours
from models.telemetry.reading import Flag, Observation
from models.telemetry.sensor import Sensor, SensorState, Silence

NAME = "telemetry"
SILENCE = "silent"
UNTRUSTED = "untrusted"
"""The rule ids of silence, and of readings that come and cannot be used; the limit of both is `silent_after_s`."""


class Out(msgspec.Struct, gc=False):
    """The growing results of one batch, as in `Judged`."""

    observations: list[Observation]
    origins: list[int]
    derived: list[Derived]
    changes: list[AlertChange]
    rejected: list[Rejected]
    duplicates: list[int]
    verdicts: list[Verdict] = []
    floods: list[FloodRow] = []


def watch(
    sensor: Sensor,
    state: SensorState,
    at_ms: int,
    now_ms: int,
    value: float,
    *,
    good: bool,
    newest: bool,
    out: Out,
) -> None:
    """Let silence and the sensor's rules see one new reading.

    A late reading is stored and may still count into its open hour, but changes no level:
    the river does not fall because yesterday's value came in. A value that failed a test of
    quality is heard (the sensor is not silent) and judged by no rule; when that lasts, it is told.
    """
    if newest:
        silence, doubt, limit_ms = state.silence, state.doubt, sensor.parameter.silent_after_s * 1000
        # By its own time: after an outage of ours all readings come at once, and nobody was silent (`make kill`).
        if silence.onset_ms or at_ms > silence.heard_ms + limit_ms:
            _missed(_silence(sensor), silence, at_ms, out)
            _back(_silence(sensor), silence, at_ms, out)
            if not doubt.onset_ms:
                doubt.heard_ms = at_ms  # nobody could have used what was not sent
        else:
            silence.heard_ms = at_ms
        if good and not doubt.onset_ms:
            doubt.heard_ms = at_ms
        elif good:
            _back(_doubt(sensor), doubt, at_ms, out)
        else:
            doubt.heard_ms = doubt.heard_ms or at_ms
            _missed(_doubt(sensor), doubt, at_ms, out)
        if good:
            for limits in sensor.each:
                level(sensor, limits, state, at_ms, value, out)
    for limits in sensor.hourly:
        _hour(sensor, limits, state, at_ms, now_ms, value if good else None, out)


def level(sensor: Sensor, limits: Limits, state: SensorState, at_ms: int, value: float, out: Out) -> None:
    """Let one rule see one value of a sensor at its time."""
    standing = state.levels.get(limits.rule.id)
    if standing is None:
        standing = state.levels[limits.rule.id] = LevelState()
    step = limits.judge(standing, at_ms, value)
    if step is not None:
        place = Place(NAME, sensor.station, sensor.parameter.code, sensor.parameter.unit)
        out.changes.append(stepped(place, limits.rule, standing, step, at_ms, value))


def _hour(
    sensor: Sensor, limits: Limits, state: SensorState, at_ms: int, now_ms: int, value: float | None, out: Out
) -> None:
    hours = state.hours.get(limits.rule.id)
    if hours is None:
        hours = state.hours[limits.rule.id] = Hours()
    # First close, then count: what is due by this arrival must not see this value.
    _close_hours(sensor, limits, state, hours, now_ms, out)
    if value is not None:
        hours.add(at_ms, value)


def _close_hours(
    sensor: Sensor, limits: Limits, state: SensorState, hours: Hours, now_ms: int, out: Out
) -> None:
    """Turn the hours that are due into derived values and judge them."""
    if not hours.open:
        return
    parameter = sensor.parameter
    expected = HOUR_MS / 1000 / parameter.interval_s
    for hour in hours.close(now_ms, expected):
        at = datetime.fromtimestamp(hour.end_ms / 1000, UTC)
        code = f"{parameter.code}_1h"
        out.derived.append(
            Derived(at, sensor.station, code, hour.mean, parameter.unit, Flag.GOOD, hour.count)
        )
        level(sensor, limits, state, hour.end_ms, hour.mean, out)


def pass_time(sensor: Sensor, state: SensorState, now_ms: int, out: Out) -> None:
    """Nothing came and it is `now_ms`: tell silence, close the hours that are due."""
    _missed(_silence(sensor), state.silence, now_ms, out)
    for limits in sensor.hourly:
        hours = state.hours.get(limits.rule.id)
        if hours is not None:
            _close_hours(sensor, limits, state, hours, now_ms, out)


def _missed(what: Unknown, silence: Silence, now_ms: int, out: Out) -> None:
    """Raise it if the deadline was missed by `now_ms`.

    The onset is the deadline itself, not the moment somebody looked, so that a replay after
    a crash makes the same alert.
    """
    deadline_ms = silence.heard_ms + round(what.limit_s * 1000)
    if silence.heard_ms and not silence.onset_ms and now_ms > deadline_ms:
        silence.onset_ms = deadline_ms
        out.changes.append(unknown(what, deadline_ms, deadline_ms, what.limit_s))


def _back(what: Unknown, silence: Silence, at_ms: int, out: Out) -> None:
    """Note the newest event time; if it had been missed, it no longer is."""
    if silence.onset_ms:
        spell_s = (at_ms - silence.heard_ms) / 1000
        out.changes.append(unknown(what, silence.onset_ms, at_ms, spell_s, over=True))
        silence.onset_ms = 0
    silence.heard_ms = at_ms


def _silence(sensor: Sensor) -> Unknown:
    place = Place(NAME, sensor.station, sensor.parameter.code, "s")
    return Unknown(place, SILENCE, Kind.SILENT, float(sensor.parameter.silent_after_s))


def _doubt(sensor: Sensor) -> Unknown:
    place = Place(NAME, sensor.station, sensor.parameter.code, "s")
    return Unknown(place, UNTRUSTED, Kind.UNTRUSTED, float(sensor.parameter.silent_after_s))
