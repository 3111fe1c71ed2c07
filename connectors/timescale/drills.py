"""Drills in the store: begin one, end one, what goes on in it, its accounting. SQL only; what follows is models/alerting/drill.py.

The row of the drill is locked by whoever plays or ends it, before anything else of it: so a drill that ends makes nothing more. What is
real is only read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from connectors.timescale.events import look_around
from connectors.timescale.notifications import StoreLookup
from models.alerting.alert import DANGER
from models.alerting.drill import (
    Drill,
    Told,
    Why,
    alerts_of,
    as_stages_see,
    earlier_seen,
    ending,
    evidence_of,
    marked,
)
from models.alerting.outbox import Known
from models.alerting.routing import key

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from models.alerting.alert import AlertChange
    from models.alerting.around import Around
    from models.alerting.outbox import Routed

COLUMNS = "id, scenario, name, contacts, real"
GIVEN_OUT = ("sending", "sent", "delivered", "doubt")
"""A contact may know of such a message."""

_CLOSE = """
with last as (
  select a.alert, a.level, c.seq, c.value, c."limit" from alert a
  join lateral (select seq, value, "limit" from alert_change c where c.alert = a.alert order by seq desc limit 1) c on true
  where a.exercise and a.cleared_at is null and a.alert like %(alerts)s for update of a),
closed as (
  insert into alert_change (alert, seq, at, change, level, previous, value, "limit", evidence)
  select alert, seq + 1, %(at)s, 'clear', 0, level, value, "limit", %(evidence)s from last returning alert)
update alert set level = 0, changed_at = %(at)s, cleared_at = %(at)s where alert in (select alert from closed)
"""

_TOLD = """
select distinct on (n.contact) n.contact, n.channels, n.alert, n.seq, n.kind, n.place,
  (select array_agg(distinct s) from notification m, unnest(m.shown) s where m.contact = n.contact and m.alert like %(alerts)s) as shown
from notification n where n.exercise and n.alert like %(alerts)s and n.state = any(%(given)s)
order by n.contact, n.created_at desc, n.seq desc
"""

_TELL = """
insert into notification (id, alert, seq, contact, kind, level, channels, channel, sms_text, template_id, template_data, place, shown, seqs,
  next_at, done, exercise)
values (%s, %s, %s, %s, %s, 0, %s, %s, %s, 'closed', %s, %s, %s, %s, %s, true, true) on conflict do nothing
"""

_ACCOUNTING = """
select n.contact, count(*) as messages,
  min(coalesce(n.sent_at, n.claimed_at)) filter (where n.state = any(%(given)s)) as told_at,
  coalesce((array_agg(n.channel order by n.created_at) filter (where n.state = any(%(given)s)))[1], '') as way,
  first.at as answered_at, coalesce(first.kind, '') as answer
from notification n
left join lateral (
  select a.at, a.kind from answer a where a.contact = n.contact and a.event like %(events)s and a.kind in ('taken', 'false', 'help')
  order by a.at limit 1) first on true
