"""The outbox as the alerts flow sees it: what each contact has had, and the rows to write. SQL only.

What becomes of a change is decided between the two, by the stages of flows/alerts.py, in the transaction of the change.
The look-up locks what may be merged away: a message that no sender has taken. A sender that is claiming just now is
waited for, and what it took is seen; one that claims later skips what is locked (connectors/timescale/outbox.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import structlog
from psycopg.rows import class_row, dict_row
from psycopg.types.json import Jsonb

from connectors.timescale.events import look_around, store_events
from models.alerting.alert import AlertChange
from models.alerting.closing import CLOSED
from models.alerting.open_alert import Open, Stored
from models.alerting.outbox import Earlier, Known
from models.alerting.wording import CLOSED_BY
from models.envelope.reading import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    import psycopg

    from models.alerting.around import Around
    from models.alerting.outbox import OutboxRow, Outgoing, Routed

log = structlog.get_logger(__name__)

_CONCERNED = """
select p.id from notification p join unnest(%(place_contacts)s::text[], %(places)s::text[]) as w (contact, place)
  on p.contact = w.contact and p.place = w.place where not p.done and p.step is null
union
select a.id from notification a join unnest(%(alert_contacts)s::text[], %(alerts)s::text[]) as w (contact, alert)
  on a.contact = w.contact and a.alert = w.alert where a.step is null
union
select p.id from notification h join notification p on p.contact = h.contact and p.place = h.place
  where h.held_by = any(%(alerts)s::text[]) and not h.done and not p.done and p.step is null
"""
"""Ids of the contacts' news of the places, of the alerts, whatever their place was, and of the places of what they inhibit; calls and replies are no news."""

_LOCK = f"""
select id from notification where id in ({_CONCERNED}) and state = 'pending' and attempts = 0 order by id for update
"""

_EARLIER = f"""
select id, alert, seq, contact, place, state, attempts, next_at, claimed_at, shown, seqs, stage, done,
  held_by, event
from notification where id in ({_CONCERNED}) order by created_at, seq
"""

_CHANGES = """
select %(version)s::int as v, case when c.evidence -> 0 ->> 'vi' like %(closed)s then %(closed_by)s else 'store' end
  as source, c.alert, c.seq, c.at, a.rule, a.kind, a.station, a.parameter, c.change, c.level, c.previous, c.value,
  c."limit", a.unit, coalesce(c.evidence, '[]') as evidence, coalesce(c.parameters, '{}') as parameters, c.late_s,
  c.over
from alert_change c join alert a using (alert) where c.alert = any(%(alerts)s)
"""

_CLOSED_BEFORE = """
select c.alert, c.seq, c.at, c.level, c.previous from alert_change c
where c.alert = any(%s) and exists (
  select from alert_change k where k.alert = c.alert and k.evidence -> 0 ->> 'vi' like %s)
order by c.alert, c.seq
"""

_OPEN = """
select a.alert, a.rule, a.kind, a.station, a.parameter, a.level, a.value, a.unit, last.seq, last."limit",
  coalesce((select n.template_data ->> 'tram' from notification n where n.alert = a.alert and n.step is null order by n.seq limit 1), '')
    as name
from alert a
join lateral (select c.seq, c."limit" from alert_change c where c.alert = a.alert order by c.seq desc limit 1) last on true
where a.cleared_at is null and not a.exercise
order by a.raised_at, a.alert for update of a
"""

_INSERT = """
insert into notification (id, alert, seq, contact, kind, level, channels, channel, sms_text, template_id,
  template_data, state, next_at, place, shown, seqs, stage, reason, event, code, silence, held_by, held_until, exercise)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing
"""

_MERGE = """
update notification set state = 'merged', stage = 'merged', merged_into = %s, reason = %s
where id = %s and state = 'pending'
"""


