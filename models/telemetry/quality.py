"""Quality control in the telemetry flow: the flag of a reading as it comes, and what later ones change.

    reading ── range, status, gap, rate, flat, jump, time, twin, dead, gateway ──> flag of the observation, mark in the memory
            └─ spike of the reading before it ──────────────────────────> verdicts
The tests are QARTOD's (models/quality/checks.py). A late reading may change the results of the readings beside it: every test that used
one of them is made again, so the order of arrival does not matter. Values are never changed. Two tests look at the arrival (time, twin) and
one at a gateway's clock: their verdicts are stored, but concern the clock and not the value, so rules use the value all the same.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from models.envelope.period import DAY_MS, HOUR_MS
from models.envelope.reading import Flag, Status
from models.quality import checks, clockwork, trust
from models.quality.checks import Test
from models.telemetry.batch import Derived, Doubt, Verdict
from models.telemetry.jump import broken_off
from models.telemetry.points import instant as _instant
from models.telemetry.seen import BROKEN, DOUBTED, FAULTY, FLAG, SPIKE, SPIKE_SHIFT

if TYPE_CHECKING:
    from datetime import datetime

    from models.envelope.reading import Reading
    from models.telemetry.out import Out
    from models.telemetry.sensor import Sensor, SensorState

_GOOD, _SUSPECT, _FAIL = Flag.GOOD, Flag.SUSPECT, Flag.FAIL
_MEASURING, _CALIBRATING = Status.MEASURING, Status.CALIBRATING
WORTH = (0.0, 1.0, 1.0, 0.5, 0.0)
"""By flag, what a reading counts for the trust in its sensor."""
_SPIKES = (_GOOD, _SUSPECT, _FAIL)


def flagged(
    sensor: Sensor,
    state: SensorState,
    reading: Reading,
    at_ms: int,
    *,
    newest: bool,
    doubted: bool,
    out: Out,
) -> Flag:
    """Mark the reading in the sensor's memory; its flag is the worst of the tests that can be made now.

    Each test that is not GOOD becomes a verdict. `doubted`: its time was not its own.
    """
    if newest and not doubted and _plain(sensor, state, reading, at_ms, out):
        return _GOOD
    intrinsic = DOUBTED if doubted else 0
    worst = _GOOD
    if reading.status != _MEASURING:
        # What an instrument shows while it is calibrated or broken is no measurement (Circular 10/2021, Art 39).
        intrinsic |= FAULTY
        worst = _say(out, reading.at, sensor, Test.STATUS, _FAIL)
    if reading.retimed:
        worst = max(worst, _say(out, reading.at, sensor, Test.GATEWAY_CLOCK, _SUSPECT))
    if newest:
        place = len(state.seen.times) - 1
        worst = max(worst, _newest(sensor, state, reading, at_ms, place, intrinsic, out))
    else:
        place = state.seen.place(at_ms)
        worst = max(worst, _again(sensor, state, place, intrinsic, out))
    if state.seen.marks[place] & FLAG != worst:
        _doubted(sensor, state, place, out)
    if reading.status != _CALIBRATING:
        _counted(sensor, state, at_ms, _worth(state.seen.marks[place]), 1, out)
    return worst


def _plain(sensor: Sensor, state: SensorState, reading: Reading, at_ms: int, out: Out) -> bool:
    """Whether nothing can be said against a newest reading of a sensor without settings: most are so, and this is the short way."""
    work, seen, parameter, value = state.clockwork, state.seen, sensor.parameter, reading.value
    if (
        sensor.quality is not None
        or reading.status
        or reading.retimed
        or work.odd
        or work.backs
        or reading.seq <= work.seq
        or not parameter.low <= value <= parameter.high
    ):
        return False
    if len(seen.times) > 1:
        # Its own mark is GOOD as it was put; the reading before must be so for the jump to be told from it.
        if seen.marks[-2] != 1:
            return False
        if sensor.jump < math.inf:
            span_ms = max(at_ms - seen.times[-2], parameter.interval_s * 1000)
            if abs(value - seen.values[-2]) * HOUR_MS > sensor.jump * span_ms:
                return False
    work.seq, work.value, work.same, work.same_ms = reading.seq, value, 1, at_ms
    own = state.trust
    if (at_ms + trust.ZONE_MS) // DAY_MS == own.day:
        own.good += 1.0
        own.heard += 1
    else:
        _counted(sensor, state, at_ms, 1.0, 1, out)
    return True


def _newest(
    sensor: Sensor, state: SensorState, reading: Reading, at_ms: int, place: int, intrinsic: int, out: Out
) -> Flag:
    """The tests of a newest reading, and what it says of the one before it."""
    worst = _GOOD
    # Both keep count and must see every reading.
    twin = clockwork.twin(state.clockwork, reading.seq)
    if clockwork.dead(state.clockwork, reading.seq, at_ms, reading.value):
        intrinsic |= FAULTY
        worst = _say(out, reading.at, sensor, Test.DEAD, _FAIL)
    if twin:
        worst = max(worst, _say(out, reading.at, sensor, Test.TWIN, _SUSPECT))
    if state.clockwork.odd or intrinsic & DOUBTED:
        worst = max(worst, _say(out, reading.at, sensor, Test.TIME, _SUSPECT))
    for test, flag in _mark(sensor, state, place, intrinsic):
        worst = max(worst, _say(out, reading.at, sensor, test, flag))
    _spike_before(sensor, state, place, out)
    return worst


def _counted(sensor: Sensor, state: SensorState, at_ms: int, worth: float, count: int, out: Out) -> None:
    """Count a reading for the trust score of its sensor; a complete day that has changed is noted in `out.days`, and its score written with the batch."""
    day = trust.heard(state.trust, at_ms, worth, count)
    if day is not None:
        out.days[sensor.key] = min(day, out.days.get(sensor.key, day))


def days_over(sensor: Sensor, state: SensorState, day: int, out: Out) -> None:
    """From `day` on a sensor's days have other readings: tell their scores; readings whose trust has changed are judged anew."""
    own = state.trust
    changed = trust.again(own, sensor.quality.repaired if sensor.quality else None)
    code = f"trust_{sensor.parameter.code}"
    for one in range(max(day, own.day - trust.REMEMBERED), own.day):
        found = trust.of_day(own, one)
        if found is not None:
            end = _instant(trust.start_of(one + 1))
            out.derived.append(Derived(end, sensor.station, code, found[0], "1", Flag.GOOD, found[1]))
    if changed is not None and state.seen.times:
        from_ms = max(trust.start_of(changed), state.seen.times[0])
        out.touched[sensor.key] = min(from_ms, out.touched.get(sensor.key, from_ms))
        out.late.add(sensor.key)