where n.exercise and n.alert like %(alerts)s and n.stage is null and n.id <> all(%(endings)s)
group by n.contact, first.at, first.kind
"""


class DrillLookup(StoreLookup):
    """What the stages ask, of what goes on in a drill alone, under the names that they know."""

    def __init__(self, connection: psycopg.Connection, drill: Drill) -> None:
        super().__init__(connection)
        self._db, self._drill = connection, drill

    def look_up(self, routed: Sequence[Routed], /) -> Known:
        """What the contacts have had in this drill."""
        named = [msgspec.structs.replace(each, place=marked(self._drill.id, each.place)) for each in routed]
        known = super().look_up(named)
        return Known(earlier_seen(known.earlier), known.changes)

    def around(
        self,
        changes: Sequence[AlertChange],
        places: Sequence[str],
        contacts: Sequence[str],
        inhibiting: Collection[str],
        at: datetime,
        /,
    ) -> Around:
        """Events and alerts of this drill, and all codes of the contacts: one that answers to something real is not given again."""
        own = [marked(self._drill.id, place) for place in places]
        found = look_around(self._db, changes, own, contacts, inhibiting, at, exercise=True)
        return as_stages_see(found, self._drill)


class DrillError(RuntimeError):
    """A drill cannot begin, and why: Vietnamese, English."""


def begin(
    connection: psycopg.Connection[Any],
    scenario: str,
    name: str,
    contacts: Sequence[str],
    *,
    real: bool,
    by: str,
    at: datetime,
) -> Drill:
    """Begin a drill; raises DrillError while another goes on, or something real is of level DANGER."""
    with connection.transaction():
        if danger(connection):
            msg = "đang có cảnh báo thật mức 3: không diễn tập lúc này (a real alert of level 3 is open: no drill now)"
            raise DrillError(msg)
        try:
            with connection.cursor(row_factory=class_row(Drill)) as cursor:
                row = cursor.execute(
                    f"insert into drill (scenario, name, contacts, real, by_whom, begun_at) values (%s, %s, %s, %s, %s, %s) returning {COLUMNS}",
                    [scenario, name, list(contacts), real, by, at],
                ).fetchone()
        except psycopg.errors.UniqueViolation:
            msg = "một cuộc diễn tập khác đang diễn ra: phusa drill stop (another drill goes on)"
            raise DrillError(msg) from None
    if row is None:
        msg = "drill: no row"
        raise LookupError(msg)
    return row


def going_on(connection: psycopg.Connection[Any]) -> Drill | None:
    """The drill that goes on, locked until the transaction ends."""
    with connection.cursor(row_factory=class_row(Drill)) as cursor:
        return cursor.execute(f"select {COLUMNS} from drill where ended_at is null for update").fetchone()


def danger(connection: psycopg.Connection[Any]) -> bool:
    """Whether a real alert of level DANGER or more is open."""
    found = connection.execute(
        "select exists (select from alert where cleared_at is null and not exercise and level >= %s)",
        [DANGER],
    ).fetchone()
    return bool(found and found[0])


def end(connection: psycopg.Connection[Any], drill: Drill, why: Why, at: datetime) -> int:
    """Close all that the drill opened, take back what no sender has taken, and tell who was told that it is over; how many those are.

    The caller holds the drill (`going_on`), in whose transaction all of it is.
    """
    values: dict[str, Any] = {
        "alerts": f"{alerts_of(drill.id)}%",
        "at": at,
        "evidence": Jsonb(msgspec.to_builtins(evidence_of(why))),
        "given": list(GIVEN_OUT),
    }
    connection.execute(
        "update drill set ended_at = %s, vi = %s, en = %s where id = %s", [at, why.vi, why.en, drill.id]
    )
    connection.execute(_CLOSE, values)
    connection.execute(
        "update event set level = 0, closed_at = greatest(%(at)s, risen_at) where exercise and closed_at is null and id like %(events)s",
        values | {"events": f"{marked(drill.id, '')}%"},
    )
    connection.execute(
        "update notification set state = 'expired', reason = %(why)s where exercise and state = 'pending' and alert like %(alerts)s",
        values | {"why": f"diễn tập kết thúc: {why.vi} (the drill ended: {why.en})"},
    )
    told = connection.execute(_TOLD, values).fetchall()
    text = ending(drill, why, at)
    for contact, channels, alert, seq, kind, place, shown in told:
        connection.execute(
            _TELL,
            [_ending_key(drill, contact), alert, seq, contact, kind, channels, channels[0], text.sms, Jsonb(text.fields), place,
             shown or [], [seq] * len(shown or []), at],
        )  # fmt: skip
    return len(told)


def ended(connection: psycopg.Connection[Any], drill: Drill) -> Why | None:
    """Why the drill ended; None: it goes on."""
    row = connection.execute(
        "select vi, en from drill where id = %s and ended_at is not null", [drill.id]
    ).fetchone()
    return None if row is None else Why(*row)


def told(connection: psycopg.Connection[Any], drill: Drill, contacts: Sequence[str]) -> list[Told]:
    """Who of `contacts` had how many messages, when the first, and when they answered."""
    with connection.cursor(row_factory=class_row(Told)) as cursor:
        return cursor.execute(
            _ACCOUNTING,
            {
                "alerts": f"{alerts_of(drill.id)}%",
                "events": f"{marked(drill.id, '')}%",
                "given": list(GIVEN_OUT),
                "endings": [_ending_key(drill, contact) for contact in contacts],
            },
        ).fetchall()


def _ending_key(drill: Drill, contact: str) -> str:
    return key(f"{alerts_of(drill.id)}end", 1, contact)
