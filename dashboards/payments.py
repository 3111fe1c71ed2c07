"""The screen of the payments: does it come in, how far are the targets, what needs a hand?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards import look, style
from dashboards import screen as common
from dashboards.postgres_query import read
from dashboards.style import CALM, UNKNOWN, WARN, WATCH, at

if TYPE_CHECKING:
    from grafana_foundation_sdk.builders import table, timeseries

UID = "phusa-payments"
REACHED = {"đạt": style.GOOD, "chưa đạt": WATCH, "chưa có khoản nào": UNKNOWN}
HAND = {
    "CẦN NGƯỜI XEM": WARN,
    "bất thường": WATCH,
    "không rõ trả gì": WATCH,
    "đã tính một lần": CALM,
    "không có": CALM,
}


def to_json() -> str:
    """The screen: today and the targets, hours and hamlets, and what a person must look at."""
    made = common.screen(
        UID,
        "Thanh toán",
        "Payments: does money come in, how far is the commune from its targets, and what needs a hand?",
        choices=("hamlet",),
    )
    today = look.sentence(
        "Tiền nhận hôm nay",
        "Received since midnight, net of refunds",
        "payments_today",
        at(0, 0, 10, 5),
        look.beginning({"\\d": CALM, "-": WARN, "hôm nay chưa có": UNKNOWN}),
    )
    waiting = look.sentence(
        "Khoản cần người xem",
        "The rows of the list below, counted by what they are, the worst first",
        ("payments_waiting", {"list": read("payments_hand").strip().rstrip(";")}),
        at(0, 5, 10, 3),
        look.beginning(
            {"không có khoản nào": CALM, r"[\d.]+ CẦN": WARN, r"[\d.]+ đã tính": CALM, r"\d": WATCH}
        ),
    )
    return common.to_json(style.placed(made, (today, waiting, _targets(), _hours(), _hamlets(), _hand())))


def _targets() -> table.Panel:
    targets = style.listing(
        "Không tiền mặt so với mục tiêu của xã",
        "Shares without cash against the commune's targets, each in its own period, whatever window is looked at",
        "payments_targets",
        at(10, 0, 14, 8),
        "xã chưa đặt mục tiêu nào",
    )
    style.worded(targets, "Kết quả", REACHED, 150)
    return style.widths(targets, {"Mục tiêu": 270, "Kỳ": 200, "Đạt": 130, "Tỷ lệ": 80, "Cần": 70})


def _hours() -> timeseries.Panel:
    hours = style.graph(
        "Tiền nhận theo thôn, từng giờ",
        "Money received by hamlet, net of refunds; hours, or longer steps where the window is long",
        ["payments_hours"],
        "suffix: triệu đ",
        at(0, 8, 14, 9),
    )
    hours.draw_style(style.BARS).fill_opacity(70).stacking(style.stacked()).interval("1h")
    return look.neutral(hours)


def _hamlets() -> table.Panel:
    hamlets = style.listing(
        "Theo thôn trong khoảng đang xem",
        "By hamlet in the window that is looked at; hamlets without a payment too",
        "payments_hamlets",
        at(14, 8, 10, 9),
        "chưa khai báo thôn nào",
    )
    return style.widths(hamlets, {"Thôn": 170, "Số khoản": 90, "Tiền": 140})


def _hand() -> table.Panel:
    hand = style.listing(
        "Việc cần người xem, cả xã",
        "What waits for a person, however old; odd payments and those that name no fee of the window",
        "payments_hand",
        at(0, 17, 24, 9),
        "không có khoản nào cần xem",
    )
    style.worded(hand, "Việc", HAND, 160)
    return style.widths(hand, {"Lúc": 120, "Nơi thu": 240, "Số tiền": 140})
