"""A station that sends files, and what the lines of its files may name."""

from __future__ import annotations

from dataclasses import dataclass

from models.catalogue.units import same_unit, spelled


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
