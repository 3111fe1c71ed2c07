"""A flood on the Bồ: rain, runoff, unit hydrograph, discharge, water level. Pure; times in hours, local.

The constants are of the right size for the river, not a calibration: the Bồ drains about 940 km2,
most of it steep forest above Cổ Bi, and floods at Phú Ốc rise within hours of a burst of rain.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Series = NDArray[np.float64]

STEP_H = 1 / 60
"""All true series stand on a grid of one minute."""
AREA_KM2 = 900.0
MM_H_KM2_TO_M3_S = 1 / 3.6
"""1 mm/h on 1 km2 is 1000 m3/h."""
CURVE_NUMBER = 85.0
"""SCS curve number of forest soil after weeks of rain (wet antecedent condition, October)."""
BASE_M3_S = 60.0
RESERVOIRS, STORAGE_H, TRAVEL_H = 2, 2.6, 0.6
"""Nash cascade: two linear reservoirs of 2.6 h after 0.6 h of travel; the rain's centre of mass
reaches the gauge 5.8 h later."""
BED_M, RATING, EXPONENT = 0.5, 0.075, 0.5
"""Stage from discharge, h = 0.5 + 0.075 sqrt(Q): 60 m3/s stand at 1.1 m, 3,400 m3/s at 4.9 m."""


@dataclass(frozen=True, slots=True)
class Burst:
    """A bell of rain: centre and half-width (standard deviation) in hours, top in mm/h."""

    centre_h: float
    width_h: float
    top_mm_h: float


STORM = (Burst(8.2, 1.1, 13.0), Burst(11.0, 1.8, 28.5), Burst(15.0, 1.5, 5.0))
"""A cold front over a low pressure: a first line, the main rain, a tail; about 200 mm in a day."""


def hours_of_day(hours: int = 24) -> Series:
    """The minutes of a day as hours, both ends included."""
    return np.asarray(np.arange(hours * 60 + 1) * STEP_H, dtype=np.float64)


def rain_mm_h(at: Series, severity: float, rng: np.random.Generator) -> Series:
    """Rain over the basin: the storm's bursts, ragged by cells of about ten minutes."""
    smooth = np.zeros_like(at)
    for burst in STORM:
        smooth += burst.top_mm_h * np.exp(-0.5 * ((at - burst.centre_h) / burst.width_h) ** 2)
    # Gamma of mean 1: rain is never negative, and single cells reach twice the mean.
    cells = np.repeat(rng.gamma(8.0, 1 / 8.0, len(at) // 10 + 1), 10)[: len(at)]
    ragged = np.where(smooth * cells < 0.05, 0.0, smooth * cells)
    # The seed moves the cells, `severity` alone sets the day's total.
    return np.asarray(severity * ragged * smooth.sum() / ragged.sum(), dtype=np.float64)


def runoff_mm_h(rain: Series) -> Series:
    """The part of the rain that runs off (SCS curve number on the cumulated rain)."""
    storage_mm = 25_400 / CURVE_NUMBER - 254
    fallen = np.maximum(np.cumsum(rain) * STEP_H - 0.2 * storage_mm, 0.0)
    run = fallen**2 / (fallen + storage_mm)
    return np.asarray(np.diff(run, prepend=0.0) / STEP_H)


def unit_hydrograph(length: int) -> Series:
    """The basin's answer to a burst, per minute; its sum is 1 (no water is made or lost)."""
    at = np.arange(length) * STEP_H - TRAVEL_H
    wet = np.maximum(at, 0.0)
    answer = wet ** (RESERVOIRS - 1) * np.exp(-wet / STORAGE_H) * (at > 0)
    return np.asarray(answer / answer.sum())


def discharge_m3_s(runoff: Series) -> Series:
    """Discharge at the gauge: base flow and the runoff through the unit hydrograph."""
    answer = unit_hydrograph(len(runoff))
    return np.asarray(BASE_M3_S + AREA_KM2 * MM_H_KM2_TO_M3_S * np.convolve(runoff, answer)[: len(runoff)])


def level_m(discharge: Series) -> Series:
    """Water level at the gauge from the rating curve."""
    return np.asarray(BED_M + RATING * discharge**EXPONENT)
