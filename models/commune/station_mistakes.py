"""What is wrong in `stations.yaml` (but names of files and positions) although every field has its right type."""

from __future__ import annotations

import math
from difflib import get_close_matches
from typing import TYPE_CHECKING

from models.air.limits import MOLAR_G, SHARES, WEIGHTS
from models.catalogue.parameters import MEASURED_UNITS
from models.commune.canary import CANARY
from models.envelope.mistake import Mistake, Path, all_stand, more_than, once, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.commune.configuration import Parameter, Station

_GASES = dict.fromkeys((gas.value for gas in MOLAR_G), (*WEIGHTS, *SHARES))
"""Pollutants that a station may tell in several units; what they are reckoned in is models.air.limits.to_ug_m3."""
ALMOST = 0.85
"""A code this like a known one is a slip of the pen; `pm1` and `soil_temperature` are codes of their own."""
SHORT = 3
"""Codes up to this length are too alike to guess at: pm1, no2, so2."""


def station_mistakes(stations: Sequence[Station], *, hamlets: Sequence[str]) -> Iterator[Mistake]:
    """Stations of no hamlet, that measure nothing or a thing twice, or in what cannot be; `hamlets` are codes."""
    yield from once(("stations",), "id", (station.id for station in stations))
    for i, station in enumerate(stations):
        path = ("stations", i)
        yield from all_stand((*path, "hamlets"), station.hamlets, "hamlets", hamlets)
        if station.id == CANARY:
            yield wrong(
                (*path, "id"),
                CANARY,
                "tên khác: đây là trạm tin thử của hệ thống",
                "another id: this is the canary's",
            )
        where = (*path, "parameters")
        if not station.parameters:
            yield wrong(where, "[]", "ít nhất một thông số", "at least one parameter")
        yield from once(where, "code", (parameter.code for parameter in station.parameters))
        for j, parameter in enumerate(station.parameters):
            yield from _parameter((*where, j), parameter)


def _parameter(path: Path, parameter: Parameter) -> Iterator[Mistake]:
    code = parameter.code
    guess = code not in MEASURED_UNITS and len(code) > SHORT
    almost = get_close_matches(code, MEASURED_UNITS, 1, ALMOST) if guess else []
    if almost:
        yield wrong((*path, "code"), code, f"`{almost[0]}`", f"`{almost[0]}`")
    ours = [MEASURED_UNITS[code]] if code in MEASURED_UNITS else sorted(set(MEASURED_UNITS.values()))
    units = _GASES.get(code, ours)
    if parameter.unit not in units:
        text = ", ".join(units)
        yield wrong((*path, "unit"), parameter.unit, f"đơn vị {text}", f"the unit {text}")
    if not -math.inf < parameter.low < parameter.high < math.inf:  # false for .nan too
        vi, en = f"một số dưới high ({parameter.high:g})", f"a number below high ({parameter.high:g})"
        yield wrong((*path, "low"), parameter.low, vi, en)
    if parameter.silent_after_s <= parameter.interval_s:
        least = f"interval_s ({parameter.interval_s})"
        yield more_than((*path, "silent_after_s"), parameter.silent_after_s, least)
