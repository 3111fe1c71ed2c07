"""The unit of a file's column -> the one that we send: spellings from the one unit table, factors from here.

A station must send the unit that it is configured for, and nothing is converted there. A recording is another matter: feet and inches of
a portal become metres here, by name, and what has no factor is refused.
"""

from __future__ import annotations

from typing import NamedTuple

from models.catalogue.parameters import PARAMETERS
from models.catalogue.units import SPELLINGS, UNITS, Use, canonical, spelled

MOLAR_L = 24.45
"""Litres of a mole of gas at 25 °C and 1013 hPa, the state that QCVN 05:2023/BTNMT names."""
MOLES = {code: row.molar_g for code, row in PARAMETERS.items() if row.molar_g is not None}
"""Grams of a mole."""
_MORE = {
    spelled(text): unit.code
    for unit in UNITS.values()
    if unit.use is not Use.OURS
    for text in (unit.code, *unit.columns)
}
"""Units that only recordings have, and how columns write the others."""


class Turn(NamedTuple):
    """value in our unit = value x factor + shift; `note` names what is taken for equal and is not quite."""

    factor: float
    shift: float = 0.0
    note: str = ""


TURNS: dict[tuple[str, str], Turn] = {
    ("ft", "m"): Turn(0.3048), ("cm", "m"): Turn(0.01), ("mm", "m"): Turn(0.001), ("in", "m"): Turn(0.0254),
    ("ft", "cm"): Turn(30.48), ("m", "cm"): Turn(100.0), ("mm", "cm"): Turn(0.1), ("in", "cm"): Turn(2.54),
    ("in", "mm"): Turn(25.4), ("cm", "mm"): Turn(10.0), ("ft3/s", "m3/s"): Turn(0.3048**3),
    ("F", "C"): Turn(5 / 9, -160 / 9), ("K", "C"): Turn(1.0, -273.15),
    ("mS/cm", "uS/cm"): Turn(1000.0), ("mS/m", "uS/cm"): Turn(10.0), ("S/m", "uS/cm"): Turn(10_000.0),
    ("mg/m3", "ug/m3"): Turn(1000.0), ("ug/L", "mg/L"): Turn(0.001), ("ppm", "mg/L"): Turn(1.0, 0.0, "ppm = mg/L"),
    ("FNU", "NTU"): Turn(1.0, 0.0, "FNU = NTU"), ("FTU", "NTU"): Turn(1.0, 0.0, "FTU = NTU"),
    ("ug/Nm3", "ug/m3"): Turn(1.0, 0.0, "µg/Nm³ (25 °C) = µg/m³"),
    ("mg/Nm3", "ug/m3"): Turn(1000.0, 0.0, "mg/Nm³ (25 °C) = mg/m³"),
    ("mm/h", "mm"): Turn(1.0, 0.0, "mm/h = mm"),
}  # fmt: skip


def known(text: str) -> str | None:
    """The unit as we write it; None for what is in no table.

    >>> known("μg/m³"), known("feet"), known("quả")
    ('ug/m3', 'ft', None)
    """
    found = canonical(text)
    return found if found in SPELLINGS else _MORE.get(spelled(text))


def turn(text: str, parameter: str, unit: str) -> Turn | None:
    """How a value in the file's unit becomes one in ours; None where there is no way."""
    given = known(text)
    if given is None:
        return None
    if given == unit:
        return Turn(1.0)
    if given in {"ppb", "ppm"} and parameter in MOLES and unit == "ug/m3":
        parts = 1.0 if given == "ppb" else 1000.0
        return Turn(parts * MOLES[parameter] / MOLAR_L, 0.0, f"{given} -> µg/m³ (25 °C)")
    return TURNS.get((given, unit))
