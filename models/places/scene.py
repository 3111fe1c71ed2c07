"""Who witnesses which place and who measures beside whom: the configuration laid out for what several sources say together."""

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
    """Who says something of which place, by (station or camera, parameter).

    `rules`: of each gauge the rule that holds its level, and how long (ms) a level must last there. `cameras`: those whose water is
    counted in pixels by stations. `watching`: cameras of our own that witness a place. `pace_ms`: of each station the shortest interval at
    which it sends.
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
    watching: frozenset[str] = frozenset()

    def pixels_of(self, camera: str) -> list[str]:
        """The stations that count a camera's water pixels; none for a camera that finds water itself."""
        return self.cameras[camera].stations if camera in self.cameras else []


LEAST_STATIONS = 3
"""With fewer stations nobody can tell a lost link from a lost station."""


def scene(commune: Commune) -> Scene:
    """Lay the configuration out."""
    rivers = [rule for rule in commune.rules if rule.parameter == RIVER]
    cameras = {camera.id: camera for camera in commune.water_cameras}
    watching = {camera.id for camera in commune.cameras}
    neighbours = {
        (station.id, quality.parameter): quality.neighbour
        for quality in commune.quality
        if quality.neighbour is not None
        for station in commune.stations
        if station.id in quality.stations
    }
    concerned = {(neighbour.station, code) for (_, code), neighbour in neighbours.items()} | set(neighbours)
    for place in commune.flood_places:
        concerned |= {(gauge, RIVER) for gauge in place.gauges}
        concerned |= {(station, RAIN) for station in place.rains}
        concerned |= {(name, FLOODED) for name in (*place.persons, *place.cameras)}
        counted = [cameras[name] for name in place.cameras if name in cameras]
        concerned |= {(station, PIXELS) for camera in counted for station in camera.stations}
    return Scene(
        places=tuple(commune.flood_places),
        names=_names(commune),
        alarms={
            station: tuple(AlarmLevel(level.level, level.raise_at) for level in rule.levels)
            for rule in rivers
            for station in rule.stations
        },
        rules={station: (rule.id, 1000 * rule.hold_s) for rule in rivers for station in rule.stations},
        bands=tuple(commune.rain_bands),
        cameras=cameras,
        concerned=frozenset(concerned),
        neighbours=neighbours,
        pace_ms={
            station.id: 1000 * min(parameter.interval_s for parameter in station.parameters)
            for station in commune.stations
            if station.parameters
        },
        watching=frozenset(
            name for place in commune.flood_places for name in place.cameras if name in watching
        ),
    )


def _names(commune: Commune) -> dict[str, str]:
    names = {camera.id: camera.name for camera in commune.cameras}
    names |= {station.id: station.name for station in commune.stations}
    # A person is named by the hamlet, never by name.
    hamlets = {hamlet.code: hamlet.name for hamlet in commune.hamlets}
    codes = {station.id: station.hamlets for station in commune.stations}
    for place in commune.flood_places:
        for person in place.persons:
            code = next(iter(codes.get(person, [])), None)
            names[person] = "?" if code is None else hamlets.get(code, code)
    return names
