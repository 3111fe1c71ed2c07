"""Un-ionised ammonia, the part that poisons fish, from what a probe gives (Emerson et al. 1975; fresh water, 0 to 50 C).

A probe may tell total ammonia (TAN), ammonium (NH4) or ammonia (NH3), as nitrogen or as the molecule; the two differ by a
fifth and are never guessed. All amounts are mg/L.
"""

from __future__ import annotations

import enum

N, NH3, NH4 = 14.007, 17.031, 18.039
"""Molar masses, g/mol."""
COLDEST_C, WARMEST_C = 0.0, 50.0
ACID, ALKALINE = 0.0, 14.0
KELVIN = 273.15


class Form(enum.StrEnum):
    """What an amount is of, and as what it is weighed."""

    TAN_AS_N = "tan_n"
    NH4_AS_N = "nh4_n"
    NH4 = "nh4"
    NH3_AS_N = "nh3_n"
    NH3 = "nh3"


class OutOfRangeError(ValueError):
    """Temperature or pH for which the formula is not given, or a negative amount."""


def fraction(temperature_c: float, ph: float) -> float:
    """The part of total ammonia that is un-ionised, 0 to 1."""
    if not COLDEST_C <= temperature_c <= WARMEST_C:
        raise OutOfRangeError(
            f"nhiệt độ {temperature_c:g} °C, cần {COLDEST_C:g}-{WARMEST_C:g} (temperature out of the formula's range)"
        )
    if not ACID <= ph <= ALKALINE:
        raise OutOfRangeError(f"pH {ph:g}, cần {ACID:g}-{ALKALINE:g} (pH out of range)")
    pka = 0.09018 + 2729.92 / (temperature_c + KELVIN)
    return float(1 / (10 ** (pka - ph) + 1))


def total_as_n(amount_mg_l: float, form: Form, temperature_c: float, ph: float) -> float:
    """Total ammonia nitrogen (mg/L as N) of an amount in any form."""
    if amount_mg_l < 0:
        raise OutOfRangeError(f"{amount_mg_l:g} mg/L, cần từ 0 (expected at least 0)")
    part = fraction(temperature_c, ph)
    match form:
        case Form.TAN_AS_N:
            return amount_mg_l
        case Form.NH4_AS_N:
            return amount_mg_l / (1 - part)
        case Form.NH4:
            return amount_mg_l * N / NH4 / (1 - part)
        case Form.NH3_AS_N:
            return amount_mg_l / part
        case Form.NH3:
            return amount_mg_l * N / NH3 / part


def unionised_as_n(amount_mg_l: float, form: Form, temperature_c: float, ph: float) -> float:
    """Un-ionised ammonia, mg/L as N."""
    return total_as_n(amount_mg_l, form, temperature_c, ph) * fraction(temperature_c, ph)


def unionised(amount_mg_l: float, form: Form, temperature_c: float, ph: float) -> float:
    """Un-ionised ammonia, mg/L as NH3: what the commune's fish limits speak of."""
    return unionised_as_n(amount_mg_l, form, temperature_c, ph) * NH3 / N