class StoreLookup:
    """What the stages ask of the store, on the connection of their transaction (models.alerting.outbox.Lookup)."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def look_up(self, routed: Sequence[Routed], /) -> Known:
        """What the contacts have had; what no sender has taken is locked until the transaction ends."""
        places = {(contact.id, each.place) for each in routed for contact in each.contacts}
        alerts = {(contact.id, each.change.alert) for each in routed for contact in each.contacts}
        if not places:
            return Known()
        values = {
            "place_contacts": [contact for contact, _ in places],
            "places": [place for _, place in places],
            "alert_contacts": [contact for contact, _ in alerts],
            "alerts": [alert for _, alert in alerts],
        }
        # Two statements: the second sees what the sender took for which the first has waited.
        self._connection.execute(_LOCK, values)
        with self._connection.cursor(row_factory=class_row(Earlier)) as cursor:
            earlier = cursor.execute(_EARLIER, values).fetchall()
        named = {alert for _, alert in alerts} | {name for row in earlier for name in (row.alert, *row.shown)}
        return Known(earlier, changes_of(self._connection, sorted(named)))

    def around(
        self,
        changes: Sequence[AlertChange],
        places: Sequence[str],
        contacts: Sequence[str],
        inhibiting: Collection[str],
        at: datetime,
        /,
    ) -> Around:
        """Events, alerts, codes and silences; the events are locked until the transaction ends."""
        return look_around(self._connection, changes, places, contacts, inhibiting, at)

    def closed_before(self, alerts: Sequence[str], /) -> list[Stored]:
        """All changes of those of the alerts that were once closed by name."""
        with self._connection.cursor(row_factory=class_row(Stored)) as cursor:
            return cursor.execute(_CLOSED_BEFORE, [list(alerts), f"{CLOSED}%"]).fetchall()

    def open_alerts(self) -> list[Open]:
        """The alerts that go on, locked; one of a kind that this version does not know is left out, and told in the log."""
        with self._connection.cursor(row_factory=dict_row) as cursor:
            rows = cursor.execute(_OPEN).fetchall()
        return [alert for row in rows if (alert := _open(row)) is not None]

    def heard(self, alerts: Sequence[str], /) -> dict[str, set[str]]:
        """By alert, the contacts who have news of it; whom the ladder called it tells of the end itself."""
        rows = self._connection.execute(
            "select distinct alert, contact from notification where alert = any(%s) and stage is null and step is null",
            [list(alerts)],
        ).fetchall()
        contacts: dict[str, set[str]] = {}
        for alert, contact in rows:
            contacts.setdefault(alert, set()).add(contact)
        return contacts


def changes_of(connection: psycopg.Connection, alerts: list[str]) -> dict[str, dict[int, AlertChange]]:
    """All stored changes of these alerts, by alert and number."""
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            _CHANGES,
            {"version": SCHEMA_VERSION, "closed": f"{CLOSED}%", "closed_by": CLOSED_BY, "alerts": alerts},
        ).fetchall()
    changes: dict[str, dict[int, AlertChange]] = {}
    for row in rows:
        change = msgspec.convert(row, AlertChange)
        changes.setdefault(change.alert, {})[change.seq] = change
    return changes


def _open(row: dict[str, Any]) -> Open | None:
    try:
        return msgspec.convert(row, Open)
    except msgspec.ValidationError as error:
        log.warning("alert_not_read", alert=row["alert"], error=str(error))
        return None


def store_outgoing(connection: psycopg.Connection, outgoing: Outgoing) -> int:
    """Write it all, in order; returns how many rows are new or were there."""
    store_events(connection, outgoing.events, outgoing.alerts, outgoing.codes)
    insert_rows(connection, outgoing.rows)
    if outgoing.merged:
        with connection.cursor() as cursor:
            cursor.executemany(_MERGE, [(old.into, old.reason, old.id) for old in outgoing.merged])
    if outgoing.done:
        connection.execute("update notification set done = true where id = any(%s)", [outgoing.done])
    return len(outgoing.rows)


def insert_rows(connection: psycopg.Connection, rows: Sequence[OutboxRow]) -> None:
    """Write rows of the outbox; one that is there stays as it is."""
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_INSERT, [_columns(row) for row in rows])


def alerts_done(connection: psycopg.Connection, alerts: Sequence[str]) -> None:
    """Nothing follows any more from what was told of these alerts, once its sender is through."""
    connection.execute(
        "update notification set done = true where alert = any(%s) and state not in ('pending', 'sending')",
        [list(alerts)],
    )


def _columns(row: OutboxRow) -> tuple[object, ...]:
    told = row.notification
    return (
        told.id,
        told.alert,
        told.seq,
        told.contact,
        told.kind.value,
        told.level,
        told.channels,
        told.channels[0],
        told.sms_text,
        told.template_id,
        Jsonb(told.template_data),
        row.state,
        row.next_at,
        row.place,
        row.shown,
        row.seqs,
        row.stage,
        row.reason,
        row.event,
        row.code,
        row.silence,
        row.held_by,
        row.held_until,
        row.exercise,
    )
