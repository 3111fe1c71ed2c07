"""The report of an event as a row of blocks: what stands in it, and in which order. HTML and PDF only draw them.

Vietnamese first, English beside it. A time is Vietnam's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from connectors.clock import VIETNAM
from connectors.report.curve import drawing
from models.alerting.aftermath import OUTCOMES
from models.alerting.event import AnswerKind, StepKind
from models.alerting.lead import figures, witnessed
from models.alerting.words import quantity
from models.catalogue.channels import channel_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from models.alerting.aftermath import Aftermath, Curve, Message
    from models.alerting.lead import Figures

NOTHING = "–"
ANSWERS = {
    AnswerKind.TAKEN: "đã nhận, tôi đi", AnswerKind.FALSE: "báo nhầm", AnswerKind.HELP: "cần giúp", AnswerKind.UNREAD: "không đọc được",
    AnswerKind.CLOSED: "việc đã xong", AnswerKind.STRANGER: "người lạ",
}  # fmt: skip
STEPS = {
    StepKind.TOLD: "báo", StepKind.CALLED: "gọi lên", StepKind.REPEATED: "nhắc lại", StepKind.TAKEN: "có người đi", StepKind.FALSE: "báo nhầm",
    StepKind.HELP: "cần giúp", StepKind.NOBODY: "KHÔNG AI TRẢ LỜI", StepKind.OVER: "hết",
}  # fmt: skip
DEFINED = (
    (
        "Đã báo: lúc tin đầu tiên rời máy (nhà mạng đã nhận), theo giờ của hệ thống. Tới mức: số đo tốt đầu tiên từ ngưỡng trở đi. "
        "Phút báo trước: từ lúc đã báo tới lúc tới mức; số âm là báo sau khi đã tới. Bỏ sót: mức mà không tin nào của mức ấy hay cao hơn rời máy."
    ),
    (
        "Told: the first message left us. Reached: the first good reading at or beyond the limit. Minutes of lead: from told to reached; less than 0: "
        "told after it. Missed: a level of which no message of that level or a higher one left us."
    ),
)


class Facts(msgspec.Struct, frozen=True):
    """A heading, pairs of a name and what it is, and how the figures are meant (Vietnamese, English)."""

    vi: str
    en: str
    pairs: list[tuple[str, str]]
    note: tuple[str, str]


class Table(msgspec.Struct, frozen=True):
    """A heading and rows; `shares` is how the width is shared out among the columns; without rows `nothing` is said."""

    vi: str
    en: str
    columns: list[str]
    shares: list[int]
    rows: list[list[str]]
    nothing: str = "không có"


class Image(msgspec.Struct, frozen=True):
    """A picture with its words: `png` or JPEG bytes; `svg`: the same drawn, where it is a drawing."""

    caption: str
    data: bytes
    svg: str = ""


class Gallery(msgspec.Struct, frozen=True):
    """A heading and pictures."""

    vi: str
    en: str
    images: list[Image]
    nothing: str = "không có"


Block = Facts | Table | Gallery


class Document(msgspec.Struct, frozen=True):
    """The whole report."""

    title: str
    title_en: str
    made: str
    exercise: bool
    blocks: list[Block]


def document(event: Aftermath) -> Document:
    """The report of an event."""
    found = figures(event)
    lines = [[clock(at), line.vi, line.en] for at, line in witnessed(event)]
    return Document(
        f"Việc số {event.number}: {event.name}",
        f"Event {event.number}",
        f"Lập lúc {clock(event.at)} (made at)",
        event.exercise,
        [
            _head(event, found),
            _lead(found),
            Gallery("Diễn biến", "Level against time", [_curve(curve, event, found) for curve in event.curves], "không có số đo (no values)"),
            *_alerts(event),
            _messages(event.messages),
            Table("Trả lời", "Answers", ["Lúc", "Ai", "Trả lời", "Qua", "Mức"], [14, 34, 24, 16, 12],
                  [[clock(one.at), _who(one.name, one.role), _word(ANSWERS, one.kind), _way(one.way), str(one.level)] for one in event.replies],
                  "không ai trả lời (nobody answered)"),
            Table("Các bước tìm người đi", "Steps to a person who acts", ["Lúc", "Bước", "Ai", "Lời"], [14, 18, 26, 42],
                  [[clock(one.at), _word(STEPS, one.step), one.name or NOTHING, one.vi or NOTHING] for one in event.rungs]),
            Table("Nhân chứng nói gì", "What the witnesses said", ["Lúc", "Lời", "English"], [12, 46, 42], lines),
            Gallery("Ảnh", "Pictures, people pixelated", [Image(f"{one.name}, {clock(one.at)}", one.jpeg) for one in event.sights],
                    "không có ảnh nào được giữ (no picture was kept)"),
        ],
    )  # fmt: skip


def _head(event: Aftermath, found: Figures) -> Facts:
    false = f"{found.false} người nói báo nhầm" if found.false else "không ai nói báo nhầm"
    gone = ", ".join(f"mức {level}" for level in found.missed) or "không mức nào"
    return Facts(
        "Con số",
        "Figures",
        [
            ("Từ (from)", clock(event.opened_at)),
            ("Đến (until)", "đang diễn ra (goes on)" if event.closed_at is None else clock(event.closed_at)),
            ("Mức cao nhất (highest level)", str(event.peak_level)),
            ("Đã báo lúc (told)", NOTHING if found.told_at is None else clock(found.told_at)),
            ("Tin đã đi (messages sent)", f"{found.messages} tin, {found.contacts} người"),
            ("Tin đã nhận (arrived)", str(found.arrived)),
            ("Tin hỏng (failed)", str(found.failed)),
            ("Giữ lại, có lý do (held back)", str(found.held)),
            ("Tiền (price)", quantity(found.price_vnd, "VND", "vi")),
            ("Có người đi (taken)", NOTHING if found.taken_at is None else f"{clock(found.taken_at)}, sau {minutes(found.taken_min)}"),
            ("Báo trước đỉnh (lead to the peak)", minutes(found.peak_lead_min)),
            ("Báo nhầm (false)", false),
            ("Bỏ sót (missed)", gone),
        ],
        DEFINED,
    )  # fmt: skip


def _lead(found: Figures) -> Table:
    rows = [
        [one.curve, one.level_vi, clock(one.at), minutes(one.lead_min), minutes(one.told_min)]
        for one in found.reached
    ]
    return Table(
        "Báo trước bao lâu",
        "Minutes of lead",
        ["Nơi", "Mức", "Tới mức lúc", "Báo trước (tin đầu)", "Tin của mức này sau"],
        [34, 14, 16, 18, 18],
        rows,
        "không mức nào được đo là đã tới (no level was measured to be reached)",
    )


def _curve(curve: Curve, event: Aftermath, found: Figures) -> Image:
    svg, png = drawing(curve, event, found.told_at)
    return Image(curve.name, png, svg)


def _alerts(event: Aftermath) -> list[Block]:
    lives = Table(
        "Cảnh báo", "Alerts", ["Nơi", "Việc", "Từ", "Đến", "Cao nhất", "Đã báo", "Đã nhận", "Ai"], [20, 14, 11, 11, 8, 8, 8, 20],
        [[one.name, one.parameter_vi if one.parameter_vi != one.name else one.kind_vi, clock(one.raised_at),
          NOTHING if one.cleared_at is None else clock(one.cleared_at), str(one.peak_level), str(one.told), str(one.arrived), one.told_vi or NOTHING]
         for one in event.alerts],
    )  # fmt: skip
    turns = sorted(
        ((turn, one) for one in event.alerts for turn in one.turns),
        key=lambda pair: (pair[0].at, pair[1].alert),
    )
    changes = Table(
        "Từng thay đổi", "Changes", ["Lúc", "Nơi", "Việc", "Mức", "Giá trị"], [14, 28, 24, 18, 16],
        [[clock(turn.at), one.name, one.kind_vi, _from_to(turn.previous, turn.level, turn.level_vi), turn.value_vi or NOTHING] for turn, one in turns],
    )  # fmt: skip
    return [lives, changes]


def _from_to(previous: int, level: int, name: str) -> str:
    return f"{'▲' if level > previous else '▼' if level < previous else '='} {name}"


def _messages(messages: Sequence[Message]) -> Table:
    return Table(
        "Tin nhắn", "Messages and their delivery", ["Đi lúc", "Ai", "Qua", "Kết quả", "Nhận", "Đọc", "Trả lời", "Giá", "Nội dung"], [9, 15, 7, 10, 8, 8, 8, 7, 28],
        [[_at(one.when(one.sent_at)), one.name, _way(one.channel), OUTCOMES.get(one.state, one.state) + (f": {one.reason}" if one.reason else ""),
          _at(one.when(one.delivered_at)), _at(one.when(one.read_at)), _at(one.when(one.answered_at)), NOTHING if one.price_vnd is None else quantity(one.price_vnd, "VND", "vi"), one.text]
         for one in messages],
        "không có tin nào (no message)",
    )  # fmt: skip


def clock(at: datetime) -> str:
    """13:05 25/11, Vietnam's time."""
    return f"{at.astimezone(VIETNAM):%H:%M %d/%m}"


def minutes(value: float | None) -> str:
    """12 phút; -3 phút; an unknown one is said.

    >>> minutes(12.4), minutes(-3.0), minutes(None)
    ('12 phút', '-3 phút', '–')
    """
    return NOTHING if value is None else f"{round(value) + 0} phút"


def _at(at: datetime | None) -> str:
    return NOTHING if at is None else f"{at.astimezone(VIETNAM):%H:%M:%S}"


def _who(name: str, role: str) -> str:
    return f"{name} ({role})" if role and role.casefold() not in name.casefold() else name or NOTHING


def _way(code: str) -> str:
    return channel_name(code)


def _word(words: dict[AnswerKind, str] | dict[StepKind, str], code: str) -> str:
    return {str(key): word for key, word in words.items()}.get(code, code)
