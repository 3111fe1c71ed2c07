"""What each contact is told of a change: reads what the contacts know, asks the rules, writes the outbox.

In the transaction of the change. A message that no sender has taken is locked before it is merged away: a sender skips
it, and what a sender has taken is not merged any more. Each change makes one row a contact, told or not, by name.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
from psycopg.rows import class_row, dict_row
from psycopg.types.json import Jsonb

from models.alerting.alert import AlertChange, Kind
from models.alerting.closing import CLOSED
from models.alerting.grouping import Group, Stage, Standing, Verdict, Waiting, decide
from models.alerting.places import place_of
from models.alerting.routing import channels_of, notifications
from models.alerting.together import text_of
from models.alerting.wording import CLOSED_BY
from models.envelope.reading import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable

    import psycopg

    from models.alerting.routing import Notification
    from models.commune.configuration import Commune

GIVEN_OUT = frozenset({"sending", "sent", "delivered", "doubt"})
"""A contact knows of these, as far as we can know."""
WHY = {
    Stage.MERGED: "gộp vào tin khác (merged)",
    Stage.INHIBITED: "nơi này đã báo ở mức ấy (inhibited by {})",
    Stage.OVER: "đã qua trước khi báo (over)",
    Stage.EASING: "nhẹ bớt, chỉ hiện trên màn hình (easing)",
    Stage.OUTAGE: "nằm trong một sự cố chung (outage {})",
}


class _Row(msgspec.Struct, frozen=True):
    """A notification that still matters: `shown` and `seqs` are what it tells."""

    id: str
    alert: str
    contact: str
    state: str
    attempts: int
    next_at: datetime
    claimed_at: datetime | None
    shown: list[str]
    seqs: list[int]
    stage: str | None
    done: bool


class Known(msgspec.Struct, frozen=True):
    """The changes of one alert, by seq."""

    changes: dict[int, AlertChange]

    @property
    def newest(self) -> AlertChange:
        """The last one."""
        return self.changes[max(self.changes)]


def tell(
    connection: psycopg.Connection,
    change: AlertChange,
    peak: int,
    commune: Commune,
    now: datetime,
    interval_s: float,
) -> int:
    """Write a row of the outbox for each contact concerned; returns how many rows there are.

    `peak` is the highest level that the alert has had. The change itself is already stored.
    """
    wanted = notifications(change, commune, peak)
    if not wanted:
        return 0
    place = place_of(change, commune)
    rows = _rows(connection, [one.contact for one in wanted], place, change.alert)
    known = _known(connection, {change.alert, *(each for row in rows for each in (row.alert, *row.shown))})
    contacts = {one.id: one for one in commune.contacts}
    done: list[str] = []
    for one in wanted:
        own = [row for row in rows if row.contact == one.contact]
        group = _group(place, change.alert, own, known)
        verdict = decide(change, group, contacts[one.contact], now, interval_s)
        if verdict.stage is None:
            text = text_of(verdict.shown, verdict.still, commune)
            channels = channels_of(contacts[one.contact], verdict.shown)
            one = msgspec.structs.replace(  # noqa: PLW2901 (the same notification, with the words of all it tells)
                one,
                channels=channels,
                sms_text=text.sms,
                template_id=text.template,
                template_data=text.fields,
            )
        _write(connection, one, place, verdict)
        done += _done(own, group, verdict, now, interval_s)
    if done:
        connection.execute("update notification set done = true where id = any(%s)", [done])
    return len(wanted)


def tell_all(
    connection: psycopg.Connection, wanted: list[Notification], changes: list[AlertChange], now: datetime
) -> int:
    """Write a message of its own for each contact, about `changes`: what closes alerts by name waits for no other news."""
    for one in wanted:
        _write(connection, one, changes[0].station, Verdict(now, shown=changes))
    alerts = [one.alert for one in changes]
    connection.execute(
        "update notification set done = true where alert = any(%s) and state not in ('pending', 'sending')",
        [alerts],
    )
    return len(wanted)


def _rows(connection: psycopg.Connection, contacts: list[str], place: str, alert: str) -> list[_Row]:
    """The contacts' notifications of the place (and of the alert, whatever its place was), oldest first."""
    # Waits for a sender that is claiming just now, and sees what it took: then it waits no more.
    connection.execute(
        """
        select id from notification where contact = any(%s) and place = %s and not done
          and state = 'pending' and attempts = 0 order by id for update
        """,
        [contacts, place],
    )
    with connection.cursor(row_factory=class_row(_Row)) as cursor:
        return cursor.execute(
            """
            select id, alert, contact, state, attempts, next_at, claimed_at, shown, seqs, stage, done from notification
            where contact = any(%s) and (place = %s and not done or alert = %s) order by created_at, seq
            """,
            [contacts, place, alert],
        ).fetchall()


