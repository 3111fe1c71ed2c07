"""An event as the store has it, gathered for its report; only questions, in one picture of the store.

Who was told of an alert and what its level is called come from `open_alerts_at`, which every screen asks too (migration 0010).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, LiteralString, NamedTuple, TypeVar

import msgspec
import psycopg
from psycopg.rows import class_row, dict_row

from models.alerting.aftermath import Aftermath, AlertLife, Curve, Limit, Message, Reply, Rung, Sight, Turn
from models.alerting.lead import thinned

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

AROUND = timedelta(hours=3)
"""A curve is shown from so long before the event to so long after it."""
MOST_SIGHTS = 6
JUST_BEFORE = timedelta(microseconds=1)


class Listed(NamedTuple):
    """An event in a list."""

    number: int
    name: str
    opened_at: datetime
    closed_at: datetime | None
    peak_level: int
    exercise: bool
    messages: int


NAME: LiteralString = """coalesce(
    (select p.name from place p where p.id = split_part(e.place, ':', 2) and p.what <> 'merchant' order by p.what desc limit 1),
    (select p.name from place p where p.id = split_part(e.place, ':', 2) limit 1),
    case when e.place = 'health' then 'Thiết bị đo' end, e.place)"""
EVENTS: LiteralString = f"""
select e.number, {NAME} as name, e.opened_at, e.closed_at, e.peak_level, e.exercise,
  (select count(*)::int from notification n where n.event = e.id and n.state in ('sent', 'delivered', 'doubt')) as messages
from event e order by e.opened_at desc, e.number desc limit %(most)s
"""
EVENT: LiteralString = f"""
select e.number, e.id, {NAME} as name, e.opened_at, e.closed_at, e.peak_level, e.exercise from event e where e.number = %(number)s
"""
ALERTS: LiteralString = """
select alert, kind, station, parameter, unit, peak_level, raised_at, cleared_at from alert where event = %(event)s order by raised_at, alert
"""
SEEN: LiteralString = """
select kind_vi, coalesce(name, place) as name, parameter_vi, told, arrived, coalesce(told_vi, '') as told_vi
from open_alerts_at(%(at)s) where alert = %(alert)s
"""
TURNS: LiteralString = """
select c.at, c.level, c.previous, coalesce(c.evidence, '[]') as evidence, coalesce(value_vi(c.value, a.unit), '') as value_vi,
  case c.level when 0 then 'hết' else
    coalesce(r.name, k.level_vi[least(c.level, cardinality(k.level_vi))], 'cấp ' || c.level) end as level_vi
from alert_change c join alert a using (alert)
left join alert_kind k on k.code = a.kind
left join rule_level r on r.rule = a.rule and r.station = a.station and r.level = c.level
where c.alert = %(alert)s order by c.seq
"""
MESSAGES: LiteralString = """
select n.id, n.contact, coalesce(c.name, n.contact) as name, coalesce(c.role, '') as role, n.level, n.channel, n.state,
  coalesce(n.step, '') as step, n.sms_text as text, coalesce(s.at, ch.at, n.created_at) as change_at,
  case when s.at is null then coalesce(ch.late_s, 0) else 0 end as late_s,
  case when s.at is null then coalesce(ch.recorded_at, n.created_at) else n.created_at end as recorded_at,
  n.sent_at, n.delivered_at, n.read_at, n.answered_at, n.price_vnd,
  coalesce(regexp_replace(n.reason, ' \\([^()]*\\)$', ''), '') as reason
from notification n left join alert_change ch using (alert, seq) left join contact c on c.id = n.contact
-- What a ladder sends is of its own time, not of the change before it.
left join lateral (select min(t.at) as at from event_step t where n.step is not null and t.event = n.event and t.notification = n.id) s on true
where n.event = %(event)s order by n.created_at, n.id
"""
REPLIES: LiteralString = """
select a.at, coalesce(c.name, a.contact, '') as name, coalesce(c.role, '') as role, a.kind, a.way, a.level
from answer a left join contact c on c.id = a.contact where a.event = %(event)s order by a.at, a.id
"""
RUNGS: LiteralString = """
select s.at, s.step, coalesce(c.name, s.contact, '') as name, s.vi, s.en
from event_step s left join contact c on c.id = s.contact where s.event = %(event)s order by s.at, s.recorded_at, s.key
"""
SENSORS: LiteralString = """
select distinct on (a.station, a.parameter) a.station, a.parameter, a.unit, a.kind,
  coalesce(p.name, a.station) || ', ' || coalesce(z.name, w.vi, a.parameter) as name
