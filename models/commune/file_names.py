"""Which station a file belongs to and what its lines may name, from the commune's configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.catalogue.units import spelled
from models.stationfile.name import key
from models.stationfile.station import FileStation, Named
from models.stationfile.symbols import CODES, name_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.commune.configuration import Parameter, Station
    from models.stationfile.station import Stations


def file_stations(stations: Sequence[Station]) -> Stations:
    """The stations that send files, by every name (`file_names`) that their files may carry."""
    return {
        key(alias): FileStation(station.id, _names(station))
        for station in stations
        for alias in station.file_names
    }


def _names(station: Station) -> dict[str, Named]:
    """The station's own words come first, then its codes, then the tables; what two parameters share is left out."""
    measured = {parameter.code: _named(parameter) for parameter in station.parameters}
    found = {}
    for name, codes in CODES.items():
        here = [measured[code] for code in codes if code in measured]
        if len(here) == 1:
            found[name] = here[0]
    found |= {name_key(code): one for code, one in measured.items()}
    for parameter in station.parameters:
        found |= {name_key(alias): measured[parameter.code] for alias in parameter.file_names}
    return found


def _named(parameter: Parameter) -> Named:
    return Named(parameter.code, parameter.unit, frozenset(map(spelled, parameter.file_units)))
