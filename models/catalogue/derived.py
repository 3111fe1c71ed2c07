"""Parameters that are reckoned from others, and those that rules of the house know by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.catalogue.parameters import PARAMETERS, reckoned

if TYPE_CHECKING:
    from collections.abc import Iterable

RIVER, RAIN, OXYGEN, RELEASE = "river_level", "rain", "dissolved_oxygen", "reservoir_release"


STREET = "street_depth"


UNITS = {code: row.unit for code, row in PARAMETERS.items() if row.of}
"""Derived parameters that rules may watch, with their units."""


def derivable(measured: Iterable[str]) -> dict[str, str]:
    """Which of UNITS a station with these parameters has; code -> unit."""
    return reckoned(frozenset(measured))
