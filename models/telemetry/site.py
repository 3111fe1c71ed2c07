"""What a station's readings say together: air, water, river, rain. Each group is reckoned from its earliest new reading on.

good readings ──┬── air, water ──> vn_aqi, over_qcvn05, qcvn08, wqi, pm25_dry (hours)
                ├── react ───────> oxygen_saturation, nh3 (each time)
                ├── night ───────> oxygen_fall, oxygen_dawn, oxygen_limit
                ├── rise ────────> river_rise, river_next, floods
                ├── release ─────> release_low, release_high
                ├── street ──────> street_10min, street_30min
                └── rain ────────> rain_1h ... rain_24h
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models.alerting.history import Telling
from models.catalogue.derived import OXYGEN, RAIN, RELEASE, RIVER, STREET
from models.envelope.period import DAY_MS, HOUR_MS
from models.river.street import KEEP_MS
from models.telemetry import fish, river, station_hours, water
from models.telemetry.derived import AMMONIA
from models.telemetry.points import Reckoning, tell
from models.telemetry.sensor import SITE, SensorState, SiteState

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.telemetry.out import Out
    from models.telemetry.sensor import Shard, Site


class Group(NamedTuple):
    """Values that hang on the readings of `of`, each at most `reach_ms` before its own time."""

    name: str
    of: tuple[str, ...]
    codes: tuple[str, ...]
    reach_ms: int
    reckon: Callable[[Reckoning], None]


GROUPS = (
    Group(
        "react",
        (OXYGEN, "water_temperature", "ph", *AMMONIA),
        ("oxygen_saturation", "nh3"),
        HOUR_MS,
        water.react,
    ),
    Group("night", (OXYGEN,), ("oxygen_fall", "oxygen_dawn*", "oxygen_limit*"), 12 * HOUR_MS, fish.night),
    Group("rise", (RIVER,), ("river_rise", "river_next*"), 12 * HOUR_MS, river.rise),
    Group("rain", (RAIN,), tuple(f"{RAIN}_{hours}h" for hours in (1, 3, 6, 12, 24)), DAY_MS, river.rain),
    Group("release", (RELEASE,), ("release_low", "release_high"), DAY_MS, river.release),
    Group("street", (STREET,), ("street_10min", "street_30min"), KEEP_MS, river.street),
)


_BY_NAME = {group.name: group for group in GROUPS}
_HANGS_ON = {
    code: [group.name for group in GROUPS if code in group.of]
    for code in {one for group in GROUPS for one in group.of}
}


def site_state(shard: Shard, station: str) -> SiteState:
    """The memory of the station as a whole."""
    own = shard.get((station, SITE))
    if own is None:
        own = shard[station, SITE] = SensorState()
    if own.site is None:
        own.site = SiteState()
    return own.site


def since(site: Site, shard: Shard, earliest: dict[str, int], out: Out) -> None:
    """Reckon what hangs on the new readings of a station; `earliest`: parameter -> the earliest of them (ms)."""
    state = site_state(shard, site.station)
    groups: dict[str, int] = {}
    for code, from_ms in earliest.items():
        for name in _HANGS_ON.get(code, ()):
            groups[name] = min(from_ms, groups.get(name, from_ms))
    for group in GROUPS if len(groups) > 1 else [_BY_NAME[name] for name in groups]:
        if group.name in groups:
            _reckon(group, site, state, shard, groups[group.name], out)
    if RIVER in earliest:
        river.floods(site, state, shard, earliest[RIVER], out)
    if site.hourly:
        hours = [earliest[code] for code in site.hourly if code in earliest]
        if hours:
            station_hours.of_site(site, state, shard, min(hours), None, out)


def _reckon(group: Group, site: Site, state: SiteState, shard: Shard, from_ms: int, out: Out) -> None:
    before_ms = state.reckoned_ms.get(group.name, 0)
    told = Reckoning(site, shard, from_ms, out)
    group.reckon(told)
    newest, wait, in_time = from_ms, False, True
    for code in group.of:
        own = shard.get((site.station, code))
        if own is not None and own.seen.times:
            newest = max(newest, own.seen.times[-1])
            how = out.telling((site.station, code), own)
            wait, in_time = wait or how.wait, in_time and how.in_time
    state.reckoned_ms[group.name] = newest
    again_ms = before_ms if from_ms <= before_ms else None
    told.close(group.codes, again_ms, Telling(out.now_ms, in_time and again_ms is None, wait))


def pass_hours(site: Site, shard: Shard, now_ms: int, out: Out) -> None:
    """Nothing came and it is `now_ms`: tell the hours that are over."""
    own = shard.get((site.station, SITE))
    if own is not None and own.site is not None and site.hourly:
        station_hours.of_site(site, own.site, shard, None, now_ms, out)


def settle(site: Site, shard: Shard, out: Out) -> None:
    """No more of a backlog comes: tell what is late."""
    for code in site.watched:
        state = shard.get((site.station, code))
        if state is not None:
            sensor = site.derived[code]
            for limits in sensor.each:
                level = state.levels.get(limits.rule.id)
                if level is not None and level.waiting:
                    tell(sensor, limits, level, out, Telling(out.now_ms))
