"""QCVN 08:2023/BTNMT (in force from 12 September 2023): limits for health (table 1), classes of rivers (table 2).

Table 1 holds for all waters. Table 2: A to D, the best first. Oxygen below 2 mg/L is in no class: the table ends there. mg/L, coliforms in MPN or CFU/100 mL.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping


class Class(enum.IntEnum):
    """Quality, a higher number is worse; NONE is worse than D."""

    A = 1
    B = 2
    C = 3
    D = 4
    NONE = 5


AT_MOST: dict[str, tuple[float, float, float]] = {
    "bod5": (4, 6, 10),
    "cod": (10, 15, 20),
    "toc": (4, 6, 8),
    "total_phosphorus": (0.1, 0.3, 0.5),
    "total_nitrogen": (0.6, 1.5, 2.0),
    "coliform": (1000, 5000, 7500),
    "thermotolerant_coliform": (200, 1000, 1500),
}
"""The most of A, B, C; beyond is D."""
SUSPENDED = (25.0, 100.0)
"""TSS of A and B. C and D differ by floating rubbish alone, which no probe sees: beyond B we say C."""
OXYGEN = (6.0, 5.0, 4.0, 2.0)
"""The least of A, B, C, D."""
ACIDITY = ((6.5, 8.5), (6.0, 8.5))
"""pH of A, and of B and C; outside is D."""


HEALTH: dict[str, float] = {
    "nitrite_n": 0.05, "ammonium_n": 0.3, "chloride": 250, "fluoride": 1, "cyanide": 0.01, "arsenic": 0.01, "cadmium": 0.005,
    "lead": 0.02, "chromium_vi": 0.01, "copper": 0.1, "zinc": 0.5, "nickel": 0.1, "manganese": 0.1, "mercury": 0.001, "iron": 0.5,
    "surfactants": 0.1, "oil_grease": 5.0,
}  # fmt: skip
"""Table 1: the most of each in mg/L, as N for the two of nitrogen."""


class WaterClass(msgspec.Struct, frozen=True):
    """The worst class of all known parameters, and which of them it is."""

    overall: Class
    limiting: list[str]
    each: dict[str, Class]


def class_of(parameter: str, value: float) -> Class:
    """The class of one parameter; KeyError for one that the table does not have (ammonium, nitrite, temperature)."""
    if parameter == "ph":
        for number, (low, high) in zip((Class.A, Class.B), ACIDITY, strict=True):
            if low <= value <= high:
                return number
        return Class.D
    if parameter == "dissolved_oxygen":
        return Class(1 + sum(value < least for least in OXYGEN))
    if parameter == "tss":
        return Class(1 + sum(value > most for most in SUSPENDED))
    return Class(1 + sum(value > most for most in AT_MOST[parameter]))


def classified(values: Mapping[str, float | None]) -> WaterClass | None:
    """The class of a river from what is known of it; None when nothing of the table is."""
    known = {*AT_MOST, "ph", "dissolved_oxygen", "tss"}
    each = {one: class_of(one, value) for one, value in values.items() if value is not None and one in known}
    if not each:
        return None
    worst = max(each.values())
    return WaterClass(worst, sorted(one for one, found in each.items() if found is worst), each)


def over_health(values: Mapping[str, float | None]) -> dict[str, float]:
    """Which of table 1 are over their limit, with their values; what is not known is not over."""
    return {
        one: value for one, value in values.items() if value is not None and value > HEALTH.get(one, value)
    }
