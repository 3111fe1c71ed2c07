"""Words and figures that the messages share: names of parameters, values with units, levels."""

from __future__ import annotations

import re
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
    "oxygen_saturation": ("độ bão hòa oxy", "oxygen saturation"),
    "nh3": ("NH3", "NH3"),
    "tan_n": ("tổng amoni (TAN-N)", "total ammonia nitrogen"),
    "ammonium_n": ("amoni (N-NH4)", "ammonium nitrogen"),
    "nh4": ("amoni (NH4)", "ammonium"),
    "h2s": ("H2S", "H2S"),
    "nitrite": ("nitrit (NO2)", "nitrite"),
    "nitrite_n": ("nitrit (N-NO2)", "nitrite nitrogen"),
    "nitrate_n": ("nitrat (N-NO3)", "nitrate nitrogen"),
    "phosphate_p": ("phosphat (P-PO4)", "phosphate phosphorus"),
    "chloride": ("clorua", "chloride"),
    "fluoride": ("florua", "fluoride"),
    "cyanide": ("xyanua", "cyanide"),
    "arsenic": ("asen", "arsenic"),
    "cadmium": ("cadmi", "cadmium"),
    "lead": ("chì", "lead"),
    "chromium_vi": ("crom VI", "chromium VI"),
    "copper": ("đồng", "copper"),
    "zinc": ("kẽm", "zinc"),
    "nickel": ("niken", "nickel"),
    "manganese": ("mangan", "manganese"),
    "mercury": ("thủy ngân", "mercury"),
    "iron": ("sắt", "iron"),
    "surfactants": ("chất hoạt động bề mặt", "surfactants"),
    "oil_grease": ("dầu mỡ", "oil and grease"),
    "bod5": ("BOD5", "BOD5"),
    "cod": ("COD", "COD"),
    "toc": ("TOC", "TOC"),
    "tss": ("TSS", "TSS"),
    "total_nitrogen": ("tổng N", "total nitrogen"),
    "total_phosphorus": ("tổng P", "total phosphorus"),
    "secchi": ("độ trong", "transparency"),
    "current_speed": ("tốc độ dòng chảy", "current"),
    "oxygen_fall": ("oxy giảm mỗi giờ", "fall of oxygen"),
    "oxygen_dawn": ("oxy bình minh (dự báo)", "oxygen at sunrise (forecast)"),
    "river_rise": ("tốc độ nước lên", "rate of rise"),
    **{f"rain_{hours}h": (f"mưa {hours} giờ", f"rain of {hours} h") for hours in (1, 3, 6, 12, 24)},
    "street_10min": ("ngập đường trong 10 phút tới", "street flooding in the next 10 min"),
    "street_30min": ("ngập đường trong 30 phút tới", "street flooding in the next 30 min"),
    "vn_aqi": ("VN_AQI giờ", "hourly VN_AQI"),
    "vn_aqi_day": ("VN_AQI ngày", "daily VN_AQI"),
    "flooded": ("người dân báo ngập", "flooded, a person says"),
    "reservoir_release": ("lưu lượng xả hồ", "reservoir release"),
}
FORECASTS = frozenset({"street_10min", "street_30min"})
"""A straight line of some minutes: that it leads beyond a limit is worth telling, how far is not."""
OTHERS = {
    "picture": ("hình ảnh", "picture"),
    "payment": ("khoản tiền", "payment"),
    "flood": ("ngập", "flood"),
}
"""What cameras and the endpoint are spoken of by."""
KINDS = {
    "river": ("mực nước", "water"),
    "oxygen": ("oxy", "oxygen"),
    "air": ("không khí", "air"),
    "silent": ("mất tín hiệu", "silent"),
    "frozen": ("đứng hình", "frozen"),
    "untrusted": ("không tin được", "untrusted"),
    "rain": ("mưa", "rain"),
    "fish": ("cá lồng", "fish"),
    "flood": ("ngập", "flood"),
    "blind": ("không nhìn thấy", "blind"),
    "crowd": ("đông người", "crowd"),
    "payment": ("khoản tiền", "payment"),
    "clock": ("đồng hồ trạm sai", "clock"),
    "outage": ("sự cố hệ thống", "outage"),
}
"""Kinds of alerts in a list or a legend."""
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
    "px": 0,
    "people": 0,
    "m/h": 2,
    "mg/L/h": 2,
    "m/s": 2,
    "m3/s": 0,
    "%": 0,
    "h": 1,
    "AQI": 0,
}
PRETTY = {
    "ug/m3": "µg/m³",
    "uS/cm": "µS/cm",
    "C": "°C",
    "1": "",
    "people": "người",
    "VND": "đ",
    "m3/s": "m³/s",
    "AQI": "",
}
_AGAINST = {"vi": ("trên", "dưới", "ngang"), "en": ("above", "below", "at")}
_NUMBERED = re.compile(r"(^|\s)[\d-]+$")
"""A level's name whose last word is a number."""
NAME_CHARACTERS = 24
"""A level's name is cut here; the longest of the example has 10."""

MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86400


@dataclass(frozen=True, slots=True)
class Mark:
    """The level a message speaks of and its raise limit, in the unit of the change."""

    name: str
    limit: float


def quantity(value: float, unit: str, language: str) -> str:
    """A value with its unit, with the decimals the unit deserves.

    >>> quantity(3.426, "m", "vi"), quantity(50.4, "ug/m3", "vi"), quantity(1e6, "VND", "vi")
    ('3,43 m', '50 µg/m³', '1.000.000 đ')
    """
    decimals = 0 if unit == "VND" else DECIMALS.get(unit, 1)
    text = f"{round(value, decimals) + 0.0:{',' if unit == 'VND' else ''}.{decimals}f}"
    if language == "vi":
        text = text.translate(_VIETNAMESE)
    return f"{text} {PRETTY.get(unit, unit)}".rstrip()


_VIETNAMESE = str.maketrans(",.", ".,")
"""A decimal comma, and a point between thousands."""


def comparison(value: float, mark: Mark, unit: str, language: str) -> str:
    """Above or below the level and by how much, as the flood bulletins write it.

    Computed from the figures as printed, so that the reader's own subtraction agrees.

    >>> comparison(3.43, Mark("BĐ2", 3.0), "m", "vi")
    'trên BĐ2 0,43 m'
    """
    above, below, level = _AGAINST[language]
    decimals = DECIMALS.get(unit, 0 if unit == "VND" else 1)
    difference = round(round(value, decimals) - round(mark.limit, decimals), decimals)
    if difference == 0:
        return f"{level} {mark.name}"
    side, amount = above if difference > 0 else below, quantity(abs(difference), unit, language)
    if _NUMBERED.search(mark.name) is None:
        return f"{side} {mark.name} {amount}"
    # "dưới mức 1 0,08 mg/L" would read as two figures.
    return f"{side} {mark.name}: {amount}"


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
    """A span for people, in Vietnamese and English; rounded down, "30 phút" is at least 30, and never below 0.

    >>> duration(1800), duration(3 * 3600)
    (('30 phút', '30 min'), ('3 giờ', '3 h'))
    """
    seconds = max(0.0, seconds)
    if seconds < 2 * HOUR_S:
        return f"{seconds // MINUTE_S:.0f} phút", f"{seconds // MINUTE_S:.0f} min"
    if seconds < 2 * DAY_S:
        return f"{seconds // HOUR_S:.0f} giờ", f"{seconds // HOUR_S:.0f} h"
    return f"{seconds // DAY_S:.0f} ngày", f"{seconds // DAY_S:.0f} days"


def kind_name(kind: str) -> str:
    """A kind of alert for people, "ngập (flood)"; one that a newer version wrote stands as it is."""
    names = KINDS.get(kind)
    return f"{names[0]} ({names[1]})" if names else kind
