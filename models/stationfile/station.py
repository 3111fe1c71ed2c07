"""Which station a file belongs to and what its lines may name, from the commune's configuration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.catalogue.units import same_unit, spelled
from models.stationfile.name import key
from models.stationfile.symbols import CODES, name_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.commune.configuration import Parameter, Station


@dataclass(frozen=True, slots=True)
class Named:
    """A parameter, its unit, and what else, as keys, the commune takes for that unit (`file_units`)."""

    code: str
    unit: str
    also: frozenset[str]

    def measured_in(self, text: str) -> bool:
        """Is this its unit, in any spelling?"""
        return same_unit(text, self.unit) or spelled(text) in self.also


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
    return Named(parameter.code, parameter.unit, frozenset(map(spelled, parameter.file_units)))