def _worth(mark: int) -> float:
    return WORTH[max(mark & FLAG, _SPIKES[(mark & SPIKE) >> SPIKE_SHIFT])]


def _mark(sensor: Sensor, state: SensorState, i: int, intrinsic: int) -> list[tuple[Test, Flag]]:
    """Write the mark of reading `i`; what the tests that are not GOOD say of it."""
    seen = state.seen
    found = [(test, flag) for test, flag in _among(sensor, state, i) if flag is not _GOOD]
    broken = BROKEN if broken_off(sensor, state, i) else 0
    if broken:
        found.append((Test.JUMP, _SUSPECT))
    flag = max((flag for _, flag in found), default=_GOOD)
    if intrinsic & FAULTY:
        flag = _FAIL
    elif intrinsic & DOUBTED:
        flag = max(flag, _SUSPECT)
    seen.marks[i] = (seen.marks[i] & SPIKE) | intrinsic | broken | flag
    return found


def _spike_before(sensor: Sensor, state: SensorState, i: int, out: Out) -> None:
    limits = sensor.quality.spike if sensor.quality is not None else None
    if limits is None or not i:
        return
    found = checks.spike(state.seen.values, i - 1, limits)
    if found > _GOOD and found is not Flag.UNKNOWN:
        _say(out, _instant(state.seen.times[i - 1]), sensor, Test.SPIKE, found)
        _spiked(sensor, state, i - 1, found, out)


def _spiked(
    sensor: Sensor, state: SensorState, i: int, found: Flag, out: Out, *, counted: bool = True
) -> None:
    """Note what the test for spikes says; it costs trust where the reading had been counted before."""
    seen = state.seen
    before = _SPIKES[(seen.marks[i] & SPIKE) >> SPIKE_SHIFT]
    if before is not found:
        was = seen.marks[i]
        seen.marks[i] = (was & ~SPIKE) | (_SPIKES.index(found) << SPIKE_SHIFT)
        if counted:
            _counted(sensor, state, seen.times[i], _worth(seen.marks[i]) - _worth(was), 0, out)


