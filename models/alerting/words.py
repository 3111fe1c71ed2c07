"""Words and figures that the messages share: names of parameters, values with units, levels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from models.commune.place import levels_of, zone_name

if TYPE_CHECKING:
    from models.alerting.alert import AlertChange
    from models.commune.configuration import Commune

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
OTHERS = {"picture": ("hình ảnh", "picture"), "payment": ("khoản tiền", "payment")}
"""What cameras and the endpoint are spoken of by."""
DECIMALS = {
    "m": 2,
    "cm": 0,
    "mm": 1,
    "mg/L": 2,
    "pH": 2,
    "ug/m3": 0,
    "NTU": 0,
    "C": 1,
    "uS/cm": 0,
    "1": 0,
    "people": 0,
}
PRETTY = {"ug/m3": "µg/m³", "uS/cm": "µS/cm", "C": "°C", "1": "px", "people": "người", "VND": "đ"}
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
    if unit == "VND":
        return f"{value:,.0f}".replace(",", ".")  # thousands as Vietnam writes them
    decimals = DECIMALS.get(unit, 1)
    return f"{round(value, decimals) + 0.0:.{decimals}f}"


def comparison(value: float, mark: Mark, unit: str, words: tuple[str, str, str]) -> str:
    """Above or below the level and by how much, as the flood bulletins write it.

    Computed from the figures as printed, so that the reader's own subtraction agrees.

    >>> comparison(3.43, Mark("BĐ2", 3.0), "m", ("trên", "dưới", "ngang"))
    'trên BĐ2 0.43 m'
    """
    above, below, level = words
    decimals = DECIMALS.get(unit, 0 if unit == "VND" else 1)
    difference = round(round(value, decimals) - round(mark.limit, decimals), decimals)
    if difference == 0:
        return f"{level} {mark.name}"
    return f"{above if difference > 0 else below} {mark.name} {quantity(abs(difference), unit)}"


def mark_of(change: AlertChange, commune: Commune) -> Mark:
    """The level now in force; when all is over, the first level, from which the value is now away."""
    levels = sorted(levels_of(change.rule, commune), key=lambda one: one.level)
    wanted = [one for one in levels if one.level == change.level] or levels[: change.level == 0]
    if not wanted:
        return Mark(f"mức {max(change.level, 1)}", change.limit)
    return Mark(wanted[0].name[:NAME_CHARACTERS].strip(), wanted[0].raise_at)


def parameter_names(change: AlertChange, commune: Commune) -> tuple[str, str]:
    """What is measured, in Vietnamese and English; a zone goes by its name in both."""
    zone = zone_name(change.station, change.parameter, commune)
    if zone is not None:
        return zone, zone
    return (PARAMETERS | OTHERS).get(change.parameter, (change.parameter, change.parameter))


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
