"""The places of a commune: each gauge, cages, air station and sensor over a street, and each zone of a camera."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models.air.aqi import Pollutant
from models.places.place import PlaceKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.commune.configuration import Commune, Station

PICTURE = "picture"
"""The zone of a camera that has none of its own: whether it sees is said all the same."""
_SPOKEN_OF = {
    PlaceKind.GAUGE: ("river_level", "reservoir_release"),
    PlaceKind.STREET: ("street_depth", "flooded", "water_pixels"),
    PlaceKind.AIR: (*Pollutant, "air_temperature", "humidity"),
}
"""What makes a station a place of the kind; the first that it measures is what the place is spoken of by."""


class Listed(NamedTuple):
    """A place; `main` is the parameter it is spoken of by, `station` the station or camera that sends it."""

    kind: PlaceKind
    place: str
    name: str
    hamlets: list[str]
    latitude: float | None
    longitude: float | None
    camera: str | None
    station: str
    main: str


def listed(commune: Commune) -> list[Listed]:
    """Every place of the configuration; a station that is several things is several places, none is left out."""
    found = [place for one in commune.stations for place in _of_station(one)]
    for one in commune.cameras:
        at = (one.hamlets, one.latitude, one.longitude, one.id, one.id)
        zones = [(zone.id, f"{one.name}, {zone.name}", f"people/{zone.id}") for zone in one.zones]
        for zone, name, main in zones or [(PICTURE, one.name, PICTURE)]:
            found.append(Listed(PlaceKind.ZONE, f"{one.id}/{zone}", name, *at, main))
    return found


def _of_station(one: Station) -> Iterator[Listed]:
    codes = [each.code for each in one.parameters]
    kinds = [(kind, _first(wanted, codes)) for kind, wanted in _SPOKEN_OF.items()]
    mains = [(kind, main) for kind, main in kinds if main is not None]
    rest = [code for code in codes if code != "rain" and not any(code in wanted for wanted in _SPOKEN_OF.values())]
    if rest:
        main = "dissolved_oxygen" if "dissolved_oxygen" in rest else rest[0]
        mains.append((PlaceKind.CAGES, main))
    for kind, main in mains or [(PlaceKind.GAUGE, "rain")]:
        yield Listed(kind, one.id, one.name, one.hamlets, one.latitude, one.longitude, None, one.id, main)


def _first(wanted: tuple[str, ...], codes: list[str]) -> str | None:
    return next((code for code in wanted if code in codes), None)
