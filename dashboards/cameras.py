"""The screen of the cameras: which can be trusted, where is water and how deep, how many people are where, what did it look like?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards import look, style, water
from dashboards import screen as common
from dashboards.style import at
from models.catalogue.analytics import ANALYTICS, Analytic
from models.catalogue.states import State
from models.catalogue.units import PRETTY

if TYPE_CHECKING:
    from grafana_foundation_sdk.builders import table, timeseries

    from dashboards.postgres_query import Sql

UID = "phusa-cameras"
TOGETHER_MS = 3_600_000
"""Counts of two cameras are not of the same second: a gap shorter than an hour is drawn through, an unknown one is a gap."""
NOT_ONE_BY_ONE = {"chưa dạy": style.UNKNOWN, "không rõ nước": style.UNKNOWN, "chưa có hình": style.UNKNOWN}
"""What a zone is said to be in the place of a state, where nothing can be known yet (apart_at)."""


def to_json() -> str:
    """The screen: what is wrong first; water, then how the cameras are, then people."""
    made = common.screen(
        UID,
        "Camera",
        "Cameras: which of them can be trusted, where is water, how many people are where, and what did it look like?",
        choices=("hamlet", "camera"),
        told={"cameras_top": "cameras_head", "cameras_last": "cameras_pictures"},
    )
    head = style.words(
        "", "Whether the machine holds all cameras; how many are how", "cameras_top", at(0, 0, 24, 2)
    )
    pictures = style.words(
        "Ảnh mới nhất, nước đã vẽ vào, người đã được che", "The newest kept picture of each camera, the worst first: blue is water that counts, grey what only the net says; people pixelated; a camera without one says so",
        "cameras_last", at(14, 2, 10, 26),
    )  # fmt: skip
    states = look.states_over_time(
        "Tình trạng từng vùng theo thời gian",
        "State of each zone over time, unknown too, the twelve worst; a lane ends with its last count",
        "cameras_states",
        at(12, 45, 12, 10),
    )
    panels = (
        head, _zones(), pictures, water.lanes(at(0, 11, 14, 8)), water.share(at(0, 19, 14, 9)),
        water.depth(at(0, 28, 8, 8)), water.level(at(8, 28, 8, 8)), water.sureness(at(16, 28, 8, 8)),
        _pace(), _health(), _people(), states, *_others(),
    )  # fmt: skip
    return common.to_json(style.placed(made, panels))


def _zones() -> table.Panel:
    zones = style.listing(
        "Từng vùng bây giờ",
        "Each zone now, the worst first; those without a picture too",
        "cameras_zones",
        at(0, 2, 14, 9),
        "không có camera nào được chọn",
    )
    style.worded(
        zones,
        "Tình trạng",
        {**style.WORDS, style.said(State.NORMAL): style.CALM, style.NO_DATA: style.CALM, **NOT_ONE_BY_ONE},
        180,
    )
    style.worded(zones, "Nước", water.WORDS, 120)
    return style.widths(zones, {"Vùng": 270, "Bây giờ": 80, "Độ tin": 70, "Hình": 100})


def _pace() -> table.Panel:
    pace = style.listing(
        "Nhìn mỗi camera bao lâu một lần",
        "How often each camera is looked at and how often it sends a picture, as the machine holds it; those with fewer looks first",
        "cameras_pace",
        at(0, 36, 12, 9),
        "không có camera nào được chọn",
    )
    style.worded(
        pace, "Đủ không", {"đủ": style.CALM, "thưa hơn gửi": style.WARN, "không rõ": style.UNKNOWN}, 120
    )
    return style.widths(pace, {"Nhìn mỗi": 130, "Gửi mỗi": 100, "Ảnh được nhìn": 110})


def _health() -> table.Panel:
    health = style.listing(
        "Camera nào không thấy, vì sao, từ lúc nào",
        "Which cameras do not see, why, since when; the others counted",
        "cameras_health",
        at(12, 36, 12, 9),
        "không có camera nào được chọn",
    )
    words = {"đang thấy": style.CALM, "không rõ": style.UNKNOWN, "chưa có hình": style.UNKNOWN}
    style.worded(health, "Tình trạng", {**style.WORDS, **words}, 180)
    return style.widths(health, {"Camera": 230, "Từ lúc": 110, "Hình cuối": 110})


def limits_of(analytic: Analytic) -> list[Sql]:
    """The levels of an analytic, and marks where an alert of it began."""
    fills = {"analytic": analytic.value}
    return [("cameras_limits", fills), ("cameras_marks", fills)]


def _others() -> list[timeseries.Panel]:
    """A graph of each analytic that has none above: two beside one another, below all else."""
    found = []
    rows = [row for code, row in ANALYTICS.items() if code not in (Analytic.PEOPLE, *water.ANALYTICS_DRAWN)]
    for i, row in enumerate(rows):
        values: Sql = ("cameras_values", {"analytic": row.code.value})
        unit = PRETTY.get(row.unit, row.unit)
        graph = style.graph(
            f"{row.vi} theo vùng, cao nhất của mỗi quãng",
            f"{row.en} in each zone, the highest of each step, against the levels; a gap: not known",
            [values, *limits_of(row.code)],
            f"suffix: {unit}",
            at(12 * (i % 2), 55 + 11 * (i // 2), 12, 11),
        )
        graph.show_points(style.POINTS).span_nulls(TOGETHER_MS).min(0)
        found.append(style.marks(style.limits(look.neutral(graph))))
    return found


def _people() -> timeseries.Panel:
    people = style.graph(
        "Số người theo vùng, đông nhất của mỗi quãng",
        "People in each zone, the most of each step, against the crowd levels; a gap: not known",
        ["cameras_people", *limits_of(Analytic.PEOPLE)],
        "suffix: người",
        at(0, 45, 12, 10),
    )
    people.show_points(style.POINTS).span_nulls(TOGETHER_MS).min(0)
    return style.marks(style.limits(look.neutral(people)))
