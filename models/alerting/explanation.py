"""For each contact: why an alert was told, or not, and by which stage. Pure; the rows are what was stored when it happened."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from models.alerting.routing import APART, apart
from models.alerting.words import VIETNAM
from models.catalogue.channels import channel_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from models.alerting.alert import AlertChange
    from models.catalogue.kinds import Words
    from models.commune.configuration import Commune, Contact

STATES: dict[str, Words] = {
    "pending": ("đợi gửi", "waits"),
    "sending": ("đang gửi", "being sent"),
    "sent": ("đã gửi", "sent"),
    "delivered": ("đã tới máy", "delivered"),
    "refused": ("cổng từ chối", "refused"),
    "doubt": ("chưa chắc đã gửi", "perhaps sent"),
    "expired": ("quá hạn, không gửi", "expired"),
    "merged": ("gộp vào tin khác", "merged"),
    "muted": ("không gửi", "not told"),
}
NOT_KEPT: Words = ("không còn tin nào được lưu", "no notification of it is kept")
"""Who is concerned by today's configuration, and has no row: it was another then, or the rows are past their time."""

NOT_OF_THE_DRILL: Words = ("diễn tập này không gọi người này", "the drill did not name this contact")


class Kept(msgspec.Struct, frozen=True):
    """A stored notification that an alert made, or that tells of it (`seq` is then of the alert that made it)."""

    contact: str
    alert: str
    seq: int
    level: int
    channel: str
    state: str
    stage: str | None
    reason: str | None
    created_at: datetime
    next_at: datetime
    code: int | None = None
    step: str | None = None


class Explained(msgspec.Struct, frozen=True):
    """What one contact had of the alert, line by line; `told`: at least one message went out or will."""

    contact: str
    name: str
    told: bool
    lines: list[Words]


def explain(changes: Sequence[AlertChange], kept: Iterable[Kept], commune: Commune) -> list[Explained]:
    """For each contact of the commune, in the order of the configuration, then for those who are no contacts any more."""
    rows: dict[str, list[Kept]] = {}
    for row in kept:
        rows.setdefault(row.contact, []).append(row)
    found = []
    for contact in commune.contacts:
        own = rows.pop(contact.id, [])
        lines = [_line(row, changes) for row in own] or [_apart(changes, contact, commune)]
        found.append(Explained(contact.id, contact.name, any(map(_told, own)), lines))
    return [
        *found,
        *(
            Explained(name, name, any(map(_told, own)), [_line(row, changes) for row in own])
            for name, own in rows.items()
        ),
    ]


def _told(row: Kept) -> bool:
    return row.stage is None and row.state not in ("refused", "expired")


def _line(row: Kept, changes: Sequence[AlertChange]) -> Words:
    own = next((change for change in changes if (change.alert, change.seq) == (row.alert, row.seq)), None)
    vi, en = STATES.get(row.state, (row.state, row.state))
    parts_vi = [f"{_at(row.created_at)} mức {row.level}"]
    parts_en = [own.change.value if own else row.step or f"with {row.alert}", f"level {row.level}", en]
    if row.stage is None:
        due = f" {_at(row.next_at)}" if row.state == "pending" else ""
        vi = f"{vi}{due} qua {channel_name(row.channel)}"
        vi += f", mã {row.code}" if row.code is not None else ""
    elif row.stage == row.state:
        vi = ""
    why = row.reason or ""
    parts_vi.append(": ".join(part for part in (vi, why) if part))
    return ", ".join(parts_vi), ", ".join(parts_en)


def _apart(changes: Sequence[AlertChange], contact: Contact, commune: Commune) -> Words:
    """Why the worst of the changes is not for the contact, by today's configuration and the shift of its time."""
    worst = max(changes, key=lambda change: change.level, default=None)
    if worst is None:
        return NOT_KEPT
    why = apart(worst, contact, commune, worst.level, worst.at + timedelta(seconds=worst.late_s))
    if why is not None:
        return APART[why]
    return NOT_OF_THE_DRILL if worst.exercise else NOT_KEPT


def _at(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%H:%M:%S %d/%m}"
