"""The screen of the cameras: which can be trusted, how many people are where, what did it look like?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards import look, style
from dashboards import screen as common
from dashboards.style import at

if TYPE_CHECKING:
    from grafana_foundation_sdk.builders import table, timeseries

UID = "phusa-cameras"
TOGETHER_MS = 3_600_000
"""Counts of two cameras are not of the same second: a gap shorter than an hour is drawn through, an unknown one is a gap."""


def to_json() -> str:
    """The screen: states and counts on the left, what it looked like on the right."""
    made = common.screen(
        UID,
        "Camera",
        "Cameras: which of them can be trusted, how many people are where, and what did it look like?",
        choices=("hamlet", "camera"),
        told={"cameras_last": "cameras_pictures"},
    )
    states = look.states_over_time(
        "Tình trạng từng vùng theo thời gian",
        "State of each zone over time, unknown too; a lane ends with its last count",
        "cameras_states",
        at(0, 7, 14, 8),
    )
    pictures = style.words(
        "Ảnh mới nhất, người đã được che", "The newest kept picture of each camera, people pixelated; a camera without one says so",
        "cameras_last", at(14, 0, 10, 26),
    )  # fmt: skip
    return common.to_json(style.placed(made, (_zones(), states, _people(), pictures)))


def _zones() -> table.Panel:
    zones = style.listing(
        "Từng vùng bây giờ",
        "Each zone now, the worst first; those without a picture too",
        "cameras_zones",
        at(0, 0, 14, 7),
        "không có camera nào được chọn",
    )
    style.stated(zones)
    return style.widths(zones, {"Vùng": 300, "Số người": 110, "Đếm": 140})


def _people() -> timeseries.Panel:
    people = style.graph(
        "Số người theo vùng, đông nhất của mỗi quãng",
        "People in each zone, the most of each step, against the crowd levels; a gap: not known",
        ["cameras_people", "cameras_limits", "cameras_marks"],
        "suffix: người",
        at(0, 15, 14, 11),
    )
    people.show_points(style.POINTS).span_nulls(TOGETHER_MS).min(0)
    return style.marks(style.limits(look.neutral(people)))
