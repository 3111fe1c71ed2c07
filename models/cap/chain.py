"""The messages of an alert, from its changes: Alert, then Update, at last Cancel; what goes on is told again before it runs out.

    raise ── Alert ── worse/better ── Update ── (half its validity) ── Update, the same again ── clear ── Cancel

A message holds for `valid_h` of its kind; an open alert that does not change is repeated at half of that, so that no reader ever sees it
expire while the river is high. Which repetition it is follows from the time alone: who asks twice gets the same names.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from models.alerting.words import VIETNAM
from models.cap.area import area_of
from models.cap.message import Info, Message, MsgType, Status
from models.cap.names import identifier
from models.cap.words import judged, said
from models.catalogue.public import PUBLIC

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.alerting.alert import AlertChange
    from models.commune.configuration import Commune
    from models.map.sketch import Sketch

AGAIN = "Nhắc lại: cảnh báo vẫn còn hiệu lực (told again: the alert still holds)"
EXERCISE = "Diễn tập, không phải cảnh báo thật (an exercise, no real alert)"


class Sender(msgspec.Struct, frozen=True):
    """Who tells, for whom: the sender's id of the settings, the commune and its map."""

    id: str
    commune: Commune
    sketch: Sketch

    @property
    def name(self) -> str:
        """The commune's newest unit, for people."""
        newest = max(self.commune.units, key=lambda unit: unit.valid_from, default=None)
        return self.id if newest is None else newest.name


class Chain(msgspec.Struct, frozen=True):
    """The changes of one alert, in order; `event` is the one that it belongs to, or nothing."""

    changes: Sequence[AlertChange]
    event: str = ""
    status: Status = Status.ACTUAL


def messages(chain: Chain, sender: Sender, now: datetime) -> list[Message]:
    """All messages of the chain up to `now`, the earliest first.

    News of the past that is over already begins nothing (`over`); an end of what was never told is not told.
    """
    made: list[Message] = []
    begun: AlertChange | None = None
    for change in chain.changes:
        if begun is None and (change.level == 0 or change.over):
            continue
        told = _told(change, made)
        if told > now:
            break
        made += _again(chain, sender, made, begun, told)
        begun = begun or change
        made.append(_message(chain, sender, change, begun, made, told))
        if change.level == 0:
            begun = None
    return made + _again(chain, sender, made, begun, now)


def _told(change: AlertChange, made: Sequence[Message]) -> datetime:
    """When it could be told, to the second; never before what was told earlier."""
    at = (change.at + timedelta(seconds=change.late_s)).replace(microsecond=0)
    return max([at, *(message.sent for message in made[-1:])])


def _again(
    chain: Chain, sender: Sender, made: Sequence[Message], begun: AlertChange | None, until: datetime
) -> list[Message]:
    """The repetitions of what holds, after the last of `made` and before `until`."""
    if begun is None or not made:
        return []
    last = made[-1]
    change = next(one for one in reversed(chain.changes) if identifier(one.alert, one.seq) == last.identifier)
    every = timedelta(hours=PUBLIC[change.kind].valid_h) / 2
    more: list[Message] = []
    while last.sent + every * (len(more) + 1) < until:
        told = last.sent + every * (len(more) + 1)
        before = [*made, *more]
        more.append(_message(chain, sender, change, begun, before, told, len(more) + 1))
    return more


def _message(
    chain: Chain,
    sender: Sender,
    change: AlertChange,
    begun: AlertChange,
    before: Sequence[Message],
    told: datetime,
    again: int = 0,
) -> Message:
    in_force = _in_force(before, told)
    kind = MsgType.UPDATE if in_force else MsgType.ALERT
    notes = [AGAIN] if again else []
    notes += [EXERCISE] if chain.status is Status.EXERCISE else []
    return Message(
        identifier(change.alert, change.seq, again),
        sender.id,
        told,
        chain.status,
        MsgType.CANCEL if change.level == 0 else kind,
        _infos(chain, sender, change, begun, told),
        "; ".join(notes),
        tuple((one.sender, one.identifier, one.sent) for one in in_force),
        chain.event,
    )


def _in_force(before: Sequence[Message], told: datetime) -> list[Message]:
    """Those since the last Cancel that have not run out, and always the last of them; what was sent earlier runs out earlier."""
    found: list[Message] = []
    for one in reversed(before):
        if one.type is MsgType.CANCEL or (found and one.expires <= told):
            break
        found.append(one)
    return found[::-1]


def _infos(
    chain: Chain, sender: Sender, change: AlertChange, begun: AlertChange, told: datetime
) -> tuple[Info, ...]:
    row, judgement = PUBLIC[change.kind], judged(change)
    onset = begun.at.replace(microsecond=0)
    area = area_of(change.station, sender.commune, sender.sketch, told.astimezone(VIETNAM).date())
    return tuple(
        Info(
            one.language,
            row.category,
            one.event,
            judgement.response,
            judgement.urgency,
            judgement.severity,
            judgement.certainty,
            told,
            min(onset, told),
            told + timedelta(hours=row.valid_h),
            sender.name,
            one.headline,
            one.description,
            one.instruction,
            area,
        )
        for one in said(change, sender.commune, exercise=chain.status is Status.EXERCISE)
    )
