"""The hours of a station's parameters: told when its sensors have got past them, and told anew when late readings change them.

A sensor's rule on hourly means waits for that sensor alone; what several parameters say together (air, water, dry
particles) waits for all of them that still speak and are not far behind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.air.memory import KEPT
from models.alerting.history import Telling
from models.alerting.rule import Use
from models.envelope.period import HOUR_MS
from models.envelope.reading import Flag
from models.telemetry import air, water
from models.telemetry.batch import Derived, Withdrawn
from models.telemetry.hourly import GRACE_MS, Closing, closing, hour_of, means_of, passed
from models.telemetry.points import Reckoning, instant, watch

if TYPE_CHECKING:
    from models.air.aqi import Pollutant
    from models.telemetry.out import Out
    from models.telemetry.sensor import Sensor, SensorState, Shard, Site, SiteState

REMEMBERED_MS = (KEPT + 26) * HOUR_MS
"""Means are kept as long as a late reading may still change an index that they count into."""
WAITED_MS = HOUR_MS // 2
"""What comes later than this holds nobody up: what it changes is told anew when it comes."""
CODES = ("vn_aqi*", "over_qcvn*", "qcvn08*", "wqi_*", "vn_wqi")


def of_sensor(sensor: Sensor, state: SensorState, from_ms: int | None, tick_ms: int | None, out: Out) -> None:
    """Tell the means of one sensor that its rules watch; `from_ms`: readings from there on are new."""
    times = state.seen.times
    if not times:
        return
    state.closed_ms = state.closed_ms or hour_of(times[0]) - HOUR_MS
    hours = closing(state.closed_ms, passed(state, tick_ms), from_ms)
    if hours is None:
        return
    code, unit = f"{sensor.parameter.code}_1h", sensor.parameter.unit
    if hours.again_ms is not None:
        span = instant(hours.first_ms), instant(hours.again_ms)
        out.withdrawn.append(Withdrawn(sensor.station, [code], *span))
    points = []
    for end_ms, mean in means_of(sensor, state, hours):
        if mean is not None:
            row = instant(end_ms), sensor.station, code, mean.mean, unit
            out.derived.append(Derived(*row, Flag.GOOD, mean.count))
            points.append((end_ms, mean.mean, Use.BOTH))
    state.closed_ms = hours.last_ms
    telling = _telling(hours, [sensor], tick_ms, out, again=hours.again_ms is not None)
    watch(sensor, state, sensor.hourly, hours.first_ms, points, out, telling)


def of_site(
    site: Site, state: SiteState, shard: Shard, from_ms: int | None, tick_ms: int | None, out: Out
) -> None:
    """Tell what the hourly means of the station say together; arguments as of `of_sensor`."""
    known = [
        (site.sensors[code], shard[site.station, code])
        for code in site.hourly
        if (site.station, code) in shard
    ]
    known = [(sensor, own) for sensor, own in known if own.seen.times]
    if not known:
        return
    alive = [own for sensor, own in known if _speaks(sensor, own, out.now_ms)]
    state.closed_ms = state.closed_ms or min(hour_of(own.seen.times[0]) for _, own in known) - HOUR_MS
    passed_ms = min(passed(own, tick_ms) for own in alive or [own for _, own in known])
    hours = closing(state.closed_ms, passed_ms, from_ms)
    if hours is None:
        return
    ends = _means(state, known, hours)
    told = Reckoning(site, shard, hours.first_ms, out)
    _tell(told, state, ends, hours.last_ms)
    dry = [f"{code}_dry" for code in site.hourly if site.sensors[code].parameter.kappa is not None]
    telling = _telling(hours, [sensor for sensor, _ in known], tick_ms, out)
    told.close((*CODES, *dry), hours.again_ms, telling)
    state.closed_ms = hours.last_ms
    for code in list(state.means):
        # Of a parameter that the configuration has lost nothing is left to tell.
        oldest = state.closed_ms - REMEMBERED_MS if code in site.hourly else state.closed_ms
        state.means[code] = {end: mean for end, mean in state.means[code].items() if end > oldest}


def _telling(
    hours: Closing, sensors: list[Sensor], tick_ms: int | None, out: Out, *, again: bool = False
) -> Telling:
    wait = tick_ms is None and out.now_ms - hours.last_ms > GRACE_MS + 3 * HOUR_MS
    in_time = hours.again_ms is None and not any(sensor.key in out.behind for sensor in sensors)
    return Telling(out.now_ms, in_time, wait, again)


def _speaks(sensor: Sensor, state: SensorState, now_ms: int) -> bool:
    silent_ms = now_ms - state.silence.heard_ms
    return silent_ms <= sensor.parameter.silent_after_s * 1000 and state.delay_ms <= WAITED_MS


def _means(state: SiteState, known: list[tuple[Sensor, SensorState]], hours: Closing) -> list[int]:
    """Bring the means of these hours up to date; the ends of the hours in which anything was measured."""
    ends: set[int] = set()
    for sensor, own in known:
        means = state.means.setdefault(sensor.parameter.code, {})
        for end_ms, mean in means_of(sensor, own, hours):
            if mean is None:
                means.pop(end_ms, None)
            else:
                means[end_ms] = (mean.mean, mean.count)
                ends.add(end_ms)
    return sorted(ends)


def _tell(told: Reckoning, state: SiteState, ends: list[int], last_ms: int) -> None:
    site = told.site
    pollutants: dict[Pollutant, dict[int, float]] = {}
    for code in site.hourly:
        sensor = site.sensors[code]
        if sensor.pollutant is not None and state.means.get(code):
            pollutants[sensor.pollutant] = {
                end: mean * sensor.to_ug_m3 for end, (mean, _) in state.means[code].items()
            }
    if pollutants:
        air.tell(told, pollutants, told.from_ms - HOUR_MS, last_ms)
    for end_ms in ends:
        means = {
            code: state.means[code][end_ms][0] for code in site.hourly if end_ms in state.means.get(code, ())
        }
        water.of_hour(told, end_ms, means)
