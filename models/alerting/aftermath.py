"""An event that is over, as a value: its alerts, messages, answers, steps, curves and pictures (connectors/timescale/aftermath.py gathers it)."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from models.envelope.evidence import Evidence

LEFT = frozenset({"sent", "delivered", "doubt"})
"""States of a message that its gateway has taken, or may have."""
OUTCOMES = {
    "delivered": "đã nhận", "sent": "đã gửi", "pending": "đang chờ", "sending": "đang gửi", "doubt": "NGHI NGỜ", "refused": "BỊ TỪ CHỐI",
    "expired": "QUÁ HẠN", "merged": "gộp vào tin khác", "muted": "không báo",
}  # fmt: skip
"""A message's state in the words of the screen of messages (a test holds the two the same)."""


class Turn(msgspec.Struct, frozen=True):
    """A change of an alert: at `at` its level became `level`; `text` is the value in words."""

    at: datetime
    level: int
    previous: int
    level_vi: str
    value_vi: str
    evidence: list[Evidence] = []


class AlertLife(msgspec.Struct, frozen=True):
    """An alert of the event; who was told and who received it, as the screens said before it was over."""

    alert: str
    kind: str
    kind_vi: str
    name: str
    parameter_vi: str
    peak_level: int
    raised_at: datetime
    cleared_at: datetime | None
    told: int
    arrived: int
    told_vi: str
    turns: list[Turn]


class Message(msgspec.Struct, frozen=True):
    """A message of the event, or one that was held back: `state`, and `reason` why.

    `change_at` is the platform's time of the change that it tells, `late_s` how late that was known, `recorded_at` when we stored it, by
    the wall clock as `sent_at` and the rest. `step` is that of a ladder (call, repeat, reply, ended); empty: news.
    """

    id: str
    contact: str
    name: str
    role: str
    level: int
    channel: str
    state: str
    step: str
    text: str
    change_at: datetime
    late_s: int
    recorded_at: datetime
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    read_at: datetime | None = None
    answered_at: datetime | None = None
    price_vnd: int | None = None
    reason: str = ""

    @property
    def left_at(self) -> datetime | None:
        """When it left us, in the platform's time; None: it did not, or nobody knows when."""
        return self.when(self.sent_at) if self.state in LEFT else None

    def when(self, wall: datetime | None) -> datetime | None:
        """A time of the wall clock as one of the platform: that of the change, its lateness, and what passed since it was stored."""
        if wall is None:
            return None
        waited = max(wall - self.recorded_at, timedelta(0))
        return self.change_at + timedelta(seconds=self.late_s) + waited


class Reply(msgspec.Struct, frozen=True):
    """What a person answered."""

    at: datetime
    name: str
    role: str
    kind: str
    way: str
    level: int


class Rung(msgspec.Struct, frozen=True):
    """A step on the way to a person who acts, in words."""

    at: datetime
    step: str
    name: str
    vi: str
    en: str


class Limit(msgspec.Struct, frozen=True):
    """A level of a rule on a curve; `above`: the bad side."""

    level: int
    name: str
    at: float
    above: bool


class Curve(msgspec.Struct, frozen=True):
    """What a sensor of the event measured: times, values (not failed), limits of its rule."""

    station: str
    parameter: str
    name: str
    unit: str
    kind: str
    times: list[datetime]
    values: list[float]
    limits: list[Limit]


class Sight(msgspec.Struct, frozen=True):
    """A kept picture; people in it are pixelated."""

    at: datetime
    name: str
    jpeg: bytes


class Aftermath(msgspec.Struct, frozen=True):
    """All of an event, `at` the platform's time of this report; `closed_at` None: it goes on."""

    number: int
    id: str
    name: str
    opened_at: datetime
    closed_at: datetime | None
    peak_level: int
    exercise: bool
    at: datetime
    alerts: list[AlertLife]
    messages: list[Message]
    replies: list[Reply]
    rungs: list[Rung]
    curves: list[Curve]
    sights: list[Sight]
