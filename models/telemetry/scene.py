"""Who witnesses which place, who stands beside whom: the configuration laid out for what no partition sees alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.catalogue.derived import RAIN, RIVER
from models.river.alarm import AlarmLevel

if TYPE_CHECKING:
    from models.commune.configuration import Commune
    from models.quality.settings import Neighbour
    from models.river.configuration import FloodPlace, WaterCamera
    from models.river.rain_risk import RainBand

PIXELS, FLOODED = "water_pixels", "flooded"


@dataclass(frozen=True, slots=True)
class Scene:
    """Who speaks of which place, by (station, parameter).

    `rules`: of each gauge the rule that holds its level, and how long (ms) a level must last there. `pace_ms`: of each station how
    often it sends at the most often.
    """

    places: tuple[FloodPlace, ...]
    names: dict[str, str]
    alarms: dict[str, tuple[AlarmLevel, ...]]
    rules: dict[str, tuple[str, int]]
    bands: tuple[RainBand, ...]
    cameras: dict[str, WaterCamera]
    concerned: frozenset[tuple[str, str]]
    neighbours: dict[tuple[str, str], Neighbour]
    pace_ms: dict[str, int]


LEAST_STATIONS = 3
"""With fewer stations nobody can tell a lost link from a lost station."""


def scene(commune: Commune) -> Scene | None:
    """Lay the configuration out; None where no place floods, no sensor has a neighbour, and stations are too few for a link."""
    rivers = [one for one in commune.rules if one.parameter == RIVER]
    alarms = {
        station: tuple(AlarmLevel(level.level, level.raise_at) for level in one.levels)
        for one in rivers
        for station in one.stations
    }
    cameras = {one.id: one for one in commune.water_cameras}
    neighbours = {
        (station.id, quality.parameter): quality.neighbour
        for quality in commune.quality
        if quality.neighbour is not None
        for station in commune.stations
        if station.id in quality.stations
    }
    concerned = {(one.station, code) for (_, code), one in neighbours.items()} | set(neighbours)
    for place in commune.flood_places:
        concerned |= {(one, RIVER) for one in place.gauges} | {(one, FLOODED) for one in place.persons}
        concerned |= {(one, PIXELS) for name in place.cameras for one in cameras[name].stations}
        concerned |= {(one, RAIN) for one in place.rains}
    pace_ms = {
        one.id: 1000 * min(each.interval_s for each in one.parameters)
        for one in commune.stations
        if one.parameters
    }
    if not concerned and len(pace_ms) < LEAST_STATIONS:
        return None
    return Scene(
        tuple(commune.flood_places),
        _names(commune),
        alarms,
        {station: (one.id, 1000 * one.hold_s) for one in rivers for station in one.stations},
        tuple(commune.rain_bands),
        cameras,
        frozenset(concerned),
        neighbours,
        pace_ms,
    )


def _names(commune: Commune) -> dict[str, str]:
    names = {one.id: one.name for one in commune.stations}
    # A person is named by the hamlet, never by name.
    hamlets = {one.code: one.name for one in commune.hamlets}
    for place in commune.flood_places:
        for person in place.persons:
            own = next((one.hamlets for one in commune.stations if one.id == person), [])
            names[person] = hamlets.get(own[0], own[0]) if own else "?"
    return names
