"""Saturation of dissolved oxygen in fresh water (Decision 1460/QD-TCMT of 12 November 2019, formula of DO saturation)."""

from __future__ import annotations

COLDEST_C, WARMEST_C = 0.0, 50.0


def saturation_mg_l(temperature_c: float) -> float:
    """Oxygen that water at this temperature holds, mg/L. ValueError outside 0 to 50 C, where no polynomial was fitted."""
    if not COLDEST_C <= temperature_c <= WARMEST_C:
        msg = f"nhiệt độ {temperature_c:g} °C, cần {COLDEST_C:g}-{WARMEST_C:g} (temperature out of range)"
        raise ValueError(msg)
    t = temperature_c
    return 14.652 - 0.41022 * t + 0.0079910 * t**2 - 0.000077774 * t**3


def saturation_percent(oxygen_mg_l: float, temperature_c: float) -> float:
    """Dissolved oxygen as a part of what the water could hold, %."""
    return 100 * oxygen_mg_l / saturation_mg_l(temperature_c)
