"""Words and figures that the messages share: names of parameters, values with units, levels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from models.alerting.alert import AlertChange
    from models.commune.configuration import Commune, Level

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
# code: Vietnamese, English.
PARAMETERS = {
    "river_level": ("mực nước", "water level"),
    "street_depth": ("ngập đường", "street flooding"),
    "rain": ("mưa", "rain"),
    "dissolved_oxygen": ("oxy hòa tan", "dissolved oxygen"),
    "water_temperature": ("nhiệt độ nước", "water temperature"),
    "ph": ("pH", "pH"),
    "turbidity": ("độ đục", "turbidity"),
    "conductivity": ("độ dẫn điện", "conductivity"),
    "pm25": ("bụi PM2.5", "PM2.5"),
    "pm10": ("bụi PM10", "PM10"),
    "o3": ("ozon", "ozone"),
    "no2": ("NO2", "NO2"),
    "so2": ("SO2", "SO2"),
    "co": ("CO", "CO"),
    "air_temperature": ("nhiệt độ không khí", "air temperature"),
    "humidity": ("độ ẩm", "humidity"),
    "water_pixels": ("mặt nước trên ảnh", "water in the picture"),
}
DECIMALS = {"m": 2, "cm": 0, "mm": 1, "mg/L": 2, "pH": 2, "ug/m3": 0, "NTU": 0, "C": 1, "uS/cm": 0, "1": 0}
PRETTY = {"ug/m3": "µg/m³", "uS/cm": "µS/cm", "C": "°C", "1": "px"}
NAME_CHARACTERS = 24
"""A level's name is cut here; the longest of the example has 10."""

MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86400


@dataclass(frozen=True, slots=True)
class Mark:
    """The level a message speaks of and its raise limit, in the unit of the change."""

    name: str
    limit: float


def quantity(value: float, unit: str) -> str:
    """A value with its unit, with the decimals the unit deserves.

    >>> quantity(3.426, "m"), quantity(50.4, "ug/m3")
    ('3.43 m', '50 µg/m³')
    """
    return f"{figure(value, unit)} {PRETTY.get(unit, unit)}"


def figure(value: float, unit: str) -> str:
    """The figure alone; no "-0.00"."""
    decimals = DECIMALS.get(unit, 1)
    return f"{round(value, decimals) + 0.0:.{decimals}f}"


def comparison(value: float, mark: Mark, unit: str, words: tuple[str, str, str]) -> str:
    """Above or below the level and by how much, as the flood bulletins write it.

    Computed from the figures as printed, so that the reader's own subtraction agrees.

    >>> comparison(3.43, Mark("BĐ2", 3.0), "m", ("trên", "dưới", "ngang"))
    'trên BĐ2 0.43 m'
    """
    above, below, level = words
    difference = float(figure(value, unit)) - float(figure(mark.limit, unit))
    if float(figure(difference, unit)) == 0:
        return f"{level} {mark.name}"
    return f"{above if difference > 0 else below} {mark.name} {quantity(abs(difference), unit)}"


def mark_of(change: AlertChange, commune: Commune) -> Mark:
    """The level now in force; when all is over, the first level, from which the value is now away."""
    levels = sorted(_levels(change.rule, commune), key=lambda one: one.level)
    wanted = [one for one in levels if one.level == change.level] or levels[: change.level == 0]
    if not wanted:
        return Mark(f"mức {max(change.level, 1)}", change.limit)
    return Mark(wanted[0].name[:NAME_CHARACTERS].strip(), wanted[0].raise_at)


def _levels(rule: str, commune: Commune) -> list[Level]:
    return next((one.levels for one in commune.rules if one.id == rule), [])


def station_name(station: str, commune: Commune) -> str:
    """The station's name on one line; its id where the configuration has forgotten it."""
    name = next((one.name for one in commune.stations if one.id == station), station)
    return " ".join(name.split()) or station


def parameter_names(code: str) -> tuple[str, str]:
    """What is measured, in Vietnamese and English."""
    return PARAMETERS.get(code, (code, code))


def duration(seconds: float) -> tuple[str, str]:
    """A span for people, in Vietnamese and English; rounded down, "30 phút" is at least 30.

    >>> duration(1800), duration(3 * 3600)
    (('30 phút', '30 min'), ('3 giờ', '3 h'))
    """
    if seconds < 2 * HOUR_S:
        return f"{seconds // MINUTE_S:.0f} phút", f"{seconds // MINUTE_S:.0f} min"
    if seconds < 2 * DAY_S:
        return f"{seconds // HOUR_S:.0f} giờ", f"{seconds // HOUR_S:.0f} h"
    return f"{seconds // DAY_S:.0f} ngày", f"{seconds // DAY_S:.0f} days"
