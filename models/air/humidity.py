"""Humidity and cheap particle sensors: a light-scattering sensor also counts the water that particles drew.

Kappa-Koehler growth as Crilley et al. (2018, doi 10.5194/amt-11-709-2018) apply it to low-cost sensors. The raw value stays what is
judged; the dry one stands beside it.
"""

from __future__ import annotations

DENSITY = 1.65
"""Of dry particles, g/cm3."""
WETTEST = 95.0
"""%; beyond, a fault of one percent in the humidity changes the result by a fifth: there is no dry value."""


def dry(mass: float, humidity: float, kappa: float) -> float | None:
    """Mass of the dry particles, in the unit of `mass`, at `humidity` (%); `kappa` is their hygroscopicity (0 to 1).

    None above WETTEST, where nobody can tell, and for a humidity that is none.
    """
    if not 0 <= humidity <= WETTEST:
        return None
    if humidity == 0:
        return mass
    activity = humidity / 100
    return mass / (1 + kappa / DENSITY / (1 / activity - 1))
