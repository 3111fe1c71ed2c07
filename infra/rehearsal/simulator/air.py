"""Air above the village: PM2.5 and PM10 with two daily peaks and rain that washes it. Pure."""

from __future__ import annotations

import numpy as np

from infra.rehearsal.simulator.hydrology import STEP_H, Series

CALM_UG_M3 = 24.0
"""Between the peaks, near the yearly mean that stations of Huế and Đà Nẵng report."""
MORNING = (4.95, 1.0, 112.0)
"""Hour, width, height: cooking, traffic and straw smoke under the night's inversion."""
EVENING = (18.8, 1.3, 38.0)
MIX_H = 0.7
"""How fast the air over the village is replaced."""
WASH_PER_MM = 0.10
"""Share scavenged per hour by 1 mm/h; grows with intensity to the power 0.8."""
COARSE_UG_M3, COARSE_RATIO = 9.0, 1.25
"""PM10 is PM2.5 and road dust; the dust stays down when it rains."""


def pm25_ug_m3(at: Series, rain: Series) -> Series:
    """A box of air: sources with two peaks, exchange, and wash-out by rain."""
    steady = CALM_UG_M3 + sum(
        (top * np.exp(-0.5 * ((at - hour) / width) ** 2) for hour, width, top in (MORNING, EVENING)),
        np.zeros_like(at),
    )
    wash = WASH_PER_MM * rain**0.8
    dust = np.empty_like(at)
    now = float(steady[0])
    for i in range(len(at)):
        now += STEP_H * ((steady[i] - now) / MIX_H - 4 * wash[i] * now)
        dust[i] = now = max(now, 1.0)
    return dust


def pm10_ug_m3(pm25: Series, rain: Series) -> Series:
    """PM2.5 with the coarse part above it."""
    return np.asarray(COARSE_RATIO * pm25 + COARSE_UG_M3 * np.exp(-rain))


def temperature_c(at: Series, rain: Series) -> Series:
    """Air temperature: a wave with its top at 14:00; the front takes three degrees."""
    cold = 3.0 * (1 - np.exp(-np.cumsum(rain) * STEP_H / 40))
    return np.asarray(26.5 + 2.5 * np.cos(2 * np.pi * (at - 14) / 24) - cold)


def humidity_percent(temperature: Series, rain: Series) -> Series:
    """Relative humidity falls 4 points a degree, and is near 98 % in rain."""
    dry = np.clip(96 - 4.0 * (temperature - 23), 40, 97)
    wet = 1 - np.exp(-rain / 3)
    return np.asarray(dry * (1 - wet) + 98 * wet)
