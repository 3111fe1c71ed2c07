"""The parts of the wall that cameras and payments fill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grafana_foundation_sdk.models import dashboard as model

from dashboards import style
from dashboards.style import GOOD, UNKNOWN, WARN, WATCH, at

if TYPE_CHECKING:
    from grafana_foundation_sdk.cog.builder import Builder

MILLIONS = "suffix: triệu đ"
TOGETHER_MS = 3_600_000
"""Counts of two cameras are not of the same second: a gap shorter than an hour is drawn through, a frozen camera's is not."""


def people(top: int) -> list[Builder[model.Panel]]:
    """How many people stand where, which cameras can be trusted, and what an alarm looked like."""
    count = style.graph(
        "Số người theo vùng", "People in each zone against the crowd levels", ["people", "people_limits"], "none",
        at(0, top, 10, 9),
    )  # fmt: skip
    count.show_points(style.POINTS).span_nulls(TOGETHER_MS)
    zones = style.listing("Vùng camera", "Each zone's last count; ? where the camera cannot be trusted", "zones",
                          at(10, top, 7, 9))  # fmt: skip
    states = {"bình thường": GOOD, "ĐỨNG HÌNH": UNKNOWN, "MẤT TÍN HIỆU": UNKNOWN, "CHƯA CÓ HÌNH": UNKNOWN}
    style.worded(zones, "Trạng thái", states)
    for name, width in {"Camera": 150, "Vùng": 85, "Số người": 75, "Trạng thái": 120}.items():
        style.column(zones, name, width=width)
    pictures = style.listing(
        "Ảnh lúc đông người", "Pictures of the moments of alarm, people pixelated", "snapshots",
        at(17, top, 7, 9), "chưa có ảnh",
    )  # fmt: skip
    for name, width in {"Lúc": 105, "Camera": 120, "Số người": 85}.items():
        style.column(pictures, name, width=width)
    style.pictures(pictures, "Ảnh")
    levels = {r"/^mức đông/": WATCH, r"/^mức quá đông/": WARN}
    return [style.limit_lines(count, levels), zones, pictures]


def money(top: int) -> list[Builder[model.Panel]]:
    """What is paid without cash: by hour and hamlet, against the targets, and what deserves a second look."""
    hours = style.graph(
        "Tiền nhận mỗi giờ theo thôn", "Money received an hour, by hamlet, net of refunds", ["money_hours"], MILLIONS,
        at(0, top, 10, 9),
    )  # fmt: skip
    hours.draw_style(style.BARS).fill_opacity(70).stacking(style.stacked())
    hamlets = style.listing("Thanh toán theo thôn", "Payments by hamlet", "money_hamlets", at(10, top, 7, 5))
    targets = style.listing(
        "Không tiền mặt so với mục tiêu", "Shares without cash against the commune's targets", "money_targets",
        at(10, top + 5, 7, 4),
    )  # fmt: skip
    odd = style.listing(
        "Khoản cần xem lại",
        "Payments for a person, odd ones, those that name no fee",
        "money_odd",
        at(17, top, 7, 9),
        "không có",
    )
    for name, width in {"Thôn": 150, "Số khoản": 90, "Đồng": 150}.items():
        style.column(hamlets, name, width=width)
    for name in ("Tỷ lệ", "Cần"):
        style.column(targets, name, unit="percentunit", width=70)
    style.column(targets, "Mục tiêu", width=195)
    style.column(targets, "Đạt", width=100)
    style.worded(targets, "Kết quả", {"đạt": GOOD, "chưa đạt": WATCH})
    for name, width in {"Lúc": 105, "Nơi thu": 150, "Số tiền": 110}.items():
        style.column(odd, name, width=width)
    return [hours, hamlets, targets, odd]