def _again(sensor: Sensor, state: SensorState, place: int, intrinsic: int, out: Out) -> Flag:
    """Make the tests again of which a late reading is a part, and write their verdicts, also GOOD ones: the flag before may have been worse."""
    times, marks = state.seen.times, state.seen.marks
    worst = _GOOD
    last_ms = times[place] + (sensor.reach + 1) * sensor.parameter.interval_s * 1000
    usable = True
    for i in range(place, len(times)):
        before = marks[i]
        found = dict(_mark(sensor, state, i, intrinsic if i == place else before & (FAULTY | DOUBTED)))
        if i == place:
            worst = max(found.values(), default=_GOOD)
            usable = marks[i] & FLAG < _FAIL
        elif before != marks[i]:
            _changed(sensor, state, i, before, out)
            usable = True
        near = i <= place + sensor.reach
        if not near and before == marks[i]:
            # What follows a jump or a run of failures is told from before it: there one mark that stays says nothing of the next.
            if times[i] > last_ms and not marks[i] & BROKEN and (marks[i] & FLAG < _FAIL or not usable):
                break
            continue
        if sensor.quality is not None or (before ^ marks[i]) & BROKEN:
            at = _instant(times[i])
            for test in _asked(sensor):
                if near or test is Test.JUMP or times[i] <= last_ms:
                    _say(out, at, sensor, test, found.get(test, _GOOD))
    return max(worst, _spikes_beside(sensor, state, place, out))


def _changed(sensor: Sensor, state: SensorState, i: int, before: int, out: Out) -> None:
    """A reading that was judged before is marked otherwise now: for the trust in its sensor, and for who heard of it."""
    seen = state.seen
    now = seen.marks[i]
    if before & FLAG != now & FLAG:
        _doubted(sensor, state, i, out)
    _counted(sensor, state, seen.times[i], _worth(now) - _worth(before), 0, out)


def _doubted(sensor: Sensor, state: SensorState, i: int, out: Out) -> None:
    """Report the changed flag of reading `i` to its users (what was derived from it); the flag of its value only, without the tests of the clock."""
    at_ms, value, flag = state.seen.times[i], state.seen.values[i], state.seen.marks[i] & FLAG
    out.doubts.append(Doubt(sensor.station, sensor.parameter.code, at_ms, value, flag))


def _spikes_beside(sensor: Sensor, state: SensorState, place: int, out: Out) -> Flag:
    """What the test for spikes says of a reading that came late and of its two neighbours."""
    limits, worst, seen = sensor.quality.spike if sensor.quality else None, _GOOD, state.seen
    if limits is None:
        return worst
    for i in range(max(place - 1, 0), min(place + 2, len(seen.times))):
        spike = checks.spike(seen.values, i, limits)
        # With one neighbour alone it is not known, and not said.
        spike = _GOOD if spike is Flag.UNKNOWN else spike
        _say(out, _instant(seen.times[i]), sensor, Test.SPIKE, spike)
        _spiked(sensor, state, i, spike, out, counted=i != place)
        worst = max(worst, spike) if i == place else worst
    return worst


def _asked(sensor: Sensor) -> list[Test]:
    """The tests of a reading among those before it that are made of this sensor."""
    quality = sensor.quality
    wanted = [Test.RANGE, Test.JUMP]
    if quality is not None:
        pairs = ((quality.gap_s, Test.GAP), (quality.rate, Test.RATE), (quality.flat, Test.FLAT))
        wanted += [test for limits, test in pairs if limits is not None]
    return wanted


def _among(sensor: Sensor, state: SensorState, i: int) -> list[tuple[Test, Flag]]:
    """The tests of reading `i` by itself and among those before it, as far as they are asked for."""
    quality, times, values = sensor.quality, state.seen.times, state.seen.values
    value = values[i]
    if quality is None:
        if sensor.parameter.low <= value <= sensor.parameter.high:
            return []
        return [(Test.RANGE, _FAIL)]
    found = [(Test.RANGE, checks.gross_range(value, sensor.parameter, quality))]
    if quality.gap_s is not None:
        found.append((Test.GAP, checks.gap(times, i, quality.gap_s)))
    if quality.rate is not None:
        found.append((Test.RATE, checks.rate(times, values, i, quality.rate)))
    if quality.flat is not None:
        found.append((Test.FLAT, checks.flat(times, values, i, sensor.parameter.interval_s, quality.flat)))
    return found


def _say(out: Out, at: datetime, sensor: Sensor, test: Test, flag: Flag) -> Flag:
    out.verdicts.append(Verdict(at, sensor.station, sensor.parameter.code, test.value, flag))
    return flag
