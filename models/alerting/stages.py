"""The stages that turn new changes of alerts into rows of the outbox: route, group, word. Pure; flows/alerts.py has their order.

Beside them stand gather (models/alerting/gather.py), what holds news back (holding.py) and the codes (codes.py).

A batch is as many changes one after the other: what the first makes is known to the second, though both are stored at once.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from models.alerting.codes import FIELD, answerable, room
from models.alerting.drill import headed
from models.alerting.grouping import Decision, decide
from models.alerting.knowledge import done_with, group_of
from models.alerting.outbox import Earlier, Grouped, Grouping, Merged, OutboxRow, Outgoing, Routed
from models.alerting.places import place_of
from models.alerting.routing import addressed, channels_of, concerned, key
from models.alerting.stage import Hold, Stage, never

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from models.alerting.alert import AlertChange
    from models.alerting.event import Event
    from models.alerting.gather import Gathering
    from models.alerting.knowledge import History
    from models.alerting.outbox import Arrived, Known
    from models.alerting.together import Text
    from models.commune.configuration import Commune, Contact

    Keep = Callable[[int, AlertChange, Contact], Hold | None]
    """What holds back news for a contact once the i-th change of the batch is in."""

REASONS = {
    Stage.MERGED: "gộp vào tin khác (merged)",
    Stage.INHIBITED: "nơi này đã báo ở mức ấy (inhibited by {})",
    Stage.OVER: "đã qua trước khi báo (over)",
    Stage.EASING: "nhẹ bớt, chỉ hiện trên màn hình (easing)",
    Stage.OUTAGE: "nằm trong một sự cố chung (outage {})",
    Stage.RULE: "chờ {} theo routing.yaml (inhibited by routing.yaml)",
    Stage.HOURS: "hôm nay chỉ hiện trên màn hình: {} (quiet day)",
    Stage.SILENCED: "đang tắt tin {} (silenced)",
    Stage.MAINTENANCE: "đang bảo trì {} (maintenance)",
}
"""Why a change is no message of its own, as screens and reports say it; {} is the alert (silence, day) that held it back."""
PUT_OFF = "ngoài giờ báo, đợi tới {} (put off until the hours begin)"
"""Why a message waits longer than the interval."""


def route(arrived: Iterable[Arrived], commune: Commune, at: datetime | None = None) -> list[Routed]:
    """Each change with its place and the contacts concerned, of those on duty at `at`; with nobody where it concerns none."""
    return [
        Routed(new.change, place_of(new.change, commune), concerned(new.change, commune, new.peak, at))
        for new in arrived
    ]


def group(
    routed: Sequence[Routed],
    known: Known,
    now: datetime,
    interval_s: float,
    gathering: Gathering | None = None,
    keep: Keep | None = None,
    people: Mapping[str, Contact] | None = None,
) -> Grouping:
    """What becomes of each change for each contact: a message, part of one that waits, or nothing, by name.

    `known` may already hold the batch's own changes: each change is judged by what was known when it came. `gathering` has the
    events, `keep` says what holds news back. Of what an alert inhibited and goes on, those of `people` are told when it does so no more.
    """
    batch = _Batch(known, _before(routed, known), now, interval_s)
    for i, each in enumerate(routed):
        change = each.change
        stored = known.changes.get(change.alert, {}).get(change.seq, change)
        batch.changes[change.alert][change.seq] = stored
        event = gathering.views[i].event if gathering else None
        for contact in each.contacts:
            name = key(change.alert, change.seq, contact.id)
            batch.judge(name, change, each.place, contact, event, _holding(keep, i, contact))
        for row in batch.outbox.inhibited_by(change):
            person = (people or {}).get(row.contact)
            if person is not None:
                event = gathering.known.get(row.event or "") if gathering else None
                batch.free(row, change, person, event, _holding(keep, i, person))
    return Grouping(batch.news, batch.done)


def word(
    grouping: Grouping,
    commune: Commune,
    codes: Mapping[tuple[str, str], int] | None = None,
    patterns: Mapping[str, str] | None = None,
    head: str = "",
) -> Outgoing:
    """The rows of the outbox in their words: a message tells all that it shows, what is muted what it would have told.

    `codes` of contact and event; `patterns`: by channel, how an SMS of it is answered (models/alerting/codes.py). `head` stands in front
    of every text.
    """
    texts: dict[tuple[object, ...], Text] = {}
    rows: list[OutboxRow] = []
    for made in grouping.news:
        decision, change = made.decision, made.change
        shown, still = decision.shown or [change], decision.still
        code = (codes or {}).get((made.contact.id, made.event.id)) if made.event else None
        code = code if decision.stage is None else None
        rises = any(told.level > told.previous for told in shown)
        pattern = _pattern(made.contact, patterns or {}) if code is not None and rises else None
        same = (decision.stage is None, pattern, *map(_name, shown), "still", *map(_name, still))
        if same not in texts:
            texts[same] = headed(shown, still, commune, room(pattern), head)
        text = texts[same]
        if code is not None:
            sms = text.sms if pattern is None else answerable(text.sms, pattern, code)
            text = text._replace(sms=sms, fields=text.fields | {FIELD: str(code)})
        notification = addressed(change, made.contact.id, channels_of(made.contact, shown), text)
        reason = PUT_OFF.format(decision.put_off) if decision.put_off else None
        row = OutboxRow(
            notification=msgspec.structs.replace(notification, id=made.id),
            place=made.place,
            state="pending" if decision.stage is None else "muted",
            next_at=decision.at,
            shown=[told.alert for told in decision.shown],
            seqs=[told.seq for told in decision.shown],
            stage=decision.stage,
            reason=(decision.stage and REASONS[decision.stage].format(decision.by)) or reason,
            event=made.event.id if made.event else None,
            code=code,
            silence=decision.silence,
            held_by=_held_by(decision),
            held_until=decision.at if decision.put_off else None,
        )
        rows.append(row)
    merged = [
        Merged(made.decision.absorbs, made.id, REASONS[Stage.MERGED])
        for made in grouping.news
        if made.decision.absorbs
    ]
    return Outgoing(rows, merged, grouping.done)


def _pattern(contact: Contact, patterns: Mapping[str, str]) -> str | None:
    """How the contact answers an SMS: as the first of the ways says that can be answered."""
    return next((patterns[way] for way in contact.channels if way in patterns), None)


def _held_by(decision: Decision) -> str | None:
    """The alert whose end frees what it inhibits by routing.yaml."""
    return decision.by if decision.stage is Stage.RULE else None


def _holding(keep: Keep | None, i: int, contact: Contact) -> Callable[[AlertChange], Hold | None]:
    if keep is None:
        return never
    return lambda change: keep(i, change, contact)


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


class _Batch:
    """The changes one after the other, and what has become of them so far."""

    def __init__(self, known: Known, changes: dict[str, History], now: datetime, interval_s: float) -> None:
        self.outbox, self.changes = _Outbox(known.earlier), changes
        self._now, self._interval_s = now, interval_s
        self.news: list[Grouped] = []
        self.done: list[str] = []

    def judge(
        self,
        name: str,
        change: AlertChange,
        place: str,
        contact: Contact,
        event: Event | None,
        hold: Callable[[AlertChange], Hold | None],
    ) -> None:
        """What becomes of the newest change of an alert for a contact; `name` is the key of its notification."""
        earlier = self.outbox.of(contact.id, place, change.alert)
        knows = group_of(place, change.alert, earlier, self.changes)
        decision = decide(change, knows, contact, self._now, self._interval_s, hold)
        made = Grouped(name, change, place, contact, decision, event)
        over = done_with(earlier, knows, decision, self._now, self._interval_s)
        self.outbox.take_in(made, over)
        self.news.append(made)
        self.done += over

    def free(
        self,
        row: Earlier,
        behind: AlertChange,
        contact: Contact,
        event: Event | None,
        hold: Callable[[AlertChange], Hold | None],
    ) -> None:
        """Judge anew what `row` says was inhibited by the alert of `behind`, if it goes on and nothing else became of it since."""
        place = row.place or ""
        earlier = self.outbox.of(contact.id, place, row.alert)
        knows = group_of(place, row.alert, earlier, self.changes)
        own = knows.alerts.get(row.alert)
        last = [each for each in earlier if each.alert == row.alert][-1]
        waits = knows.waiting is not None and row.alert in knows.waiting.alerts
        if own is None or not own.open or own.heard or waits or last.id != row.id:
            return
        held = hold(own.newest)
        if held is None or held.by != behind.alert:
            name = key(row.alert, own.newest.seq, f"{contact.id}|{behind.alert}|{behind.seq}")
            self.judge(name, own.newest, place, contact, event, hold)


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

    def inhibited_by(self, change: AlertChange) -> list[Earlier]:
        """What the alert of a change that lowers it has inhibited, and from which something may follow."""
        if change.level >= change.previous:
            return []
        return [row for row in self._rows.values() if row.held_by == change.alert and not row.done]

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
            held_by=_held_by(decision),
            event=made.event.id if made.event else None,
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