from alert a join alert_kind k on k.code = a.kind and k.about = 'value'
left join lateral (select q.name from place q where q.id = a.station and q.what <> 'merchant' order by q.what desc limit 1) p on true
left join zone z on z.camera = a.station and z.parameter = a.parameter
left join word w on w.kind = 'parameter' and w.code = a.parameter
where a.event = %(event)s order by a.station, a.parameter, a.raised_at
"""
POINTS: LiteralString = """
select at, value from observation_checked where station = %(station)s and parameter = %(parameter)s and checked < 4
  and at between %(start)s and %(end)s
union all
select at, value from derived where station = %(station)s and parameter = %(parameter)s and flag < 4 and at between %(start)s and %(end)s
  and not exists (select from station_parameter p where p.station = %(station)s and p.parameter = %(parameter)s)
  and not exists (select from zone z where z.camera = %(station)s and z.parameter = %(parameter)s)
order by at
"""
LIMITS: LiteralString = """
select level, name, raise_at as at, direction = 'above' as above from rule_level
where station = %(station)s and parameter = %(parameter)s and kind = %(kind)s order by level
"""
SIGHTS: LiteralString = """
select s.at, coalesce(c.name, s.camera) as name, s.jpeg from snapshot s left join camera c on c.id = s.camera
where s.alert in (select alert from alert where event = %(event)s) order by s.at limit %(most)s
"""


def events(dsn: str, most: int) -> list[Listed]:
    """The newest events; raises psycopg.Error when the database is away."""
    with _open(dsn) as db, db.cursor(row_factory=class_row(Listed)) as cursor:
        return cursor.execute(EVENTS, {"most": most}).fetchall()


def gather(dsn: str, number: int, now: Callable[[], datetime]) -> Aftermath | None:
    """All of the event `number`, as of `now` of the platform; None: there is no such event.

    Raises psycopg.Error when the database is away.
    """
    with _open(dsn) as db, db.transaction():
        db.execute("set transaction isolation level repeatable read, read only")
        with db.cursor(row_factory=dict_row) as cursor:
            head = cursor.execute(EVENT, {"number": number}).fetchone()
        return None if head is None else _whole(db, head, now())


def _open(dsn: str) -> psycopg.Connection[Any]:
    return psycopg.connect(dsn, autocommit=True, connect_timeout=5, options="-c search_path=phusa,public")


def _whole(db: psycopg.Connection[Any], head: dict[str, Any], at: datetime) -> Aftermath:
    event = head["id"]
    end = head["closed_at"] or max(at, head["opened_at"])
    span = {"start": head["opened_at"] - AROUND, "end": end + AROUND}
    return Aftermath(
        **head,
        at=at,
        alerts=[_life(db, row, at) for row in _dicts(db, ALERTS, event=event)],
        messages=_rows(db, Message, MESSAGES, event=event),
        replies=_rows(db, Reply, REPLIES, event=event),
        rungs=_rows(db, Rung, RUNGS, event=event),
        curves=[_curve(db, row, span) for row in _dicts(db, SENSORS, event=event)],
        sights=_rows(db, Sight, SIGHTS, event=event, most=MOST_SIGHTS),
    )


def _life(db: psycopg.Connection[Any], row: dict[str, Any], at: datetime) -> AlertLife:
    """An alert with what the screens said of it just before it was over, or say now."""
    cleared: datetime | None = row["cleared_at"]
    seen = _dicts(db, SEEN, alert=row["alert"], at=at if cleared is None else cleared - JUST_BEFORE)
    # Raised and cleared at one moment it stood open at none: no screen ever showed it.
    shown = seen[0] if seen else {"kind_vi": row["kind"], "name": row["station"], "parameter_vi": row["parameter"], "told": 0, "arrived": 0, "told_vi": ""}  # fmt: skip
    return AlertLife(
        row["alert"],
        row["kind"],
        shown["kind_vi"],
        shown["name"],
        shown["parameter_vi"],
        row["peak_level"],
        row["raised_at"],
        cleared,
        shown["told"],
        shown["arrived"],
        shown["told_vi"],
        [msgspec.convert(turn, Turn) for turn in _dicts(db, TURNS, alert=row["alert"])],
    )


def _curve(db: psycopg.Connection[Any], row: dict[str, Any], span: dict[str, datetime]) -> Curve:
    points = _dicts(db, POINTS, station=row["station"], parameter=row["parameter"], **span)
    times, values = thinned([point["at"] for point in points], [point["value"] for point in points])
    limits = _rows(db, Limit, LIMITS, station=row["station"], parameter=row["parameter"], kind=row["kind"])
    return Curve(
        row["station"], row["parameter"], row["name"], row["unit"], row["kind"], times, values, limits
    )


def _rows(db: psycopg.Connection[Any], into: type[T], query: LiteralString, **values: object) -> list[T]:
    return db.cursor(row_factory=class_row(into)).execute(query, values).fetchall()


def _dicts(db: psycopg.Connection[Any], query: LiteralString, **values: object) -> list[dict[str, Any]]:
    return db.cursor(row_factory=dict_row).execute(query, values).fetchall()