def _known(connection: psycopg.Connection, alerts: Iterable[str]) -> dict[str, Known]:
    """All changes of the alerts."""
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            """
            select %s::int as v, case when c.evidence -> 0 ->> 'vi' like %s then %s else 'store' end as source, c.alert, c.seq, c.at, a.rule, a.kind, a.station, a.parameter,
              c.change, c.level, c.previous, c.value, c."limit", a.unit, coalesce(c.evidence, '[]') as evidence,
              coalesce(c.parameters, '{}') as parameters, c.late_s, c.over
            from alert_change c join alert a using (alert) where c.alert = any(%s)
            """,
            [SCHEMA_VERSION, f"{CLOSED}%", CLOSED_BY, list(alerts)],
        ).fetchall()
    found: dict[str, Known] = {}
    for row in rows:
        one = msgspec.convert(row, AlertChange)
        found.setdefault(one.alert, Known({})).changes[one.seq] = one
    return found


def _group(place: str, alert: str, rows: list[_Row], known: dict[str, Known]) -> Group:
    """What one contact knows, from the rows of the outbox in their order."""
    told: dict[str, tuple[int, bool]] = {}
    muted: dict[str, str] = {}
    waiting: Waiting | None = None
    last: datetime | None = None
    for row in rows:
        if row.stage not in (None, Stage.MERGED):
            muted[row.alert] = row.stage
        retried = row.state == "pending" and row.attempts > 0
        if row.state in GIVEN_OUT or retried:
            told |= {each: (seq, retried) for each, seq in zip(row.shown, row.seqs, strict=True)}
            if row.claimed_at is not None and not retried:
                last = row.claimed_at if last is None else max(last, row.claimed_at)
        elif row.state == "pending":
            waiting = Waiting(row.id, row.next_at, row.shown)
    concerned = {alert, *(each for row in rows for each in (row.alert, *row.shown))} & known.keys()
    standings = {
        each: _standing(known[each], *told.get(each, (0, False)), muted.get(each, ""))
        for each in sorted(concerned)
    }
    return Group(place, standings, waiting, last)


def _standing(known: Known, seq: int, unsure: bool, muted: str) -> Standing:
    newest = known.newest
    if seq not in known.changes:
        return Standing(newest, muted=muted)
    between = [one.level for number, one in known.changes.items() if seq <= number < newest.seq]
    level = known.changes[seq].level
    return Standing(newest, level, min(between, default=level), unsure, muted)


def _done(rows: list[_Row], group: Group, verdict: Verdict, now: datetime, interval_s: float) -> list[str]:
    """Rows from which nothing follows any more; what was given out lately still makes the next message wait."""
    shown = {one.alert for one in verdict.shown}
    settled = {
        alert
        for alert, one in group.standings.items()
        if one.settled or (one.newest.kind is Kind.PAYMENT and one.told and alert not in shown)
    }
    lately = now - timedelta(seconds=interval_s)
    return [
        row.id
        for row in rows
        if not row.done
        and row.state not in ("pending", "sending")
        and settled.issuperset((row.alert, *row.shown))
        and (row.claimed_at is None or row.claimed_at < lately)
    ]


def _write(connection: psycopg.Connection, one: Notification, place: str, verdict: Verdict) -> None:
    """One row for the change; what waited for the same place is merged into it."""
    if verdict.absorbs:
        connection.execute(
            """
            update notification set state = 'merged', stage = 'merged', merged_into = %s, reason = %s
            where id = %s and state = 'pending'
            """,
            [one.id, WHY[Stage.MERGED], verdict.absorbs],
        )
    connection.execute(
        """
        insert into notification (id, alert, seq, contact, kind, level, channels, channel, sms_text, template_id,
          template_data, state, next_at, place, shown, seqs, stage, reason)
        values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing
        """,
        [
            one.id,
            one.alert,
            one.seq,
            one.contact,
            one.kind.value,
            one.level,
            one.channels,
            one.channels[0],
            one.sms_text,
            one.template_id,
            Jsonb(one.template_data),
            "pending" if verdict.stage is None else "muted",
            verdict.at,
            place,
            [each.alert for each in verdict.shown],
            [each.seq for each in verdict.shown],
            verdict.stage,
            verdict.stage and WHY[verdict.stage].format(verdict.by),
        ],
    )
