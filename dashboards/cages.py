"""The cooperative's screen: how is each cage, how long until it is dangerous, what is to be done tonight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards import look, style
from dashboards import screen as common
from dashboards.style import ALARM, CALM, UNKNOWN, WARN, WATCH, at
from models.catalogue.states import State

if TYPE_CHECKING:
    from grafana_foundation_sdk.builders import table, timeseries

UID = "phusa-cages"
OXYGEN, MARKED = "dissolved_oxygen", "'dissolved_oxygen', 'oxygen_dawn'"
NO_HOURS = "không có trung bình giờ nào trong 3 giờ qua"
CLASSES = {"A": CALM, "B": CALM, "C": WATCH, "D": WARN, "dưới D": ALARM, "quá bảng 1": WARN}
"""What sql/cages_quality.sql says. QCVN 08:2023 calls A and B good; above table 1 is above what is safe for people."""


WATER = {**style.WORDS, style.said(State.NORMAL): CALM, "không có số mới": UNKNOWN, "chưa tới mức nào": CALM}
"""What sql/cages_water.sql says of a value."""


def to_json() -> str:
    """The screen, what is to be done first: the night is short."""
    made = common.screen(
        UID,
        "Cá lồng",
        "Caged fish: how is each cage, how long until it is dangerous, and what is to be done tonight?",
        choices=("hamlet", "station"),
        told={"cages_now": "cages_lights"},
    )
    lights = style.words(
        "Từng lồng", "Traffic lights of the cages; hatched: not known", "cages_now", at(0, 0, 24, 7)
    )
    return common.to_json(style.placed(made, (lights, _night(), _oxygen(), _water(), _quality())))


def _night() -> table.Panel:
    night = style.listing(
        "Đêm nay và việc phải làm",
        "Tonight at each cage, the silent ones too; the interval holds nine of ten nights; advice of the commune",
        "cages_night",
        at(0, 7, 24, 5),
        "không có lồng nào được chọn",
    )
    style.stated(night, width=160)
    pixels = {
        "Lồng": 150,
        "Ôxy": 130,
        "Đo lúc": 160,
        "Đang giảm": 150,
        "Lúc bình minh": 170,
        "Còn bao lâu": 200,
    }
    return style.widths(night, pixels)


def _oxygen() -> timeseries.Panel:
    oxygen = style.graph(
        "Ôxy ở từng lồng và dự báo lúc bình minh",
        "Oxygen of each cage, and what was forecast for sunrise at that time, against the commune's levels",
        [
            "cages_oxygen",
            "cages_dawn",
            "cages_bands",
            ("limits", {"parameter": OXYGEN}),
            ("marks", {"parameters": MARKED}),
        ],
        "suffix: mg/L",
        at(0, 12, 12, 15),
    )
    style.dashed(look.neutral(oxygen).axis_soft_min(0), r"/ · (bình minh|thấp nhất|cao nhất)/", None)
    return style.marks(style.limits(style.bands(oxygen)))


def _water() -> table.Panel:
    water = style.listing(
        "Nước ở lồng theo bảng của xã",
        "The cages' water against the commune's table; what the table does not say is not called good",
        "cages_water",
        at(12, 12, 12, 8),
        "xã chưa đặt mức nào cho lồng",
    )
    style.worded(water, "Tình trạng", WATER, 180)
    return style.widths(water, {"Lồng": 190, "Thông số": 230, "Giá trị": 130, "Mức của xã": 110, "Lúc": 90})


def _quality() -> table.Panel:
    quality = style.listing(
        "Chất lượng nước giờ qua, một phần",
        "QCVN 08:2023 by parameter; sub-indices of VN_WQI, no index",
        "cages_quality",
        at(12, 20, 12, 7),
        NO_HOURS,
    )
    style.worded(quality, "QCVN 08", CLASSES, 110)
    return style.widths(
        quality, {"Trạm": 170, "Thông số": 180, "Quá bao nhiêu": 120, "Chỉ số con": 100, "Giờ": 70}
    )
