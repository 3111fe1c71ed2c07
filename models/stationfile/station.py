"""Which station a file belongs to and what its lines may name, from the commune's configuration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.stationfile.name import key
from models.stationfile.symbols import CODES, UNIT_OF, name_key, unit_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.commune.configuration import Parameter, Station


@dataclass(frozen=True, slots=True)
class Named:
    """A parameter and the units, as keys, that a file may write for it."""

    code: str
    unit: str
    units: frozenset[str]


@dataclass(frozen=True, slots=True)
class FileStation:
    """A station that sends files; `names`: key of a name in column 1 -> the parameter."""

    id: str
    names: dict[str, Named]


Stations = dict[str, FileStation]
"""Key of a station's name in file names -> the station."""


def file_stations(stations: Sequence[Station]) -> Stations:
    """The stations that send files, by every name (`file_names`) that their files may carry."""
    return {key(alias): FileStation(one.id, _names(one)) for one in stations for alias in one.file_names}


def _names(station: Station) -> dict[str, Named]:
    """The station's own words come first, then its codes, then the tables; what two parameters share is left out."""
    measured = {one.code: _named(one) for one in station.parameters}
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
    units = {unit_key(text) for text in (parameter.unit, *parameter.file_units)}
    units |= {text for text, unit in UNIT_OF.items() if unit == parameter.unit}
    return Named(parameter.code, parameter.unit, frozenset(units))
