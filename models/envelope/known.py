"""What a commune has by name, for the checks of its files: a room compares its own section with it and sees nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Measured(NamedTuple):
    """A parameter that a station measures, its unit, and the instrument's range in that unit."""

    code: str
    unit: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class KnownStation:
    """A station and all that it measures, in the order of its file."""

    id: str
    measures: tuple[Measured, ...]

    @property
    def codes(self) -> frozenset[str]:
        """Codes of what it measures."""
        return frozenset(measured.code for measured in self.measures)


@dataclass(frozen=True, slots=True)
class Known:
    """Hamlets by code, stations, cameras by id, and `ruled`: parameter -> ids of the stations that a rule watches for it.

    As the files have them: a code or an id that stands there twice (a mistake of its own) is here twice.
    """

    hamlets: tuple[str, ...] = ()
    stations: tuple[KnownStation, ...] = ()
    cameras: tuple[str, ...] = ()
    ruled: Mapping[str, frozenset[str]] = field(default_factory=dict)
