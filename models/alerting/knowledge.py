"""What one contact knows of one place: read out of the notifications that it has had. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from models.alerting.alert import Kind
from models.alerting.grouping import Group, KnownAlert, Waiting
from models.alerting.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from models.alerting.alert import AlertChange
    from models.alerting.grouping import Decision
    from models.alerting.outbox import Earlier

GIVEN_OUT = frozenset({"sending", "sent", "delivered", "doubt"})
"""States of a notification that a contact knows of, as far as we can know."""
UNDER_WAY = frozenset({"pending", "sending"})
"""States in which a sender has still something to do."""

History = dict[int, "AlertChange"]
"""The changes of one alert, by seq."""


def group_of(place: str, alert: str, earlier: Sequence[Earlier], changes: Mapping[str, History]) -> Group:
    """What a contact knows of `place`, and of `alert` wherever it was news of before.

    `earlier` are its notifications about them, oldest first; `changes` by alert all that is stored by now.
    """
    given: dict[str, tuple[int, bool, datetime | None]] = {}
    muted: dict[str, str] = {}
    waiting: Waiting | None = None
    last: datetime | None = None
    for row in earlier:
        if row.stage not in (None, Stage.MERGED):
            muted[row.alert] = row.stage
        retried = row.state == "pending" and row.attempts > 0
        if row.state in GIVEN_OUT or retried:
            given |= {
                shown: (seq, retried, row.claimed_at) for shown, seq in zip(row.shown, row.seqs, strict=True)
            }
            if row.claimed_at is not None and not retried:
                last = row.claimed_at if last is None else max(last, row.claimed_at)
        elif row.state == "pending":
            waiting = Waiting(row.id, row.next_at, row.shown)
    concerned = {alert, *(name for row in earlier for name in (row.alert, *row.shown))} & changes.keys()
    alerts = {
        name: _known_alert(changes[name], *given.get(name, (0, False, None)), muted.get(name, ""))
        for name in sorted(concerned)
    }
    return Group(place, alerts, waiting, last)


def done_with(
    earlier: Sequence[Earlier], group: Group, decision: Decision, now: datetime, interval_s: float
) -> list[str]:
    """Ids of notifications from which nothing follows any more once `decision` is stored.

    All that they tell is over and told; what was given out within `interval_s` still makes the next message wait.
    """
    shown = {change.alert for change in decision.shown}
    settled = {
        name
        for name, alert in group.alerts.items()
        if alert.settled or (alert.newest.kind is Kind.PAYMENT and alert.heard and name not in shown)
    }
    lately = now - timedelta(seconds=interval_s)
    return [
        row.id
        for row in earlier
        if not row.done
        and row.state not in UNDER_WAY
        and settled.issuperset((row.alert, *row.shown))
        and (row.claimed_at is None or row.claimed_at < lately)
    ]


def _known_alert(
    changes: History, seq: int, unsure: bool, told_at: datetime | None, muted: str
) -> KnownAlert:
    """`seq` is the change last given out to the contact; 0 where none was."""
    newest = changes[max(changes)]
    if seq not in changes:
        return KnownAlert(newest, muted=muted)
    level = changes[seq].level
    between = [change.level for number, change in changes.items() if seq <= number < newest.seq]
    return KnownAlert(newest, level, min(between, default=level), unsure, muted, told_at)
