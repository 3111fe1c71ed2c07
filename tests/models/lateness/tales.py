"""Short ways to write what a station measured."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import msgspec

from infra.lab.measure.arrivals import HOUR, MINUTE, T0, Arrival, Told, World, example

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from models.commune.configuration import Commune

T = T0 + 10 * HOUR
"""Ten o'clock in the morning."""
GAUGE, CAGE, AIR = "phu-oc", "bo-la-van", "air-la-van-ha"


def series(
    station: str, code: str, value: float | Callable[[float], float], *, start: int = T, hours: float = 3, every: int = 5 * MINUTE,
) -> list[Told]:  # fmt: skip
    """Readings after `start`, one each `every` ms, the first one interval later; `value` may be of the minutes since."""
    count = round(hours * HOUR / every)
    return [
        Told(start + i * every, station, code, value((i * every) / MINUTE) if callable(value) else value)
        for i in range(1, count + 1)
    ]


def listed(
    station: str, code: str, values: Sequence[float], *, start: int = T, every: int = 5 * MINUTE
) -> list[Told]:
    """These values, one each `every` ms from `start` on."""
    return [Told(start + i * every, station, code, value) for i, value in enumerate(values)]


def at_once(told: Iterable[Told], came_ms: int, *, gap_ms: int = 0) -> list[Arrival]:
    """All come together, or one each `gap_ms`."""
    return [Arrival(came_ms + i * gap_ms, one) for i, one in enumerate(told)]


def behind(told: Iterable[Told], late_ms: int) -> list[Arrival]:
    """Each comes so much later than it was measured."""
    return [Arrival(one.at_ms + late_ms, one) for one in told]


def stamped(told: Iterable[Told], wrong_ms: int) -> list[Told]:
    """A clock that is wrong by so much (fast: positive)."""
    return [one._replace(stamp_ms=one.at_ms + wrong_ms) for one in told]


def about(world: World, station: str) -> list[tuple[str, str, int]]:
    """(rule, verb, level) of what people hear of a station."""
    return [(one.rule, str(one.change), one.level) for one in world.rung if one.station == station]


def changed(one: Any, **fields: Any) -> Any:
    """A copy with other fields."""
    return (
        msgspec.structs.replace(one, **fields)
        if isinstance(one, msgspec.Struct)
        else dataclasses.replace(one, **fields)
    )


def with_station(station: str, **fields: Any) -> Commune:
    """The example with one station changed."""
    own = example()
    return changed(
        own, stations=[changed(one, **fields) if one.id == station else one for one in own.stations]
    )


def with_parameter(station: str, code: str, **fields: Any) -> Commune:
    """The example with one parameter of one station changed."""
    own = example()
    found = next(one for one in own.stations if one.id == station)
    return with_station(
        station,
        parameters=[
            changed(parameter, **fields) if parameter.code == code else parameter
            for parameter in found.parameters
        ],
    )


def with_rule(rule: str, **fields: Any) -> Commune:
    """The example with one rule changed."""
    own = example()
    return changed(own, rules=[changed(one, **fields) if one.id == rule else one for one in own.rules])


def only(*stations: str) -> Commune:
    """The example with these stations alone: the others would be missed."""
    own = example()
    return changed(own, stations=[station for station in own.stations if station.id in stations])
