"""The places of a commune: each gauge, cages, air station and sensor over a street, and each zone of a camera."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models.air.aqi import Pollutant
from models.alerting.alert import Kind
from models.catalogue.analytics import ANALYTICS
from models.places.kinds import INSTRUMENTS
from models.places.place import PlaceKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from models.commune.configuration import Commune, Station
    from models.places.facts import Raised

_SPOKEN_OF = {
    PlaceKind.GAUGE: ("river_level", "reservoir_release"),
    PlaceKind.STREET: ("street_depth", "flooded", "water_pixels"),
    PlaceKind.AIR: (*Pollutant, "air_temperature", "humidity"),
}
"""What makes a station a place of the kind; the first that it measures is what the place is spoken of by."""


RECKONED = {
    PlaceKind.GAUGE: (),
    PlaceKind.STREET: ("street_10min",),
    PlaceKind.AIR: ("vn_aqi",),
    PlaceKind.CAGES: (
        "oxygen_fall",
        "oxygen_dawn",
        "oxygen_dawn_low",
        "oxygen_dawn_high",
        "oxygen_limit",
        "oxygen_limit_low",
    ),
    PlaceKind.ZONE: (),
}
"""Derived values that the sentences of a kind speak of."""
_DANGERS = {
    PlaceKind.GAUGE: (Kind.RIVER, Kind.RAIN, Kind.FLOOD),
    PlaceKind.STREET: (Kind.RIVER, Kind.FLOOD),
    PlaceKind.AIR: (Kind.AIR,),
    PlaceKind.CAGES: (Kind.OXYGEN, Kind.FISH),
    PlaceKind.ZONE: tuple(row.kind for row in ANALYTICS.values()),
}
"""Which alerts of danger are of which place, where a station is several."""


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
        found += [
            Listed(PlaceKind.ZONE, f"{one.id}/{zone.id}", f"{one.name}, {zone.name}", *at, zone.parameter)
            for zone in one.zones
        ]
    return found


def concerned(
    place: Listed, alerts: Iterable[Raised], commune: Commune, *, alone: bool
) -> tuple[Raised, ...]:
    """The open alerts that are the place's own; `alone`: its station is no other place. A gauge has the floods of its shore too."""
    shores = (
        {one.id for one in commune.flood_places if place.station in one.gauges}
        if place.kind is PlaceKind.GAUGE
        else set()
    )
    return tuple(one for one in alerts if _concerns(place, one, shores, alone=alone))


def _concerns(place: Listed, one: Raised, shores: set[str], *, alone: bool) -> bool:
    if one.kind == Kind.FLOOD:
        return one.station in shores
    if one.station != place.station or one.kind == Kind.PAYMENT:
        return False  # a merchant may have the id of a camera
    if one.kind in INSTRUMENTS:
        return True
    if place.kind is PlaceKind.ZONE:
        return one.parameter == place.main
    return alone or one.kind in _DANGERS[place.kind]


def _of_station(one: Station) -> Iterator[Listed]:
    codes = [each.code for each in one.parameters]
    kinds = [(kind, _first(wanted, codes)) for kind, wanted in _SPOKEN_OF.items()]
    mains = [(kind, main) for kind, main in kinds if main is not None]
    rest = [
        code for code in codes if code != "rain" and not any(code in wanted for wanted in _SPOKEN_OF.values())
    ]
    if rest:
        main = "dissolved_oxygen" if "dissolved_oxygen" in rest else rest[0]
        mains.append((PlaceKind.CAGES, main))
    for kind, main in mains or [(PlaceKind.GAUGE, "rain")]:
        yield Listed(kind, one.id, one.name, one.hamlets, one.latitude, one.longitude, None, one.id, main)


def _first(wanted: tuple[str, ...], codes: list[str]) -> str | None:
    return next((code for code in wanted if code in codes), None)
