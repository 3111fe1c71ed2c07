"""What belongs together in messages: the place of a change, and within it the danger.

News of one place within minutes is one message. Within a place only news of one danger may hold back other news:
the river and the rain tell the same flood, ammonia tells nothing of oxygen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from models.catalogue.kinds import About, Kind, about
from models.catalogue.parameters import PARAMETERS

if TYPE_CHECKING:
    from models.alerting.alert import AlertChange
    from models.commune.configuration import Commune

HEALTH = "health"
"""The group of all news on the instruments, of all stations and cameras."""
_INSTRUMENTS, _MONEY = about(About.INSTRUMENTS), about(About.MONEY)
_WATER, _FISH, _AIR = about(About.WATER), about(About.FISH), about(About.AIR)
_OXYGEN = frozenset(
    code for code, row in PARAMETERS.items() if "dissolved_oxygen" in (code, *" ".join(row.of).split())
)
"""Oxygen, and what is reckoned from it."""


class Situated(Protocol):
    """A change, or what is kept of an alert: what it is about, and where."""

    @property
    def kind(self) -> Kind: ...
    @property
    def station(self) -> str: ...


def place_of(change: Situated, commune: Commune) -> str:
    """The key of the place that a change is news of: the same for all that is told together.

    River, rain and flood belong to the flood place that names the station; else a station stands for itself.
    """
    if change.kind in _INSTRUMENTS:
        return HEALTH
    if change.kind in _WATER:
        return f"water:{_flood_place(change.station, commune)}"
    if change.kind in _FISH:
        return f"fish:{change.station}"
    return f"{change.kind}:{change.station}"


def danger_of(change: AlertChange) -> str:
    """Within a place: alerts of one danger say the same to whom they are told."""
    if change.kind in _WATER:
        return "water"
    if change.kind in _AIR:
        return "air"
    if change.parameter in _OXYGEN:
        return "oxygen"
    if change.kind in _INSTRUMENTS | _MONEY:
        return change.alert
    return f"{change.kind}:{change.parameter}"


def _flood_place(station: str, commune: Commune) -> str:
    """The first flood place that is, or names, the station."""
    cameras = {camera.id: camera.stations for camera in commune.water_cameras}
    for place in commune.flood_places:
        watching = [each for name in place.cameras for each in (name, *cameras.get(name, []))]
        if station in (place.id, *place.gauges, *place.rains, *place.persons, *watching):
            return place.id
    return station
