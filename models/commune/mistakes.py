"""Checks of a commune's configuration that its JSON schema cannot make: references, ranges, contradictions between parts.

Input: a decoded `Commune`, so every field has its right type. Output: a list of `Mistake`, all at once, each with its path in the
data; `connectors.commune.check` adds file and line. A check that compares two parts (a rule names a station that does not exist) puts
the path of the other part into `refers`: where that part could not be decoded the mistake is not reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.commune.contact_mistakes import contact_mistakes
from models.commune.hamlet_mistakes import hamlet_mistakes, unit_mistakes
from models.commune.loudspeakers import loudspeaker_mistakes
from models.commune.noise_mistakes import noise_mistakes
from models.commune.routing_mistakes import routing_mistakes
from models.commune.rule_mistakes import clashes, rain_mean_mistakes, rule_mistakes
from models.commune.station_mistakes import station_mistakes
from models.envelope.known import Known, KnownStation, Measured
from models.envelope.mistake import filled, position
from models.fish.mistakes import fish_mistakes
from models.lorawan.mistakes import device_mistakes
from models.payments.mistakes import payment_mistakes
from models.quality.mistakes import quality_mistakes
from models.river.mark_mistakes import mark_mistakes
from models.river.mistakes import (
    flood_place_mistakes,
    gauge_mistakes,
    rain_band_mistakes,
    reservoir_mistakes,
    water_camera_mistakes,
)
from models.stationfile.mistakes import FileNames, file_name_mistakes
from models.vision.mistakes import camera_mistakes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.commune.configuration import Commune, Station
    from models.envelope.mistake import Mistake
    from models.vision.camera import Camera


def mistakes(commune: Commune) -> list[Mistake]:
    """All mistakes of the commune, section by section; an empty list means that it can be used."""
    known = known_of(commune)
    stations = [station.id for station in commune.stations]
    return [
        *_names(commune),
        *unit_mistakes(commune.units),
        *hamlet_mistakes(commune.hamlets, commune.units),
        *station_mistakes(commune.stations, hamlets=known.hamlets),
        *rule_mistakes(commune.rules, commune.stations),
        *clashes(commune.rules),
        *noise_mistakes(commune),
        *contact_mistakes(commune.contacts, hamlets=known.hamlets),
        *camera_mistakes(commune.cameras, hamlets=known.hamlets, stations=stations),
        *_positions("stations", commune.stations),
        *_positions("cameras", commune.cameras),
        *payment_mistakes(commune.merchants, commune.fees, commune.stalls, hamlets=known.hamlets),
        *file_name_mistakes([_file_names(station) for station in commune.stations]),
        *device_mistakes(commune.profiles, commune.devices, known=known),
        *quality_mistakes(commune.quality, known=known),
        *gauge_mistakes(commune.gauges, known=known),
        *rain_mean_mistakes(commune.rules),
        *reservoir_mistakes(commune.reservoirs, known=known),
        *rain_band_mistakes(commune.rain_bands),
        *water_camera_mistakes(commune.water_cameras, known=known),
        *flood_place_mistakes(commune.flood_places, commune.water_cameras, known=known),
        *mark_mistakes(commune.marks, known=known),
        *fish_mistakes(commune.species, commune.cages, stations=stations),
        *routing_mistakes(commune.routing, commune.contacts),
        *loudspeaker_mistakes(
            commune.loudspeakers,
            commune.approvers,
            hamlets=known.hamlets,
            roles=[contact.role for contact in commune.contacts],
        ),
    ]


def known_of(commune: Commune) -> Known:
    """What the commune has by name, for the rooms, which may not know the commune itself."""
    ruled: dict[str, frozenset[str]] = {}
    for rule in commune.rules:
        ruled[rule.parameter] = ruled.get(rule.parameter, frozenset()).union(rule.stations)
    return Known(
        hamlets=tuple(hamlet.code for hamlet in commune.hamlets),
        stations=tuple(KnownStation(station.id, _measures(station)) for station in commune.stations),
        cameras=tuple(camera.id for camera in commune.cameras),
        ruled=ruled,
    )


def _measures(station: Station) -> tuple[Measured, ...]:
    return tuple(
        Measured(parameter.code, parameter.unit, parameter.low, parameter.high)
        for parameter in station.parameters
    )


def _file_names(station: Station) -> FileNames:
    return FileNames(station.file_names, [parameter.file_names for parameter in station.parameters])


def _names(commune: Commune) -> Iterator[Mistake]:
    """Names stand in the messages, so none is blank."""
    sections: dict[str, Sequence[Any]] = {
        "units": commune.units,
        "hamlets": commune.hamlets,
        "stations": commune.stations,
        "contacts": commune.contacts,
        "cameras": commune.cameras,
        "merchants": commune.merchants,
        "fees": commune.fees,
        "stalls": commune.stalls,
    }
    for section, entries in sections.items():
        for i, entry in enumerate(entries):
            yield from filled((section, i, "name"), entry.name)


def _positions(section: str, entries: Sequence[Station | Camera]) -> Iterator[Mistake]:
    """A place on the map is whole and on the globe."""
    for i, entry in enumerate(entries):
        yield from position((section, i), entry.latitude, entry.longitude)
