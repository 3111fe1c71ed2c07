"""Water in the fish cages: temperature, oxygen, pH, turbidity. Pure; times in hours, local.

Oxygen is the balance of three: algae make it by day, fish and mud use it day and night, the air
gives it back. On a still, warm night the use wins and the minimum comes just before sunrise.
"""

from __future__ import annotations

import numpy as np

from infra.rehearsal.simulator.hydrology import BASE_M3_S, STEP_H, Series

SUNRISE_H, SUNSET_H = 5.6, 17.4
"""Huế in the middle of October."""
SPIN_UP_H = 18
"""The balance starts at 06:00 of the day before, so that the first midnight is already natural."""
MAKE_MG_L_H = 3.2
"""Most that the algae of a green river make at noon under a clear sky."""
USE_MG_L_H = 0.97
"""Fish of a full cage, and mud, at 27 C; it doubles every 10 C (Q10 = 2)."""
STILL_PER_H, FLOOD_PER_H, RAIN_PER_MM = 0.10, 0.35, 0.02
"""Reaeration: still water before the flood, fast water in it; drops and gusts stir the surface."""
WARM_C, FLOOD_C = 28.0, 24.6
"""The still river before, and the rain water from the hills."""


def saturation_mg_l(temperature_c: Series) -> Series:
    """Oxygen of fresh water in balance with the air at sea level (Elmore and Hayes, 1960)."""
    t = temperature_c
    return np.asarray(14.652 - 0.41022 * t + 0.007991 * t**2 - 7.7774e-5 * t**3)


def daylight(at: Series) -> Series:
    """Share of the noon sun, 0 at night."""
    day = (np.mod(at, 24) - SUNRISE_H) / (SUNSET_H - SUNRISE_H)
    return np.where((day > 0) & (day < 1), np.sin(np.pi * np.clip(day, 0, 1)), 0.0)


def flood_share(discharge: Series) -> Series:
    """0 before the flood, near 1 when the cages lie in flood water."""
    extra = discharge - BASE_M3_S
    return np.asarray(extra / (extra + 400.0))


def temperature_c(at: Series, flood: Series) -> Series:
    """A daily wave of 0.6 C with its top at 15:00, drawn to the flood's temperature."""
    calm = WARM_C + 0.6 * np.cos(2 * np.pi * (at - 15) / 24)
    return np.asarray(calm * (1 - flood) + FLOOD_C * flood)


def oxygen_mg_l(at: Series, discharge: Series, rain: Series, crowding: float) -> Series:
    """Dissolved oxygen by Euler steps of a minute; `crowding` scales what the cage uses."""
    before = np.arange(-SPIN_UP_H * 60, 0) * STEP_H
    full = np.concatenate([before, at])
    flood = np.concatenate([np.zeros(len(before)), flood_share(discharge)])
    cloud = np.concatenate([np.full(len(before), 0.1), np.clip(0.15 + rain / 10, 0, 0.9)])
    temperature = temperature_c(full, flood)
    make = MAKE_MG_L_H * daylight(full) * (1 - cloud)
    # Farmers stop feeding when the flood comes: the fish use less.
    use = USE_MG_L_H * crowding * 2 ** ((temperature - 27) / 10) * (1 - 0.4 * flood)
    drops = np.concatenate([np.zeros(len(before)), rain])
    back = STILL_PER_H + (FLOOD_PER_H - STILL_PER_H) * flood + RAIN_PER_MM * drops
    full_mg_l = saturation_mg_l(temperature)
    oxygen = np.empty_like(full)
    now = 4.0
    for i in range(len(full)):
        now += STEP_H * (make[i] - use[i] + back[i] * (full_mg_l[i] - now))
        oxygen[i] = now = max(now, 0.1)
    return oxygen[len(before) :]


def ph(oxygen: Series, flood: Series) -> Series:
    """Breathing makes carbonic acid: pH goes with oxygen, and to the rain's side in the flood."""
    return np.asarray((7.0 + 0.09 * oxygen) * (1 - flood) + 6.7 * flood)


def turbidity_ntu(discharge: Series) -> Series:
    """Silt runs ahead of the water: the first flush is browner than the same flow in recession."""
    ahead = np.concatenate([discharge[75:], np.full(75, discharge[-1])])
    return np.asarray(14.0 + 0.17 * np.maximum(ahead - BASE_M3_S, 0.0))
