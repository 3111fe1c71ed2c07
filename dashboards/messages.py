"""Alerts and messages: the life of each alert, each message and its receipts, and what they cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards import look, screen, style
from dashboards.style import ALARM, CALM, UNKNOWN, WARN, WATCH, at

if TYPE_CHECKING:
    from grafana_foundation_sdk.builders import dashboard as build
    from grafana_foundation_sdk.cog.builder import Builder
    from grafana_foundation_sdk.models import dashboard as model

UID = "phusa-messages"
NOTHING = "không có"
OUTCOMES = {
    "đã nhận": CALM, "đã gửi": WATCH, "đang chờ": UNKNOWN, "đang gửi": UNKNOWN, "NGHI NGỜ": WARN, "BỊ TỪ CHỐI": ALARM,
    "QUÁ HẠN": ALARM, "gộp vào tin khác": CALM, "không báo": CALM, NOTHING: CALM,
}  # fmt: skip
"""Every word that messages.sql makes of a message's state, and its colour."""
ANSWERS = {
    "đã gửi": CALM, "sẽ gửi lại": WATCH, "BỊ TỪ CHỐI": ALARM, "NGHI NGỜ": WARN, "KÊNH HỎNG": WARN, "KÊNH DỪNG": ALARM, "chưa trả lời": UNKNOWN, NOTHING: CALM,
}  # fmt: skip
"""Every word that attempts.sql makes of an answer (models/alerting/sending.py), and its colour."""
STEPS = {
    "báo": CALM, "gọi": WATCH, "nhắc lại": WATCH, "nhận, đi": CALM, "báo nhầm": WARN, "CẦN GIÚP": ALARM, "CHƯA AI NHẬN": ALARM, "hết": CALM,
    NOTHING: CALM,
}  # fmt: skip
"""Every word that event_steps.sql makes of a step (models/alerting/event.py), and its colour."""


def dashboard() -> build.Dashboard:
    """The screen: what stands open, what was told, and the life of each."""
    made = screen.screen(
        UID,
        "Cảnh báo và tin nhắn",
        "What stands open, who was told, did it arrive, what did it cost?",
        choices=("hamlet",),
    )
    return style.placed(made, (*_figures(), *_open(), *_told(), _steps()))


def _figures() -> list[Builder[model.Panel]]:
    calm = style.steps((None, CALM))
    some = style.steps((None, CALM), (1, WARN))
    return [
        style.figure(
            "Cảnh báo đang mở",
            "Open alerts, as in the list below",
            "open_count",
            "none",
            some,
            at(0, 0, 5, 4),
        ),
        style.figure(
            "Tin đã nhận",
            "Messages of this time that arrived",
            "messages_arrived",
            "none",
            calm,
            at(5, 0, 5, 4),
        ),
        style.figure(
            "Tin chưa chắc đến nơi",
            "Messages of this time not known to have arrived",
            "messages_open",
            "none",
            some,
            at(10, 0, 6, 4),
        ),
        look.sentence(
            "Tiền tin nhắn",
            "Price of the messages of this time",
            "messages_price",
            at(16, 0, 4, 4),
            look.beginning({"\\d": CALM, "chưa có": UNKNOWN}),
        ),
        look.sentence(
            "Tiền tháng này",
            "This month's messages, of all ways, in its budget",
            "messages_month",
            at(20, 0, 4, 4),
            look.beginning({".*đã hết": ALARM, ".*sắp hết": WARN, "\\d": CALM, "chưa": UNKNOWN}),
        ),
    ]


def _open() -> list[Builder[model.Panel]]:
    alerts = style.listing(
        "Cảnh báo đang mở",
        "Open alerts, the worst first",
        "open_alerts",
        at(0, 4, 24, 9),
        "không có cảnh báo",
    )
    style.stated(alerts)
    style.widths(
        alerts,
        {"Nơi": 180, "Việc": 150, "Mức": 130, "Giá trị": 110, "Từ lúc": 120, "Mở từ": 120, "Đã báo": 80},
    )
    style.linked(alerts, "Sổ tay", "so_tay", "Mở sổ tay")
    life = style.listing(
        "Đời của từng cảnh báo",
        "Each change of each alert, as it was told",
        "alert_life",
        at(0, 13, 24, 9),
        NOTHING,
    )
    style.stated(life)
    style.widths(life, {"Lúc": 120, "Nơi": 180, "Việc": 150, "Thay đổi": 110, "Mức": 130, "Giá trị": 110})
    return [alerts, life]


def _told() -> list[Builder[model.Panel]]:
    messages = style.listing(
        "Tin nhắn", "Who was told, and did it come", "messages", at(0, 22, 15, 12), NOTHING
    )
    style.worded(messages, "Kết quả", OUTCOMES, 130)
    style.widths(
        messages, {"Lúc": 110, "Người nhận": 165, "Kênh": 80, "Giá": 80, "Đọc, trả lời": 120, "Lý do": 150}
    )
    receipts = style.listing(
        "Từng lần gửi", "Each attempt and its answer", "attempts", at(15, 22, 9, 12), NOTHING
    )
    style.worded(receipts, "Trả lời", ANSWERS, 130)
    style.widths(receipts, {"Gửi lúc": 110, "Người nhận": 150, "Kênh": 60, "Mất": 80})
    return [messages, receipts]


def _steps() -> Builder[model.Panel]:
    steps = style.listing(
        "Từ sự kiện tới người hành động",
        "Each step of each event: who was told, called, and answered",
        "event_steps",
        at(0, 34, 24, 10),
        NOTHING,
    )
    style.worded(steps, "Bước", STEPS, 130)
    style.widths(steps, {"Lúc": 110, "Số": 60, "Nơi": 200, "Mức": 140})
    return steps


def to_json() -> str:
    """The dashboard as Grafana's provisioning reads it."""
    return screen.to_json(dashboard())
