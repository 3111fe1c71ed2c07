"""The screen of the cameras: which can be trusted, how many people are where, what did it look like?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards import look, style
from dashboards import screen as common
from dashboards.style import at
from models.catalogue.analytics import ANALYTICS, Analytic
from models.catalogue.units import PRETTY

if TYPE_CHECKING:
    from grafana_foundation_sdk.builders import table, timeseries

    from dashboards.postgres_query import Sql

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
    return common.to_json(style.placed(made, (_zones(), states, _people(), pictures, *_others())))


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


def _limits_of(analytic: Analytic) -> list[Sql]:
    fills = {"analytic": analytic.value}
    return [("cameras_limits", fills), ("cameras_marks", fills)]


def _others() -> list[timeseries.Panel]:
    """A graph of each analytic but people, whose counts have roll-ups of their own: two beside one another, below all else."""
    found = []
    for i, row in enumerate(row for code, row in ANALYTICS.items() if code is not Analytic.PEOPLE):
        values: Sql = ("cameras_values", {"analytic": row.code.value})
        unit = PRETTY.get(row.unit, row.unit)
        graph = style.graph(
            f"{row.vi} theo vùng, cao nhất của mỗi quãng",
            f"{row.en} in each zone, the highest of each step, against the levels; a gap: not known",
            [values, *_limits_of(row.code)],
            f"suffix: {unit}",
            at(12 * (i % 2), 26 + 11 * (i // 2), 12, 11),
        )
        graph.show_points(style.POINTS).span_nulls(TOGETHER_MS).min(0)
        found.append(style.marks(style.limits(look.neutral(graph))))
    return found


def _people() -> timeseries.Panel:
    people = style.graph(
        "Số người theo vùng, đông nhất của mỗi quãng",
        "People in each zone, the most of each step, against the crowd levels; a gap: not known",
        ["cameras_people", *_limits_of(Analytic.PEOPLE)],
        "suffix: người",
        at(0, 15, 14, 11),
    )
    people.show_points(style.POINTS).span_nulls(TOGETHER_MS).min(0)
    return style.marks(style.limits(look.neutral(people)))
