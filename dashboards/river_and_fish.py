"""The cooperative's screen: tonight at the cages, the river and its next level, rain, floods, and what was said of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.cog.encoder import JSONEncoder

from dashboards import style
from dashboards.style import ALARM, GOOD, UNKNOWN, WARN, WATCH, at

if TYPE_CHECKING:
    from grafana_foundation_sdk.builders import table
    from grafana_foundation_sdk.cog.builder import Builder
    from grafana_foundation_sdk.models import dashboard as model

UID = "phusa-river-and-fish"


def dashboard() -> model.Dashboard:
    """The screen, the fish first: their night is short."""
    screen = (
        build.Dashboard("Phù Sa – Cá lồng và sông Bồ")
        .uid(UID)
        .description(
            "Caged fish and the river: tonight's oxygen, levels of the commune, next alarm level, rain, floods."
        )
        .tags(["phusa"])
        .timezone("Asia/Ho_Chi_Minh")
        .time("now-24h", "now")
        .refresh("30s")
        .readonly()
    )
    for panel in (*_fish(), *_river(), *_record()):
        screen.with_panel(panel)
    return screen.build()


def _fish() -> list[Builder[model.Panel]]:
    night = style.listing(
        "Đêm nay ở lồng cá",
        "Tonight at the cages; the interval holds nine of ten nights",
        "night",
        at(0, 0, 12, 6),
    )
    style.worded(night, "Tình trạng", {"yên": GOOD, "canh chừng": WARN, "NGUY": ALARM})
    dawn = style.graph(
        "Ôxy và dự báo lúc bình minh", "Oxygen, and what was forecast for sunrise", ["dawn", "oxygen_limits"], "suffix: mg/L",
        at(12, 0, 12, 12),
    )  # fmt: skip
    dawn.fill_opacity(0)
    levels = style.listing(
        "Nước ở lồng theo bảng của xã",
        "The cages' water against the commune's table",
        "fish",
        at(0, 6, 12, 6),
    )
    style.worded(levels, "Mức", {"mức 1": WATCH, "mức 2": WARN, "mức 3": ALARM, "mức 2-3": ALARM})
    _widths(night, {"Lồng": 160, "Ôxy": 90, "Giảm mỗi giờ": 110, "Lúc bình minh": 140, "Tới mức 2": 150})
    alarm = {r"/mức 1/": WATCH, r"/mức 2/": WARN}
    return [night, style.limit_lines(dawn, alarm), levels]


def _river() -> list[Builder[model.Panel]]:
    following = style.listing(
        "Sông đang lên tới đâu",
        "The river, its rise, and the next alarm level",
        "river_next",
        at(0, 12, 14, 5),
    )
    _widths(following, {"Trạm": 110, "Mực nước": 90, "So với báo động": 150, "Lên": 90, "Cấp tiếp theo": 300})
    sums = style.listing("Mưa dồn", "Rain sums; with gaps at least", "rain_sums", at(14, 12, 10, 8))
    quality = style.listing(
        "Chất lượng nước, một phần",
        "QCVN 08:2023 by parameter; sub-indices of VN_WQI, no index",
        "water_quality",
        at(0, 17, 14, 5),
    )
    style.worded(quality, "QCVN 08", {"A": GOOD, "B": GOOD, "C": WATCH, "D": WARN, "dưới D": ALARM})
    _widths(quality, {"Trạm": 180, "Thông số": 150, "QCVN 08": 90, "Chỉ số con": 110, "Chỉ số chung": 240})
    dust = style.graph(
        "Bụi PM2.5 thô và khô",
        "Hourly PM2.5 as sent, and dried by humidity",
        ["dry_dust"],
        "suffix: µg/m³",
        at(14, 20, 10, 5),
    )
    dust.show_points(style.POINTS)
    releases = style.listing(
        "Nước hồ đang về", "Water of reservoirs on its way", "releases", at(0, 22, 14, 3), "chưa có tin xả"
    )
    return [following, sums, quality, dust, releases]


def _record() -> list[Builder[model.Panel]]:
    floods = style.listing("Sổ lũ", "Record of floods", "floods", at(0, 25, 10, 7), "chưa có lũ")
    alarms = style.listing(
        "Báo động đúng hay sai",
        "Were the alarms right, and why they were told",
        "flood_alarms",
        at(10, 25, 14, 7),
        "chưa báo động",
    )
    style.worded(alarms, "Kết quả", {"đúng": GOOD, "BÁO SAI": WARN, "chưa rõ": UNKNOWN})
    _widths(alarms, {"Nơi": 130, "Báo lúc": 100, "Kết quả": 80, "So với lúc lũ": 110})
    return [floods, alarms]


def _widths(panel: table.Panel, pixels: dict[str, int]) -> None:
    for name, width in pixels.items():
        style.column(panel, name, width=width)


def to_json() -> str:
    """The dashboard as Grafana's provisioning reads it."""
    plain = json.loads(json.dumps(dashboard(), cls=JSONEncoder))
    return json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
