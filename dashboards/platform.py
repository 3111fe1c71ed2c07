"""The screen of the platform itself: does everything run and keep up, how old is what we know, what was refused?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards import look, style
from dashboards import screen as common
from dashboards.style import ALARM, CALM, UNKNOWN, WARN, at

if TYPE_CHECKING:
    from grafana_foundation_sdk.builders import stat, table, timeseries

UID = "phusa-platform"
DISK_LOW, DISK_GETTING_LOW = 0.05, 0.15
"""Shares of a disk: PostgreSQL and Kafka both stop when none is left."""


def to_json() -> str:
    """The screen: what stands still first."""
    made = common.screen(
        UID,
        "Hệ thống",
        "The platform itself: does everything run and keep up, how old is what we know, and what was refused?",
        choices=("station",),
    )
    panels = (_ages(), _measures(), _disk(), _silent(), _flows(), _rates(), _lag(), _rejected(), _sensors())
    return common.to_json(style.placed(made, panels))


def _ages() -> table.Panel:
    ages = style.listing(
        "Số liệu mới nhất bao nhiêu tuổi",
        "Age of the newest datum of each source",
        "platform_ages",
        at(0, 0, 6, 7),
        "chưa có nguồn nào",
    )
    return style.widths(ages, {"Nguồn": 180})


def _measures() -> table.Panel:
    measures = style.listing(
        "Chương trình và máy",
        "Programs that do not run, restarts, disk, records that wait: as the housekeeper wrote each minute",
        "platform_measures",
        at(6, 0, 10, 7),
        "chưa biết gì về máy",
    )
    look.coloured(measures, "Bao nhiêu", look.beginning({"chưa biết": UNKNOWN, ".": "transparent"}))
    return style.widths(measures, {"Gì": 230})


def _disk() -> stat.Panel:
    colours = style.steps((None, ALARM), (DISK_LOW, WARN), (DISK_GETTING_LOW, CALM))
    return style.figure(
        "Đĩa còn trống",
        "Share of the disk that is free",
        "platform_disk",
        "percentunit",
        colours,
        at(16, 0, 4, 7),
        "chưa biết",
    )


def _silent() -> stat.Panel:
    return look.sentence(
        "Cảm biến không ổn",
        "Sensors that are silent or not well: counted in the list below",
        look.Counted("platform_sensors", "Trạng thái", "bình thường", "cảm biến"),
        at(20, 0, 4, 7),
        look.beginning({"không có": CALM, "\\d": WARN}),
    )


def _flows() -> table.Panel:
    flows = style.listing(
        "Các luồng (lúc này, không theo khoảng đang xem)",
        "Flows: counts since the beginning as of now, last write; what waits is of the window's end", "platform_flows", at(0, 7, 14, 7),
        "chưa luồng nào ghi gì",
    )  # fmt: skip
    counts = {
        "Đã đọc": 85,
        "Đã lưu": 85,
        "Từ chối": 75,
        "Trùng": 70,
        "Đứng yên": 85,
        "Bỏ qua": 75,
        "Còn chờ, cuối khoảng": 150,
    }
    return style.widths(flows, {"Luồng": 110, "Chủ đề": 100, **counts})


def _rejected() -> table.Panel:
    rejected = style.listing(
        "Bản tin bị từ chối trong khoảng đang xem", "Rejected records of the window by topic and reason; phusa rejected list",
        "platform_rejected", at(14, 7, 10, 7), "không có bản tin nào bị từ chối",
    )  # fmt: skip
    return style.widths(rejected, {"Chủ đề": 110, "Bản tin": 90, "Gửi lại": 90, "Mới nhất": 110})


def _rates() -> timeseries.Panel:
    rates = style.graph(
        "Bản tin lưu mỗi phút, từng luồng", "Records stored a minute by each flow", ["platform_rates"], "suffix: bản tin/phút",
        at(0, 14, 7, 12),
    )  # fmt: skip
    return look.neutral(rates).min(0).no_value("housekeeper chưa ghi số đếm nào trong khoảng này")


def _lag() -> timeseries.Panel:
    lag = style.graph(
        "Bản tin còn chờ, từng luồng",
        "Records that wait, by flow",
        ["platform_lag"],
        "suffix: bản tin",
        at(7, 14, 7, 12),
    )
    return look.neutral(lag).min(0).no_value("housekeeper chưa ghi số chờ nào trong khoảng này")


def _sensors() -> table.Panel:
    sensors = style.listing(
        "Từng cảm biến", "Each sensor's last word; what is not well first", "platform_sensors", at(14, 14, 10, 12),
        "chưa khai báo cảm biến nào",
    )  # fmt: skip
    style.worded(sensors, "Trạng thái", look.SENSOR_WORDS, 125)
    return style.widths(sensors, {"Trạm": 150, "Thông số": 120, "Số cuối": 85, "Đo": 95, "Tin cậy": 60})
