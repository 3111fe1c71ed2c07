"""The stages that turn new changes of alerts into rows of the outbox: route, group, word. Pure; flows/alerts.py has their order.

A batch is as many changes one after the other: what the first makes is known to the second, though both are stored at once.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from models.alerting.grouping import Stage, decide
from models.alerting.knowledge import done_with, group_of
from models.alerting.outbox import Earlier, Grouped, Grouping, Merged, OutboxRow, Outgoing, Routed
from models.alerting.places import place_of
from models.alerting.routing import addressed, channels_of, concerned, key
from models.alerting.together import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from models.alerting.alert import AlertChange
    from models.alerting.knowledge import History
    from models.alerting.outbox import Arrived, Known
    from models.alerting.together import Text
    from models.commune.configuration import Commune

REASONS = {
    Stage.MERGED: "gộp vào tin khác (merged)",
    Stage.INHIBITED: "nơi này đã báo ở mức ấy (inhibited by {})",
    Stage.OVER: "đã qua trước khi báo (over)",
    Stage.EASING: "nhẹ bớt, chỉ hiện trên màn hình (easing)",
    Stage.OUTAGE: "nằm trong một sự cố chung (outage {})",
}
"""Why a change is no message of its own, as screens and reports say it; {} is the alert that held it back."""


def route(arrived: Iterable[Arrived], commune: Commune) -> list[Routed]:
    """Each change with its place and the contacts concerned; with nobody where it concerns none."""
    return [
        Routed(new.change, place_of(new.change, commune), concerned(new.change, commune, new.peak))
        for new in arrived
    ]


def group(routed: Sequence[Routed], known: Known, now: datetime, interval_s: float) -> Grouping:
    """What becomes of each change for each contact: a message, part of one that waits, or nothing, by name.

    `known` may already hold the batch's own changes: each change is judged by what was known when it came.
    """
    outbox, changes = _Outbox(known.earlier), _before(routed, known)
    news: list[Grouped] = []
    done: list[str] = []
    for each in routed:
        change = each.change
        stored = known.changes.get(change.alert, {}).get(change.seq, change)
        changes[change.alert][change.seq] = stored
        for contact in each.contacts:
            earlier = outbox.of(contact.id, each.place, change.alert)
            knows = group_of(each.place, change.alert, earlier, changes)
            decision = decide(change, knows, contact, now, interval_s)
            made = Grouped(key(change.alert, change.seq, contact.id), change, each.place, contact, decision)
            over = done_with(earlier, knows, decision, now, interval_s)
            outbox.take_in(made, over)
            news.append(made)
            done += over
    return Grouping(news, done)


def word(grouping: Grouping, commune: Commune) -> Outgoing:
    """The rows of the outbox in their words: a message tells all that it shows, what is muted what it would have told."""
    texts: dict[tuple[object, ...], Text] = {}
    rows: list[OutboxRow] = []
    for made in grouping.news:
        decision, change = made.decision, made.change
        shown, still = decision.shown or [change], decision.still
        same = (decision.stage is None, *map(_name, shown), "still", *map(_name, still))
        if same not in texts:
            texts[same] = text_of(shown, still, commune)
        notification = addressed(change, made.contact.id, channels_of(made.contact, shown), texts[same])
        row = OutboxRow(
            notification=notification,
            place=made.place,
            state="pending" if decision.stage is None else "muted",
            next_at=decision.at,
            shown=[told.alert for told in decision.shown],
            seqs=[told.seq for told in decision.shown],
            stage=decision.stage,
            reason=decision.stage and REASONS[decision.stage].format(decision.by),
        )
        rows.append(row)
    merged = [
        Merged(made.decision.absorbs, made.id, REASONS[Stage.MERGED])
        for made in grouping.news
        if made.decision.absorbs
    ]
    return Outgoing(rows, merged, grouping.done)


def _name(change: AlertChange) -> tuple[str, int]:
    return change.alert, change.seq


def _before(routed: Iterable[Routed], known: Known) -> dict[str, History]:
    """The changes that were there before the batch."""
    changes: dict[str, History] = defaultdict(dict)
    changes |= {alert: dict(history) for alert, history in known.changes.items()}
    for each in routed:
        history = changes.get(each.change.alert, {})
        history.pop(each.change.seq, None)
        if not history:
            changes.pop(each.change.alert, None)
    return changes


class _Outbox:
    """The outbox as it will be: what was there, and what this batch has made so far."""

    def __init__(self, earlier: Iterable[Earlier]) -> None:
        self._rows: dict[str, Earlier] = {}
        self._order: dict[str, tuple[bool, int, int]] = {}
        self._of_place: dict[tuple[str, str | None], set[str]] = defaultdict(set)
        self._of_alert: dict[tuple[str, str], set[str]] = defaultdict(set)
        for i, row in enumerate(earlier):
            self._add(row, (False, i, i))

    def of(self, contact: str, place: str, alert: str) -> list[Earlier]:
        """The contact's notifications about the place that are not done, and about the alert; oldest first."""
        ids = self._of_place[contact, place] | self._of_alert[contact, alert]
        return [self._rows[each] for each in sorted(ids, key=self._order.__getitem__)]

    def take_in(self, made: Grouped, done: Iterable[str]) -> None:
        """Remember what became of a change, as the store will have it."""
        decision, change = made.decision, made.change
        if decision.absorbs:
            waiting = self._rows[decision.absorbs]
            self._rows[waiting.id] = msgspec.structs.replace(waiting, state="merged", stage=Stage.MERGED)
        for each in done:
            row = self._rows[each] = msgspec.structs.replace(self._rows[each], done=True)
            self._of_place[row.contact, row.place].discard(each)
        row = Earlier(
            id=made.id,
            alert=change.alert,
            seq=change.seq,
            contact=made.contact.id,
            place=made.place,
            state="pending" if decision.stage is None else "muted",
            attempts=0,
            next_at=decision.at,
            claimed_at=None,
            shown=[told.alert for told in decision.shown],
            seqs=[told.seq for told in decision.shown],
            stage=decision.stage,
            done=False,
        )
        # What one transaction writes has one time: of it the lower seq is the older, as in the store.
        self._add(row, (True, row.seq, len(self._rows)))

    def _add(self, row: Earlier, order: tuple[bool, int, int]) -> None:
        if row.id in self._rows:
            return
        self._rows[row.id], self._order[row.id] = row, order
        self._of_alert[row.contact, row.alert].add(row.id)
        if not row.done:
            self._of_place[row.contact, row.place].add(row.id)
