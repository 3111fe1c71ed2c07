"""The river and its rain: where it stands between its levels, how fast, how far to the next mark, and what fell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards import screen, style
from dashboards.style import WARN, at

if TYPE_CHECKING:
    from grafana_foundation_sdk.builders import dashboard as build
    from grafana_foundation_sdk.cog.builder import Builder
    from grafana_foundation_sdk.models import dashboard as model

UID = "phusa-river"
LEVEL = "river_level"


def dashboard() -> build.Dashboard:
    """The screen, the river's own picture first."""
    made = screen.screen(
        UID,
        "Sông và mưa",
        "Where does the river stand, how fast does it move, how far is the next mark, how much rain?",
        choices=("station",),
        told={"river_now": ("river_sketch", {"chosen": "'*' in ($station) or p.place in ($station)"})},
    )
    return style.placed(made, (*_now(), *_graphs(), *_record()))


def _now() -> list[Builder[model.Panel]]:
    gauges = style.stated(
        style.listing(
            "Trạm đo nước",
            "Each gauge: its state and its sentence",
            "gauges",
            at(0, 0, 24, 4),
            "chưa có trạm nào",
        )
    )
    style.widths(gauges, {"Trạm": 170, "Từ lúc": 130})
    ladder = style.listing(
        "Thang mốc của xã",
        "What the river reaches at which level, and how far to go",
        "ladder",
        at(14, 4, 10, 12),
        "xã chưa khai mốc nào",
    )
    style.widths(ladder, {"Trạm": 110, "Cao": 80, "Nước": 130, "Nguồn": 150})
    sketch = style.words(
        "12 giờ qua và 6 giờ tới",
        "Level, bands, forecast with its range, marks",
        "river_now",
        at(0, 4, 14, 12),
    )
    return [gauges, sketch, ladder]


def _graphs() -> list[Builder[model.Panel]]:
    level = style.graph(
        "Mực nước trong các dải báo động",
        "River level in the bands of its alarm levels",
        ["river", ("bands", {"parameter": LEVEL}), ("marks", {"parameters": f"'{LEVEL}'"})],
        "lengthm",
        at(0, 16, 12, 10),
    )
    rise = style.graph(
        "Nước lên, xuống trong 1 giờ",
        "Change over the hour before each reading, cm",
        ["rise"],
        "suffix: cm",
        at(12, 16, 6, 10),
    )
    rain = style.graph("Mưa từng giờ", "Hourly rain", ["rain"], "suffix: mm", at(18, 16, 6, 10))
    rain.draw_style(style.BARS).fill_opacity(60)
    return [style.marks(style.bands(level)), rise, rain]


def _record() -> list[Builder[model.Panel]]:
    sums = style.listing(
        "Mưa dồn", "Rain sums; with gaps at least", "rain_sums", at(0, 26, 8, 8), "chưa có số đo mưa"
    )
    releases = style.listing(
        "Nước hồ đang về", "Water of reservoirs on its way", "releases", at(8, 26, 8, 8), "chưa có tin xả"
    )
    floods = style.listing("Sổ lũ", "Record of floods", "floods", at(16, 26, 8, 8), "chưa có lũ")
    alarms = style.listing(
        "Báo động đúng hay sai",
        "Were the alarms right, and why they were told",
        "flood_alarms",
        at(0, 34, 24, 7),
        "chưa báo động",
    )
    style.worded(
        alarms,
        "Kết quả",
        {"đúng": style.CALM, "BÁO SAI": WARN, "chưa rõ": style.UNKNOWN, "chưa báo động": style.CALM},
        100,
    )
    style.widths(alarms, {"Nơi": 150, "Báo lúc": 130, "So với lúc lũ": 130})
    return [sums, releases, floods, alarms]


def to_json() -> str:
    """The dashboard as Grafana's provisioning reads it."""
    return screen.to_json(dashboard())
