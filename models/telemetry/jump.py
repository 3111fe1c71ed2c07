"""A jump that cannot be, and the readings after it: doubted until they are near again or have lived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.commune.configuration import Direction
from models.envelope.period import HOUR_MS
from models.envelope.reading import Flag
from models.telemetry.seen import BROKEN, FLAG

if TYPE_CHECKING:
    from models.telemetry.sensor import Sensor, SensorState

_FAIL = Flag.FAIL
LIVED_MS, LIVED_LEAST = 6 * HOUR_MS, 12
"""After a jump that cannot be, readings that have moved for so long are believed again: the zero of the gauge was set anew."""


def broken_off(sensor: Sensor, state: SensorState, i: int) -> bool:
    """Whether reading `i` came by a jump that cannot be, or after one and is not yet to be believed.

    A gauge whose loop broke sends 0.046 m after 4.6 m and goes on sending it: one test of two neighbours says so once. So
    the doubt stays until a reading is where the last one before the jump could have led to, or the readings have lived.
    """
    if not i:
        return False
    times, values, marks = state.seen.times, state.seen.values, state.seen.marks
    if not marks[i - 1] & BROKEN:
        ref = i - 1
        while ref >= 0 and marks[ref] & FLAG >= _FAIL:
            ref -= 1
        if ref < 0:
            return False
        span_ms = max(times[i] - times[ref], sensor.parameter.interval_s * 1000)
        change = values[i] - values[ref]
        # Water comes in a wave and goes slowly: a fall has no eight times what is suspect, or a pause would end an alarm.
        limit = _fall(sensor) if change < 0 else sensor.jump
        return abs(change) * HOUR_MS > limit * span_ms
    first = i - 1
    while first > 0 and marks[first - 1] & BROKEN:
        first -= 1
    ref = first - 1
    if ref < 0:
        return False
    near = sensor.jump / 8 * min(times[i] - times[ref], HOUR_MS) / HOUR_MS
    if abs(values[i] - values[ref]) <= near:
        return False
    if times[i] - times[first] < LIVED_MS or i - first < LIVED_LEAST:
        return True
    window = values[first : i + 1]
    still = sensor.quality.flat.tolerance if sensor.quality and sensor.quality.flat else 0.0
    return max(window) - min(window) <= 2 * still


def _fall(sensor: Sensor) -> float:
    """How fast (an hour) the value may fall where a rule warns of high values and the commune says what is suspect."""
    rate = sensor.quality.rate if sensor.quality is not None else None
    warned = any(one.rule.direction is Direction.ABOVE for one in sensor.each)
    return rate.suspect if rate is not None and warned else sensor.jump
