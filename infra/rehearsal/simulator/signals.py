"""The true value of each parameter through the storm day, and the instruments that read it. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from infra.rehearsal.simulator import air, hydrology, ponds
from infra.rehearsal.simulator.hydrology import STEP_H, Series
from models.alerting.words import decimals_of
from models.catalogue.parameters import PARAMETERS

CROWDING = (1.0, 0.9, 0.8)
"""What the cages of the first, second, third station use, against the model's cage."""


@dataclass(frozen=True, slots=True)
class Weather:
    """What all signals share, per minute: hours, rain over the basin (mm/h), discharge (m3/s)."""

    at: Series
    rain: Series
    discharge: Series


@dataclass(frozen=True, slots=True)
class Signal:
    """True value per minute, by weather and place; noise (standard deviation) and resolution of its instrument, in the parameter's unit."""

    value: Callable[[Weather, int], Series]
    noise: float
    resolution: float


def weather(severity: float, rng: np.random.Generator) -> Weather:
    """The storm: `severity` 1 peaks above alarm level III at Phú Ốc, 0.8 between II and III."""
    at = hydrology.hours_of_day()
    rain = hydrology.rain_mm_h(at, severity, rng)
    return Weather(at, rain, hydrology.discharge_m3_s(hydrology.runoff_mm_h(rain)))


def signal(day: Weather, parameter: str, place: int) -> Series:
    """True value of a parameter per minute; `place` numbers the stations that measure it from 0."""
    return _of(parameter).value(day, place)


def _of(parameter: str) -> Signal:
    """The model, else the usual value of the catalogue; ValueError where there is neither."""
    if parameter in SIGNALS:
        return SIGNALS[parameter]
    row = PARAMETERS.get(parameter)
    if row is None or row.usual is None:
        msg = f"the storm day has no signal for the parameter {parameter!r}; known: {', '.join(sorted(SIGNALS))}"
        raise ValueError(msg)
    usual, resolution = row.usual, 10.0 ** -decimals_of(row.unit, parameter)
    # Crest to trough is about four standard deviations.
    return Signal(lambda day, _: np.full(len(day.at), usual), (row.noise or 0.0) / 4, resolution)


def _oxygen(day: Weather, place: int) -> Series:
    return ponds.oxygen_mg_l(day.at, day.discharge, day.rain, CROWDING[place % len(CROWDING)])


def _conductivity(day: Weather, _: int) -> Series:
    # Rain water thins the salts of the still river.
    flood = ponds.flood_share(day.discharge)
    return np.asarray(95.0 * (1 - flood) + 40.0 * flood)


SIGNALS: dict[str, Signal] = {
    # A radar gauge: 1 cm steps, ripples below.
    "river_level": Signal(lambda day, _: hydrology.level_m(day.discharge), 0.006, 0.01),
    # What has fallen since midnight; a reading is the difference between two of them. A tipping bucket of 0.2 mm.
    "rain": Signal(lambda day, _: np.asarray(np.cumsum(day.rain) * STEP_H), 0.0, 0.2),
    "dissolved_oxygen": Signal(_oxygen, 0.03, 0.01),
    "water_temperature": Signal(
        lambda day, _: ponds.temperature_c(day.at, ponds.flood_share(day.discharge)), 0.05, 0.1
    ),
    "ph": Signal(
        lambda day, place: ponds.ph(_oxygen(day, place), ponds.flood_share(day.discharge)), 0.02, 0.01
    ),
    "turbidity": Signal(lambda day, _: ponds.turbidity_ntu(day.discharge), 1.5, 0.1),
    "conductivity": Signal(_conductivity, 1.0, 0.1),
    "pm25": Signal(lambda day, _: air.pm25_ug_m3(day.at, day.rain), 1.2, 0.1),
    "pm10": Signal(lambda day, _: air.pm10_ug_m3(air.pm25_ug_m3(day.at, day.rain), day.rain), 1.6, 0.1),
    "air_temperature": Signal(lambda day, _: air.temperature_c(day.at, day.rain), 0.1, 0.1),
    "humidity": Signal(
        lambda day, _: air.humidity_percent(air.temperature_c(day.at, day.rain), day.rain), 0.5, 0.1
    ),
}
"""What the storm day can play, by parameter of the catalogue."""


def read(parameter: str, true: Series, minutes: Series, rng: np.random.Generator) -> Series:
    """What the instrument shows at those minutes: noise, then its resolution."""
    instrument = _of(parameter)
    at = np.interp(minutes, np.arange(len(true)), true)
    if parameter == "rain":
        tips = np.floor(at / instrument.resolution + 1e-9)
        return np.asarray(
            np.round(np.diff(tips, prepend=tips[0]) * instrument.resolution, 1),
            dtype=np.float64,
        )
    noisy = at + rng.normal(0.0, 1.0, len(at)) * instrument.noise
    steps = np.round(noisy / instrument.resolution) * instrument.resolution
    return np.asarray(np.round(np.maximum(steps, 0.0), 4), dtype=np.float64)
