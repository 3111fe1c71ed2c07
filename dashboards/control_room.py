"""The control room's wall: what is wrong, how the river, the cages and the air stand, who was told."""

from __future__ import annotations

import json

from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.builders import table
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import dashboard as model

from dashboards import streams, style
from dashboards.postgres_query import SOURCE, read
from dashboards.style import ALARM, GOOD, UNKNOWN, WARN, WATCH, at
from models.air.aqi import LEVELS

UID = "phusa-control-room"
PEOPLE_TOP, MONEY_TOP, MACHINE_TOP = 32, 41, 50
QUIET = "MẤT TÍN HIỆU"


class _Marks(model.AnnotationTarget):
    """An SQL query as the target of annotations."""

    def to_json(self) -> dict[str, object]:
        return {
            "refId": "Anno",
            "editorMode": "code",
            "format": "table",
            "rawQuery": True,
            "rawSql": read("alert_marks"),
        }


def _annotation() -> build.AnnotationQuery:
    found = build.AnnotationQuery().name("Cảnh báo").datasource(SOURCE).enable(True).icon_color(ALARM)
    return found.target(_Built(_Marks()))


class _Built(Builder[model.AnnotationTarget]):
    """A value where the SDK expects a builder."""

    def __init__(self, value: model.AnnotationTarget) -> None:
        self._value = value

    def build(self) -> model.AnnotationTarget:
        """The value."""
        return self._value


def dashboard() -> model.Dashboard:
    """The screen, rows from the most urgent down."""
    screen = (
        build.Dashboard("Phù Sa – Phòng điều hành")
        .uid(UID)
        .description(
            "Control room: flooding, oxygen of the caged fish, air, people, payments, messages. Xã Quảng Thọ, sông Bồ."
        )
        .tags(["phusa"])
        .timezone("Asia/Ho_Chi_Minh")
        .time("now-24h", "now")
        .refresh("10s")
        .readonly()
        .annotation(_annotation())
    )
    for panel in (
        *_figures(),
        *_graphs(),
        *_lists(),
        *streams.people(PEOPLE_TOP),
        *streams.money(MONEY_TOP),
        *_machine(MACHINE_TOP),
    ):
        screen.with_panel(panel)
    return screen.build()


def _figures() -> list[Builder[model.Panel]]:
    none_good = style.steps((None, GOOD), (1, ALARM))
    none_fine = style.steps((None, GOOD), (1, WARN))
    river = style.steps((None, GOOD), (1.5, WATCH), (3.0, WARN), (4.5, ALARM))
    oxygen = style.steps((None, ALARM), (2.0, WARN), (3.0, WATCH), (4.0, GOOD))
    return [
        style.figure(
            "Cảnh báo đang mở",
            "Open alerts, silence apart",
            "open_alerts_count",
            "none",
            none_good,
            at(0, 0, 4, 5),
        ),
        style.figure(
            "Sông Bồ tại Phú Ốc", "River level now, m", "river_now", "lengthm", river, at(4, 0, 4, 5), QUIET
        ),
        style.figure(
            "Ôxy thấp nhất ở lồng",
            "Lowest oxygen of the cages now",
            "oxygen_now",
            "suffix: mg/L",
            oxygen,
            at(8, 0, 4, 5),
            QUIET,
        ),
        style.figure(
            "VN_AQI giờ qua",
            "Hourly VN_AQI, the worst station",
            "aqi_now",
            "none",
            _aqi(),
            at(12, 0, 4, 5),
            QUIET,
        ),
        style.figure(
            "Cảm biến mất tín hiệu", "Silent sensors", "silent_count", "none", none_fine, at(16, 0, 4, 5)
        ),
        style.figure(
            "Tin chưa chắc đến nơi",
            "Messages not known to have arrived",
            "messages_open",
            "none",
            none_fine,
            at(20, 0, 4, 5),
        ),
    ]


