"""Quality control in the telemetry flow: the flag of a reading as it comes, and what later ones change.

    reading ── range, status, gap, rate, flat, time, twin ──> flag of the observation
            └─ spike of the reading before it ──────────────> verdicts
A late reading changes what was said of its neighbours: all that hangs on it is said again, so the order of arrival
decides nothing. Values are never touched.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from models.quality import checks, clockwork, trust
from models.quality.checks import Test
from models.telemetry.batch import Derived, Verdict
from models.telemetry.reading import Flag, Status

if TYPE_CHECKING:
    from models.telemetry.consequence import Out
    from models.telemetry.reading import Reading
    from models.telemetry.sensor import Sensor, SensorState

_GOOD, _SUSPECT, _FAIL = Flag.GOOD, Flag.SUSPECT, Flag.FAIL
_MEASURING = Status.MEASURING
WORTH = {Flag.GOOD: 1.0, Flag.SUSPECT: 0.5, Flag.FAIL: 0.0}


def flagged(
    sensor: Sensor,
    state: SensorState,
    reading: Reading,
    at_ms: int,
    arrived_ms: int,
    *,
    newest: bool,
    out: Out,
) -> Flag:
    """The worst of the tests that can be made now; each that is not GOOD becomes a verdict."""
    value, worst = reading.value, _GOOD
    if not sensor.parameter.low <= value <= sensor.parameter.high or sensor.quality is not None:
        found = checks.gross_range(value, sensor.parameter, sensor.quality)
        if found is not _GOOD:
            worst = _say(out, reading.at, sensor, Test.RANGE, found)
    if reading.status != _MEASURING:
        # What an instrument shows while it is calibrated or broken is no measurement (Circular 10/2021, Art 39).
        worst = _say(out, reading.at, sensor, Test.STATUS, _FAIL)
    if newest:
        worst = max(worst, _newest(sensor, state, reading, at_ms, arrived_ms, out))
    elif sensor.quality is not None:
        worst = max(worst, _late(sensor, state, at_ms, out))
    return worst


def _newest(
    sensor: Sensor, state: SensorState, reading: Reading, at_ms: int, arrived_ms: int, out: Out
) -> Flag:
    worst = _GOOD
    # Both keep count and must see every reading.
    slow = clockwork.slow(state.clockwork, at_ms, arrived_ms)
    twin = clockwork.twin(state.clockwork, reading.seq)
    if slow:
        worst = _say(out, reading.at, sensor, Test.TIME, _SUSPECT)
    if twin:
        worst = _say(out, reading.at, sensor, Test.TWIN, _SUSPECT)
    if sensor.quality is None:
        return worst
    i = len(state.seen.times) - 1
    for test, found in _among(sensor, state, i):
        if found is not _GOOD:
            worst = max(worst, _say(out, reading.at, sensor, test, found))
    limits = sensor.quality.spike
    if limits is not None:
        before = checks.spike(state.seen.values, i - 1, limits)
        if before > _GOOD and before is not Flag.UNKNOWN:
            _say(out, _instant(state.seen.times[i - 1]), sensor, Test.SPIKE, before)
            # It had counted as good when it came.
            state.trust.good = max(0.0, state.trust.good - (1.0 - WORTH[before]))
    return worst


def _late(sensor: Sensor, state: SensorState, at_ms: int, out: Out) -> Flag:
    """Say again all that hangs on a reading that came late, GOOD too: it may have been worse before."""
    times, values = state.seen.times, state.seen.values
    place = state.seen.place(at_ms)
    worst = _GOOD
    for i in range(place, min(place + sensor.reach + 1, len(times))):
        at = _instant(times[i])
        for test, found in _among(sensor, state, i):
            _say(out, at, sensor, test, found)
            worst = max(worst, found) if i == place else worst
    limits = sensor.quality.spike if sensor.quality else None
    if limits is not None:
        for i in range(max(place - 1, 0), min(place + 2, len(times))):
            found = checks.spike(values, i, limits)
            # With one neighbour alone it is not known, and not said.
            found = _GOOD if found is Flag.UNKNOWN else found
            _say(out, _instant(times[i]), sensor, Test.SPIKE, found)
            worst = max(worst, found) if i == place else worst
    return worst


def _among(sensor: Sensor, state: SensorState, i: int) -> list[tuple[Test, Flag]]:
    """The tests of reading `i` among those before it, as far as they are asked for."""
    quality, times, values = sensor.quality, state.seen.times, state.seen.values
    found: list[tuple[Test, Flag]] = []
    if quality is None:
        return found
    if quality.gap_s is not None:
        found.append((Test.GAP, checks.gap(times, i, quality.gap_s)))
    if quality.rate is not None:
        found.append((Test.RATE, checks.rate(times, values, i, quality.rate)))
    if quality.flat is not None:
        found.append((Test.FLAT, checks.flat(values, i, sensor.parameter.interval_s, quality.flat)))
    return found


def _say(out: Out, at: datetime, sensor: Sensor, test: Test, flag: Flag) -> Flag:
    out.verdicts.append(Verdict(at, sensor.station, sensor.parameter.code, test.value, flag))
    return flag


def _instant(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)


def usable(
    sensor: Sensor,
    state: SensorState,
    at_ms: int,
    flag: Flag,
    *,
    newest: bool,
    out: Out,
    calibrating: bool = False,
) -> bool:
    """Whether rules may use the reading: it did not fail and its sensor is trusted; keeps count of the sensor's days."""
    own = state.trust
    if newest:
        if trust.begins(own, at_ms):
            _new_day(sensor, own, at_ms, out)
        if not calibrating:
            own.good += WORTH[flag]
            own.heard += 1
    return flag is not _FAIL and trust.trusted(own)


def _new_day(sensor: Sensor, own: trust.Trust, at_ms: int, out: Out) -> None:
    heard = own.heard
    end_ms = trust.new_day(own, at_ms, sensor.quality.repaired if sensor.quality else None)
    if end_ms is not None and own.score is not None:
        code = f"trust_{sensor.parameter.code}"
        out.derived.append(Derived(_instant(end_ms), sensor.station, code, own.score, "1", Flag.GOOD, heard))
