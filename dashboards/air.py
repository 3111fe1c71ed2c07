"""The screen of the air: is it fit to breathe, hour by hour, and which dust is it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards import look, style
from dashboards import screen as common
from dashboards.style import at

if TYPE_CHECKING:
    from grafana_foundation_sdk.builders import table, text, timeseries

UID = "phusa-air"
DUST = "suffix: µg/m³"


def to_json() -> str:
    """The screen: the index now, its hours, and the dust behind it."""
    made = common.screen(
        UID,
        "Không khí",
        "Air: is it fit to breathe now, how was it hour by hour, and is it dust or moisture?",
        choices=("hamlet", "station"),
        told={"air_now": ("air_now", {"levels": look.aqi_rows()})},
    )
    return common.to_json(style.placed(made, (_now(), _places(), _index(), _hours(), _dust(), _sensors())))


def _now() -> text.Panel:
    return style.words(
        "VN_AQI giờ mới nhất",
        "Newest hourly VN_AQI of each station in the colours of Decision 1459; none for two hours: hatched grey",
        "air_now",
        at(0, 0, 8, 9),
    )


def _places() -> table.Panel:
    places = style.listing(
        "Mỗi trạm một câu",
        "One sentence of each air station",
        "air_places",
        at(8, 0, 16, 3),
        "chưa khai báo trạm không khí",
    )
    return style.widths(style.stated(places), {"Trạm": 220})


def _sensors() -> table.Panel:
    sensors = style.listing(
        "Máy đo ở trạm", "The instruments of the stations: last value and its age", "air_sensors", at(8, 3, 16, 6),
        "chưa khai báo máy đo nào",
    )  # fmt: skip
    style.worded(sensors, "Máy đo", look.SENSOR_WORDS, 200)
    return style.widths(sensors, {"Trạm": 220, "Thông số": 180})


def _index() -> timeseries.Panel:
    index = style.graph(
        "VN_AQI từng giờ",
        "Hourly VN_AQI, each bar in its level's official colour; a bar ends at its hour",
        ["air_index"],
        "suffix: VN_AQI",
        at(0, 9, 12, 9),
    )
    return look.by_value(index, look.aqi_steps()).min(0).interval("1h")


def _dust() -> timeseries.Panel:
    dust = style.graph(
        "Bụi PM2.5 trung bình giờ: thô và khô",
        "Hourly PM2.5 as sent, and without the water that humid air puts on it; the commune's levels",
        ["air_dust", ("limits", {"parameter": "pm25"}), ("marks", {"parameters": "'pm25'"})],
        DUST,
        at(0, 18, 12, 9),
    )
    dust.show_points(style.POINTS)
    return style.marks(style.limits(style.dashed(look.neutral(dust), "/ · khô/")))


def _hours() -> table.Panel:
    hours = style.listing(
        "Từng giờ, giờ mới trước",
        "Hour by hour, the newest first: index, level, the pollutant that made it, dust as sent and dry",
        "air_hours",
        at(12, 9, 12, 18),
        "không có giờ nào đủ số liệu trong khoảng đang xem",
    )
    look.coloured(hours, "VN_AQI", look.aqi_words(named=False), 80)
    look.coloured(hours, "Mức", look.aqi_words(), 110)
    return style.widths(hours, {"Giờ tới": 110, "Trạm": 180, "Do chất": 95, "PM2.5": 100, "PM2.5 khô": 100})
