"""Events, their codes and the silences in force, as the alerts flow sees them. SQL only.

The flow looks up in the transaction of the change and locks the events that it may change: an answer that locks its event sees it
before or after. What only refers to an event (a step, a code) is not waited for. Codes are given under one lock, by the ladder
(ladders.py) too, so that no contact gets one twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import structlog
from psycopg.rows import class_row, dict_row

from connectors.timescale.locks import CODES
from models.alerting.around import Around, EventCode, Standing
from models.alerting.codes import NOT_AGAIN
from models.alerting.event import Event
from models.alerting.silence import Silence

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    import psycopg

    from models.alerting.alert import AlertChange

log = structlog.get_logger(__name__)

COLUMNS = "e.id, e.place, e.opened_at, e.risen_at, e.level, e.peak_level, e.closed_at, e.exercise"
"""Of an event, as models.alerting.event.Event has them."""

_EVENTS = f"""
select {COLUMNS} from event e
where (select true from (select pg_advisory_xact_lock(%(lock)s)) as codes) and e.exercise = %(exercise)s and (
  (e.closed_at is null and e.place = any(%(places)s))
  or e.id in (select a.event from alert a where a.alert = any(%(alerts)s))
  or e.id in (select n.event from notification n where n.held_by = any(%(alerts)s) and not n.done))
order by e.id for no key update
"""
"""The lock of the codes is taken once, before any event is looked at: what is read after this statement is what it protects."""

_AROUND = """
with batch as (select * from unnest(%(alerts)s::text[], %(seqs)s::int[]) as b (alert, seq)),
wanted as (
  select a.alert, a.kind, a.station, a.event from alert a where a.alert = any(%(alerts)s)
    or (a.cleared_at is null and a.exercise = %(exercise)s and (a.event = any(%(events)s) or a.kind = any(%(kinds)s)))),
before as (
  select w.*, coalesce(last.level, 0) as level, coalesce(last.parameters, '{}') as parameters
  from wanted w left join lateral (
    select c.level, c.parameters from alert_change c
    where c.alert = w.alert and not (c.over and c.level > 0)
      and not exists (select from batch b where b.alert = c.alert and b.seq = c.seq)
    order by c.seq desc limit 1) last on true)
select
  (select coalesce(jsonb_agg(to_jsonb(b) order by b.alert), '[]') from before b) as standing,
  (select coalesce(jsonb_agg(jsonb_build_object('contact', c.contact, 'event', c.event, 'code', c.code, 'given_at', c.given_at)
      order by c.contact, c.code), '[]')
    from event_code c join event e on e.id = c.event where c.contact = any(%(contacts)s)
      and (e.closed_at is null or e.closed_at > %(a_day_ago)s or e.id = any(%(events)s))) as codes,
  (select coalesce(jsonb_agg(to_jsonb(s) - 'recorded_at' order by s.id), '[]') from silence s
    where s.begins_at <= %(at)s and s.ends_at > %(at)s and (s.ended_at is null or s.ended_at > %(at)s)) as silences
"""
"""All in one: the levels before the batch, though its changes are stored already; codes; silences."""

_STORE = """
with changed as (
  insert into event (id, place, opened_at, risen_at, closed_at, level, peak_level, exercise)
  select * from unnest(%(id)s::text[], %(place)s::text[], %(opened_at)s::timestamptz[], %(risen_at)s::timestamptz[],
    %(closed_at)s::timestamptz[], %(level)s::int[], %(peak_level)s::int[],
    %(exercise)s::boolean[])
  on conflict (id) do update set risen_at = excluded.risen_at, closed_at = excluded.closed_at, level = excluded.level,
    peak_level = greatest(event.peak_level, excluded.peak_level)),
given as (
  insert into event_code (contact, event, code, given_at)
  select * from unnest(%(contacts)s::text[], %(coded)s::text[], %(codes)s::int[], %(given_at)s::timestamptz[])
  on conflict do nothing)
update alert a set event = v.event from unnest(%(alerts)s::text[], %(events)s::text[]) as v (alert, event)
where a.alert = v.alert and a.event is distinct from v.event
"""
"""All in one: keys to other tables are checked at its end."""


def look_around(
    connection: psycopg.Connection,
    changes: Sequence[AlertChange],
    places: Sequence[str],
    contacts: Sequence[str],
    inhibiting: Collection[str],
    at: datetime,
    *,
    exercise: bool = False,
) -> Around:
    """What went on before `changes`, as models.alerting.outbox.Lookup has it: of what is real, or of a drill."""
    if not changes:
        return Around()
    alerts, seqs = [change.alert for change in changes], [change.seq for change in changes]
    with connection.cursor(row_factory=class_row(Event)) as cursor:
        events = cursor.execute(
            _EVENTS, {"places": list(places), "alerts": alerts, "lock": CODES, "exercise": exercise}
        ).fetchall()
    values: dict[str, object] = {
        "alerts": alerts,
        "seqs": seqs,
        "events": [event.id for event in events],
        "kinds": [str(kind) for kind in inhibiting],
        "contacts": list(contacts),
        "a_day_ago": at - NOT_AGAIN,
        "at": at,
        "exercise": exercise,
    }
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(_AROUND, values).fetchone() or {}
    return Around(
        events,
        [alert for each in row["standing"] if (alert := _standing(each)) is not None],
        msgspec.convert(row["codes"], list[EventCode]),
        msgspec.convert(row["silences"], list[Silence]),
    )


def _standing(row: dict[str, Any]) -> Standing | None:
    """None for an alert of a kind that this version does not know; told in the log."""
    try:
        return msgspec.convert(row, Standing)
    except msgspec.ValidationError as error:
        log.warning("alert_not_read", alert=row["alert"], error=str(error))
        return None


def store_events(
    connection: psycopg.Connection,
    events: Sequence[Event],
    alerts: Mapping[str, str],
    codes: Sequence[EventCode],
) -> None:
    """Write events (those that were open first: a place has one), which alerts belong to which, and codes."""
    if not (events or alerts or codes):
        return
    values: dict[str, object] = {
        name: [getattr(event, name) for event in events]
        for name in ("id", "place", "opened_at", "risen_at", "closed_at", "level", "peak_level", "exercise")
    }
    values |= {
        "contacts": [code.contact for code in codes],
        "coded": [code.event for code in codes],
        "codes": [code.code for code in codes],
        "given_at": [code.given_at for code in codes],
        "alerts": list(alerts),
        "events": list(alerts.values()),
    }
    connection.execute(_STORE, values)
