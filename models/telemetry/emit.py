"""A value that was reckoned: stored under its code and seen by the rules that watch it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from models.telemetry.batch import Derived
from models.telemetry.consequence import level
from models.telemetry.reading import Flag
from models.telemetry.sensor import SensorState

if TYPE_CHECKING:
    from models.telemetry.consequence import Out
    from models.telemetry.sensor import Shard, Site


def emit(
    site: Site, shard: Shard, code: str, at_ms: int, value: float, unit: str, count: int, out: Out,
    *, at_least: bool = False,
) -> None:  # fmt: skip
    """Tell `value`; `count` is what it was made from.

    `at_least`: the truth may be higher. It is flagged SUSPECT, and may raise an alert but ends none.
    """
    at = datetime.fromtimestamp(at_ms / 1000, UTC)
    flag = Flag.SUSPECT if at_least else Flag.GOOD
    out.derived.append(Derived(at, site.station, code, value, unit, flag, count))
    sensor = site.derived.get(code)
    if sensor is None or not sensor.each:
        return
    state = shard.get(sensor.key)
    if state is None:
        state = shard[sensor.key] = SensorState()
    for limits in sensor.each:
        if not at_least or limits.beyond(value) >= _reached(state, limits.rule.id):
            level(sensor, limits, state, at_ms, value, out)


def eased(site: Site, shard: Shard, code: str, at_ms: int, value: float, out: Out) -> None:
    """Let the rules on the forecast `code` see what came instead: it may end an alert, and raises none."""
    sensor = site.derived.get(code)
    state = shard.get(sensor.key) if sensor is not None else None
    if sensor is not None and state is not None:
        for limits in sensor.each:
            if limits.beyond(value) <= _reached(state, limits.rule.id):
                level(sensor, limits, state, at_ms, value, out)


def _reached(state: SensorState, rule: str) -> int:
    standing = state.levels.get(rule)
    return 0 if standing is None else standing.reached
