"""The canary's way through the alerts flow, how old it may be, and when the administrator is told by another way."""

from __future__ import annotations

import enum
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from models.alerting.outbox import OutboxRow
from models.alerting.routing import Notification, key
from models.commune.canary import CANARY

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from models.alerting.alert import AlertChange

LATE_S = 180
"""It comes each minute: one that was lost is good, two are slow, from three on it is late. The SQL function canary_at has the same."""
HOLD = timedelta(minutes=2)
"""So long it must have been late, and then good again, before the administrator is told: a restart of one process is no news."""
PATIENCE = timedelta(minutes=10)
"""Who has never seen it waits so long: a platform that has just begun."""


class Apart(NamedTuple):
    """Changes that are the canary's, those of a drill, and all others, each in their order."""

    canary: list[AlertChange]
    exercises: list[AlertChange]
    others: list[AlertChange]


def apart(changes: Iterable[AlertChange]) -> Apart:
    """Set aside what is not real: the canary, which is no alert, has no place and is told to nobody, and what is of a drill."""
    found = Apart([], [], [])
    for change in changes:
        if change.station == CANARY:
            found.canary.append(change)
        else:
            (found.exercises if change.exercise else found.others).append(change)
    return found


def canary_rows(changes: Sequence[AlertChange], now: datetime) -> list[OutboxRow]:
    """The newest of the canary's changes as a row of the outbox, due at once, by the channel that ends in the delivery itself.

    Older ones of the same batch are not sent: what counts is how old the newest is that has come through. A change that is not of its
    own rule (a clock, a silence) is nobody's.
    """
    own = [change for change in changes if change.rule == CANARY]
    if not own:
        return []
    newest = max(own, key=lambda change: change.at)
    notification = Notification(
        id=key(newest.alert, newest.seq, CANARY),
        alert=newest.alert,
        seq=newest.seq,
        contact=CANARY,
        kind=newest.kind,
        level=newest.level,
        channels=[CANARY],
        sms_text=CANARY,
        template_id=CANARY,
        template_data={SENT_AT: newest.at.isoformat()},
    )
    return [OutboxRow(notification, CANARY, "pending", now, shown=[], seqs=[])]


SENT_AT = "sent_at"
"""The field in which the message says when the reading was made."""


def sent_at(fields: dict[str, str]) -> datetime:
    """When the reading was made of which this message tells; raises KeyError, ValueError for a message that is not the canary's."""
    return datetime.fromisoformat(fields[SENT_AT])


class Tidings(enum.StrEnum):
    """What the administrator is told."""

    LATE = "late"
    BACK = "back"


class Watch(msgspec.Struct, frozen=True):
    """What the watcher remembers: since when it watches, the newest canary that it knows of, since when it is late (or good again).

    `told`: the administrator was told that it is late, and not yet that it is back. `turned_at`: since when it is otherwise than told.
    """

    since: datetime
    newest: datetime | None = None
    told: bool = False
    turned_at: datetime | None = None


def watch(own: Watch, newest: datetime | None, now: datetime) -> tuple[Watch, Tidings | None]:
    """Look once: what to remember, and what the administrator is to be told now, if anything.

    `newest`: when the newest reading that came through was made; None: none did, or the store cannot be read. What is to be told stays
    so until `own.told` is changed by who told it (`said`).
    """
    known = max((at for at in (own.newest, newest) if at is not None), default=None)
    if known is None:
        late = own.told or now - own.since > PATIENCE
    else:
        late = now - known > timedelta(seconds=LATE_S)
    if late == own.told:
        return msgspec.structs.replace(own, newest=known, turned_at=None), None
    turned = own.turned_at or now
    after = msgspec.structs.replace(own, newest=known, turned_at=turned)
    if now - turned < HOLD:
        return after, None
    return after, Tidings.LATE if late else Tidings.BACK


def said(own: Watch, tidings: Tidings) -> Watch:
    """The administrator has been told."""
    return msgspec.structs.replace(own, told=tidings is Tidings.LATE, turned_at=None)


def tidings_text(tidings: Tidings, newest: datetime | None, now: datetime, commune: str) -> tuple[str, str]:
    """Subject and text of the message to the administrator, Vietnamese first."""
    from models.alerting.words import VIETNAM, duration

    if tidings is Tidings.BACK:
        return (
            f"Phù Sa {commune}: tin thử đã thông lại",
            f"Tin thử của Phù Sa ({commune}) lại đi hết đường từ trạm đến cổng gửi.\nThe canary goes the whole way again.",
        )
    if newest is None:
        since_vi, since_en = "chưa từng đi hết đường", "has never come through"
    else:
        span, at = duration((now - newest).total_seconds()), newest.astimezone(VIETNAM)
        since_vi = f"không đi hết đường đã {span[0]}, từ {at:%H:%M %d/%m}"
        since_en = f"has not come through for {span[1]}, since {at:%H:%M %d/%m}"
    text = (
        f"Tin thử của Phù Sa ({commune}) {since_vi}. Cảnh báo thật có thể cũng không tới. Xem ngay: phusa status, phusa doctor.\n"
        f"The canary {since_en}: real alerts may not come through either. Look at phusa status and phusa doctor."
    )
    return f"Phù Sa {commune}: TIN THỬ TRỄ, cảnh báo có thể không tới người dân", text
