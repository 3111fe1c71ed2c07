"""The clock of a station: how wrong it is, told once, and a time that lies far ahead taken back.

A reading cannot come before it was taken. Up to a quarter of an hour its time is left as it is; beyond that it is taken back by
what the clock was first seen to be ahead, and is doubtful until the commune says how wrong the clock is (`clock_offset_s`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.alerting.alert import AlertChange, Kind
from models.alerting.change import Place, Unknown, instant, unknown
from models.envelope.evidence import Evidence
from models.envelope.reading import Flag
from models.quality.clockwork import AHEAD_MS, FARTHEST_MS, Clock, clock
from models.telemetry.batch import Derived
from models.telemetry.silence import WHOLE
from models.telemetry.site import site_state

if TYPE_CHECKING:
    from models.telemetry.out import Out
    from models.telemetry.sensor import Sensor, SensorState, Shard, SiteState

NAME = "telemetry"
CLOCK = "clock"
"""The rule id; its limit is five minutes, the interval of Circular 10/2021."""
OFFSET = "clock_offset"
"""The derived value that shows how slow (positive) or fast a station's clock is, in s."""
ZONE_S, NEAR_S = 7 * 3600, 600
"""Vietnam's hours; a clock that is wrong by them is right, and its logger writes another zone."""


def corrected(shard: Shard, sensor: Sensor, at_ms: int, arrived_ms: int) -> int | None:
    """The time of a reading that lies far ahead, taken back; None: it lies further ahead or back than any clock is wrong."""
    if not 0 < at_ms - arrived_ms <= FARTHEST_MS:
        return None
    state = site_state(shard, sensor.station)
    taken_ms = at_ms - state.ahead_ms
    if not state.ahead_ms or not arrived_ms - sensor.late_ms <= taken_ms <= arrived_ms + AHEAD_MS:
        state.ahead_ms = at_ms - arrived_ms
    taken_ms = at_ms - state.ahead_ms
    return taken_ms if arrived_ms - taken_ms <= sensor.late_ms else None


def judge_clock(
    shard: Shard, sensor: Sensor, own: SensorState, at_ms: int, arrived_ms: int, out: Out
) -> None:
    """Take a newest reading at its time as sent: tell a clock that is wrong, once a station, and when it is right again."""
    found = clock(own.clockwork, at_ms, arrived_ms)
    if found is None:
        return
    state, code = site_state(shard, sensor.station), sensor.parameter.code
    offset_s = (arrived_ms - at_ms) / 1000
    if found is Clock.RIGHT:
        state.odd.discard(code)
        state.ahead_ms = 0  # a clock that was right in between is wrong by something else next time
        if not state.odd and state.odd_onset_ms:
            _shown(sensor.station, arrived_ms, offset_s, out)
            out.changes.append(_change(sensor.station, state, arrived_ms, offset_s, over=True))
            state.odd_onset_ms = 0
        return
    state.odd.add(code)
    if not state.odd_onset_ms:
        state.odd_onset_ms = arrived_ms
        out.changes.append(_change(sensor.station, state, arrived_ms, offset_s, over=False))
    if not state.odd_s or abs(state.odd_s - offset_s) > NEAR_S / 10:
        state.odd_s = offset_s
        _shown(sensor.station, arrived_ms, offset_s, out)


def _shown(station: str, at_ms: int, offset_s: float, out: Out) -> None:
    out.derived.append(Derived(instant(at_ms), station, OFFSET, round(offset_s, 1), "s", Flag.GOOD, 1))


def _change(station: str, state: SiteState, at_ms: int, offset_s: float, *, over: bool) -> AlertChange:
    why = [] if over else _why(offset_s)
    what = Unknown(Place(NAME, station, WHOLE, "s"), CLOCK, Kind.CLOCK, AHEAD_MS / 1000, evidence=why)
    return unknown(what, state.odd_onset_ms, at_ms, round(offset_s, 1), over=over)


def _why(offset_s: float) -> list[Evidence]:
    """What a clock that is wrong by Vietnam's seven hours means, and what to do."""
    if abs(abs(offset_s) - ZONE_S) > NEAR_S:
        return []
    ahead = round(-offset_s / 3600) * 3600
    vi, en = ("giờ Việt Nam mà khai là UTC", "Vietnam's time as UTC") if ahead > 0 else (
        "giờ UTC mà khai là giờ Việt Nam", "UTC as Vietnam's time"
    )  # fmt: skip
    return [
        Evidence(
            f"có lẽ máy ghi {vi}; nếu đúng, đặt clock_offset_s: {ahead} cho trạm",
            f"the logger seems to write {en}; if so, set clock_offset_s: {ahead} of the station",
        )
    ]