def _graphs() -> list[Builder[model.Panel]]:
    river = style.graph(
        "Mực nước sông Bồ và báo động I, II, III",
        "River level against the alarm levels",
        ["river", "river_limits"],
        "lengthm",
        at(0, 5, 12, 10),
    )
    oxygen = style.graph(
        "Ôxy hoà tan tại lồng cá",
        "Dissolved oxygen against the commune's fish levels",
        ["oxygen", "oxygen_limits"],
        "suffix: mg/L",
        at(12, 5, 12, 10),
    )
    dust = style.graph(
        "PM2.5 trung bình giờ",
        "Hourly PM2.5; colours at VN_AQI 100, 150, 200",
        ["dust"],
        "suffix: µg/m³",
        at(0, 15, 6, 8),
    )
    dust.thresholds(style.steps((None, GOOD), (50, WATCH), (80, WARN), (150, ALARM)))
    dust.thresholds_style(style.threshold_lines())
    index = style.graph(
        "VN_AQI từng giờ",
        "Hourly VN_AQI and its sub-indices (Decision 1459)",
        ["aqi"],
        "none",
        at(6, 15, 6, 8),
    )
    index.thresholds(_aqi()).thresholds_style(style.threshold_lines())
    rise = style.graph(
        "Nước lên, xuống mỗi giờ", "Rate of rise over one hour, cm", ["rise"], "suffix: cm", at(12, 15, 6, 8)
    )
    rain = style.graph("Mưa từng giờ", "Hourly rain", ["rain"], "suffix: mm", at(18, 15, 6, 8))
    rain.draw_style(style.BARS).fill_opacity(60)
    alarm = {r"/(BĐ ?1|mức 1|I$)/": WATCH, r"/(BĐ ?2|mức 2|II$)/": WARN, r"/(BĐ ?3|mức 3|III$)/": ALARM}
    return [style.limit_lines(river, alarm), style.limit_lines(oxygen, alarm), dust, index, rise, rain]


def _aqi() -> build.ThresholdsConfig:
    """The colours that the Decision gives its levels, each from its first number on."""
    first = [None, *(one.most + 1.0 for one in LEVELS[:-1])]
    return style.steps(
        *((start, "#" + bytes(one.rgb).hex()) for start, one in zip(first, LEVELS, strict=True))
    )


def _lists() -> list[Builder[model.Panel]]:
    alerts = style.listing(
        "Cảnh báo đang mở",
        "Open alerts, the worst first",
        "open_alerts",
        at(0, 23, 8, 9),
        "không có cảnh báo",
    )
    alerts.override_by_name("Cấp", [model.DynamicConfigValue(id_val="custom.hidden", value=True)])
    sensors = style.listing("Cảm biến", "Each sensor's last word", "sensors", at(8, 23, 8, 9))
    states = {
        "bình thường": GOOD,
        QUIET: UNKNOWN,
        "CHƯA CÓ TÍN HIỆU": UNKNOWN,
        "KHÔNG TIN ĐƯỢC": WARN,
        "ĐỒNG HỒ SAI": WARN,
    }
    style.worded(sensors, "Trạng thái", states)
    messages = style.listing(
        "Tin nhắn", "Who was told, and did it come", "messages", at(16, 23, 8, 9), "chưa có tin"
    )
    _widths(alerts, {"Nơi": 175, "Loại": 120, "Mức": 110, "Giá trị": 100})
    _widths(sensors, {"Trạm": 155, "Thông số": 130, "Giá trị": 95, "Trạng thái": 135, "Tin cậy": 75})
    _widths(messages, {"Lúc": 100, "Người nhận": 165, "Kênh": 60, "Tình trạng": 95, "Nội dung": 420})
    colours = {"đã nhận": GOOD, "đã gửi": WATCH, "NGHI NGỜ": WARN, "BỊ TỪ CHỐI": ALARM, "QUÁ HẠN": ALARM}
    return [alerts, sensors, style.worded(messages, "Tình trạng", colours)]


def _widths(panel: table.Panel, pixels: dict[str, int]) -> None:
    """So that what matters stands on a wall screen (1,920 pixels) without scrolling."""
    for name, width in pixels.items():
        style.column(panel, name, width=width)


def _machine(top: int) -> list[Builder[model.Panel]]:
    stored = style.graph(
        "Số liệu lưu mỗi phút", "Readings stored a minute", ["stored"], "none", at(0, top, 8, 6)
    )
    rejected = style.listing(
        "Bản tin bị từ chối", "Rejected messages by reason", "rejected", at(8, top, 8, 6), "không có"
    )
    flows = style.listing(
        "Các luồng", "Flows: counts, and how long since the last write", "flows", at(16, top, 8, 6)
    )
    return [stored, rejected, style.column(flows, "Im lặng", unit="s")]


def to_json() -> str:
    """The dashboard as Grafana's provisioning reads it."""
    plain = json.loads(json.dumps(dashboard(), cls=JSONEncoder))
    for one in plain["annotations"]["list"]:
        # Where Grafana before 9.4 looks for an annotation's SQL; later ones read its target.
        one["rawQuery"] = read("alert_marks")
    return json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
