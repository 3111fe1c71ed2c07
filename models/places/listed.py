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
    found = [place for station in commune.stations for place in _of_station(station)]
    for camera in commune.cameras:
        at = (camera.hamlets, camera.latitude, camera.longitude, camera.id, camera.id)
        found += [
            Listed(
                PlaceKind.ZONE, f"{camera.id}/{zone.id}", f"{camera.name}, {zone.name}", *at, zone.parameter
            )
            for zone in camera.zones
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
    return tuple(alert for alert in alerts if _concerns(place, alert, shores, alone=alone))


def _concerns(place: Listed, raised: Raised, shores: set[str], *, alone: bool) -> bool:
    if raised.kind == Kind.FLOOD:
        return raised.station in shores
    if raised.station != place.station or raised.kind == Kind.PAYMENT:
        return False  # a merchant may have the id of a camera
    if raised.kind in INSTRUMENTS:
        return True
    if place.kind is PlaceKind.ZONE:
        return raised.parameter == place.main
    return alone or raised.kind in _DANGERS[place.kind]


def _of_station(station: Station) -> Iterator[Listed]:
    codes = [each.code for each in station.parameters]
    kinds = [(kind, _first(wanted, codes)) for kind, wanted in _SPOKEN_OF.items()]
    mains = [(kind, main) for kind, main in kinds if main is not None]
    rest = [
        code for code in codes if code != "rain" and not any(code in wanted for wanted in _SPOKEN_OF.values())
    ]
    if rest:
        main = "dissolved_oxygen" if "dissolved_oxygen" in rest else rest[0]
        mains.append((PlaceKind.CAGES, main))
    for kind, main in mains or [(PlaceKind.GAUGE, "rain")]:
        yield Listed(
            kind,
            station.id,
            station.name,
            station.hamlets,
            station.latitude,
            station.longitude,
            None,
            station.id,
            main,
        )


def _first(wanted: tuple[str, ...], codes: list[str]) -> str | None:
    return next((code for code in wanted if code in codes), None)
