"""VN_AQI: sub-indices, the index and its levels (Decision 1459/QD-TCMT of 12 November 2019).

Concentrations are in ug/m3, CO too. A missing concentration is None and gives no sub-index, never 0.
"""

from __future__ import annotations

import enum
from bisect import bisect_right
from typing import TYPE_CHECKING

import msgspec

from models.envelope.rounding import half_up

if TYPE_CHECKING:
    from collections.abc import Mapping


class Pollutant(enum.StrEnum):
    """What the Decision reckons with; the values are the parameters' codes of a station."""

    PM25 = "pm25"
    PM10 = "pm10"
    O3 = "o3"
    NO2 = "no2"
    SO2 = "so2"
    CO = "co"


INDEX = (0, 50, 100, 150, 200, 300, 400, 500)
"""I_1 to I_8 of the table of breakpoints (Decision 1459, table 2)."""
BREAKPOINTS: dict[Pollutant, tuple[float, ...]] = {
    Pollutant.PM25: (0, 25, 50, 80, 150, 250, 350, 500),
    Pollutant.PM10: (0, 50, 150, 250, 350, 420, 500, 600),
    Pollutant.O3: (0, 160, 200, 300, 400, 800, 1000, 1200),
    Pollutant.NO2: (0, 100, 200, 700, 1200, 2350, 3100, 3850),
    Pollutant.SO2: (0, 125, 350, 550, 800, 1600, 2100, 2630),
    Pollutant.CO: (0, 10_000, 30_000, 45_000, 60_000, 90_000, 120_000, 150_000),
}
"""BP_1 to BP_8; O3 is the mean of one hour. At or above the last the index is 500."""
OZONE_8H = (0, 100, 120, 170, 210, 400)
"""BP_1 to BP_6 of the mean of eight hours; above 400 only the one-hour mean counts."""
PARTICLES = (Pollutant.PM25, Pollutant.PM10)
"""One of them must be known, else there is no index."""


class Level(msgspec.Struct, frozen=True):
    """A level of the index up to `most`; `rgb` is the colour the Decision gives it."""

    number: int
    most: int
    vi: str
    en: str
    rgb: tuple[int, int, int]


LEVELS = (
    Level(1, 50, "Tốt", "good", (0, 228, 0)),
    Level(2, 100, "Trung bình", "moderate", (255, 255, 0)),
    Level(3, 150, "Kém", "poor", (255, 126, 0)),
    Level(4, 200, "Xấu", "bad", (255, 0, 0)),
    Level(5, 300, "Rất xấu", "very bad", (143, 63, 151)),
    Level(6, 500, "Nguy hại", "hazardous", (126, 0, 35)),
)


class Aqi(msgspec.Struct, frozen=True):
    """An index with the sub-indices it is the highest of; `dominant` has the highest one."""

    value: int
    dominant: Pollutant
    parts: dict[Pollutant, float]

    @property
    def level(self) -> Level:
        """The level of the rounded index."""
        return LEVELS[bisect_right([level.most for level in LEVELS], self.value - 1)]


def subindex(pollutant: Pollutant, ug_m3: float) -> float:
    """The sub-index of a concentration: linear between breakpoints, 0 to 500, not rounded."""
    return _between(BREAKPOINTS[pollutant], ug_m3)


def ozone_8h(ug_m3: float) -> float | None:
    """The sub-index of ozone's mean of eight hours; None above 400 ug/m3, where it does not count."""
    return _between(OZONE_8H, ug_m3) if ug_m3 <= OZONE_8H[-1] else None


def _between(points: tuple[float, ...], ug_m3: float) -> float:
    if ug_m3 >= points[-1]:
        return float(INDEX[len(points) - 1])
    i = bisect_right(points, max(0.0, ug_m3)) - 1
    share = (max(0.0, ug_m3) - points[i]) / (points[i + 1] - points[i])
    return INDEX[i] + share * (INDEX[i + 1] - INDEX[i])


def index(parts: Mapping[Pollutant, float | None]) -> Aqi | None:
    """The highest of the known sub-indices; None where neither PM2.5 nor PM10 is known."""
    known = {one: part for one, part in parts.items() if part is not None}
    if not any(particle in known for particle in PARTICLES):
        return None
    dominant = max(known, key=known.__getitem__)
    return Aqi(half_up(known[dominant]), dominant, known)
