"""What an alert's `station` is called and whom it concerns: a station, a camera, or who is paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.catalogue.analytics import of_zone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.commune.configuration import Commune, Level
    from models.vision.camera import ZoneLevel


def place_name(place: str, commune: Commune) -> str:
    """The name on one line; the id where the configuration has forgotten it."""
    named = [(station.id, station.name) for station in commune.stations]
    named += [(camera.id, camera.name) for camera in commune.cameras]
    named += [(merchant.code, merchant.name) for merchant in commune.merchants]
    named += [(place.id, place.name) for place in commune.flood_places]
    name = next((name for code, name in named if code == place), place)
    return " ".join(name.split()) or place


def hamlets_of(place: str, commune: Commune) -> set[str]:
    """Codes of the hamlets that the place's alerts concern."""
    found = {code for station in commune.stations if station.id == place for code in station.hamlets}
    found |= {code for camera in commune.cameras if camera.id == place for code in camera.hamlets}
    found |= {code for one in commune.flood_places if one.id == place for code in one.hamlets}
    return found | {merchant.hamlet for merchant in commune.merchants if merchant.code == place}


def zone_name(camera: str, parameter: str, commune: Commune) -> str | None:
    """The zone that a parameter of a camera (`people/<zone>`) speaks of; None for anything else."""
    if of_zone(parameter) is None:
        return None
    zones = [each for one in commune.cameras if one.id == camera for each in one.zones]
    code = parameter.partition("/")[2]
    return " ".join(next((zone.name for zone in zones if parameter in zone.parameters), code).split())


def levels_of(rule: str, commune: Commune) -> Sequence[Level | ZoneLevel]:
    """The levels of a rule of stations or of a zone; none where the configuration has forgotten it."""
    for one in commune.rules:
        if one.id == rule:
            return one.levels
    zones = [(camera.id, each) for camera in commune.cameras for each in camera.zones]
    return next((zone.levels for camera, zone in zones if zone.rule(camera) == rule), [])
